import { clear } from "../../../provider/client/api";
import { contextOf } from "../../../provider/purge/context";
import { startHostile } from "../support/hostile";
import type { PurgeMethod } from "../../../provider/purge/types";
import { errorOf, expectSound, incomplete, purgeTags, startWorld, type World } from "../support/world";

const auto = { apiVersion: "auto" } as const;
const containers = { "pr-42": { documents: 250, memories: 6 } };
const exactly: PurgeMethod = { kind: "ids", select: undefined, sharedDocuments: "delete" };
const whole = clear({ container: "pr-42" });

test.each(["off", "gone"] as const)("a container goes over v5 when v3 is %s, without body or query", async (v3) => {
  const world = await startWorld({ ...auto, v3, containers });
  const outcome = await purgeTags(world, ["pr-42"], { method: { kind: "container" } });
  expect(outcome).toMatchObject({ deleted: 250, estimated: false, tags: [{ memories: 6, done: true }] });
  expect(deletes(world)).toMatchObject([{ path: "/ns/pr-42", bodyBytes: 0, hasQuery: false }]);
  expectSound(world, 250);
});

test("a container goes over v5 when v3 is switched off by that very request", async () => {
  const faults = [{ match: { route: "containerTags.delete" }, then: { kind: "switchOff", as: "off" } }] as const;
  const world = await startWorld({ ...auto, containers, faults });
  const outcome = await purgeTags(world, ["pr-42"], { method: { kind: "container" } });
  expect(outcome).toMatchObject({ deleted: 250, tags: [{ memories: 6, done: true }] });
  expect(deletes(world)).toMatchObject([
    { path: "/v3/container-tags/pr-42", bodyBytes: 0, hasQuery: false },
    { path: "/ns/pr-42", bodyBytes: 0, hasQuery: false },
  ]);
  expectSound(world, 250);
});

test("a 404 of v3 that names the container moves nothing to v5", async () => {
  const world = await startWorld(auto);
  await world.session.api.deleteContainer(whole, contextOf(world.session));
  expect(world.session.api.version).toBe("v3");
  expect(world.emulator.requests.map(({ path }) => path)).toEqual(["/v3/container-tags/pr-42"]);
  expectSound(world, 0);
});

test.each([1, 2, 3, 4, 5, 6, 7])("a purge by ids moves to v5 at request %i, and counts nothing twice", async (nth) => {
  const faults = [{ match: { api: "v3" }, nth, then: { kind: "switchOff", as: "gone" } }] as const;
  const world = await startWorld({ ...auto, containers, faults });
  const outcome = await purgeTags(world, ["pr-42"], { method: exactly });
  expect(outcome).toMatchObject({ planned: 250, deleted: 250, estimated: false, tags: [{ done: true, lastSeen: 0 }] });
  expect(world.session.api.version).toBe("v5");
  expectSound(world, 250);
});

test("the list of containers moves to v5 by its own proof", async () => {
  const world = await startWorld({ ...auto, v3: "gone", containers });
  const listed = await world.session.api.listContainers(contextOf(world.session));
  expect(listed).toContainEqual(expect.objectContaining({ containerTag: "pr-42", documentCount: 250, memoryCount: 6 }));
  expect(world.session.api.version).toBe("v5");
  expectSound(world, 0);
});

test("the list of containers of a wrong address fails with the URL, and moves nothing", async () => {
  const faults = [{ times: Infinity, then: { kind: "notFound", as: "html" } }] as const;
  const world = await startWorld({ ...auto, containers, faults });
  const error = await errorOf(world.session.api.listContainers(contextOf(world.session)));
  expect(error.message).toContain(`GET ${world.emulator.url}/v3/container-tags/list answered 404`);
  expect(world.session.api.version).toBe("v3");
  expectSound(world, 0);
});

test("a delete whose v5 cannot be proved is not sent again, and what failed is named", async () => {
  const { api, context, requests } = await startHostile((_request, response) => {
    response.writeHead(404, { "content-type": "text/html" });
    response.end("<html>namespace not found</html>");
  }, auto);
  for (const send of [
    () => api.deleteContainer(whole, context),
    () => api.deleteIds(clear({ containerTag: "pr-42", ids: ["a"] }), context),
    () => api.deleteByTag(clear("pr-42"), context),
  ]) {
    expect((await errorOf(send())).message).toMatch(/DELETE \S+\/v3\/\S+ answered 404: is this the address/);
  }
  expect(requests.filter((request) => request.startsWith("DELETE /ns"))).toEqual([]);
});

test("a switch in the middle of select goes on, with the documents that were selected", async () => {
  const documents = Array.from({ length: 250 }, (_, index) => ({ metadata: { half: index % 2 } }));
  for (const nth of [2, 4, 5]) {
    const faults = [{ match: { api: "v3" }, nth, then: { kind: "switchOff" } }] as const;
    const world = await startWorld({ ...auto, containers: { "pr-42": { documents } }, faults });
    const method: PurgeMethod = { ...exactly, select: { metadata: { half: 1 } } };
    const outcome = await purgeTags(world, ["pr-42"], { method });
    expect(outcome).toMatchObject({ planned: 125, deleted: 125, tags: [{ done: true, lastSeen: 125 }] });
    expect(world.emulator.documents("pr-42").map(({ metadata }) => metadata?.["half"])).toEqual(Array(125).fill(0));
    expectSound(world, 125);
  }
});

test.each(["keep", "refuse"] as const)(
  "a switch in the middle of sharedDocuments: %s stops, and says what is deleted so far",
  async (sharedDocuments) => {
    const faults = [{ match: { method: "DELETE" }, nth: 2, then: { kind: "switchOff", as: "gone" } }] as const;
    const world = await startWorld({ ...auto, containers, faults, concurrency: 1 });
    const { message, outcome } = await incomplete(
      purgeTags(world, ["pr-42"], { method: { ...exactly, sharedDocuments } }),
    );
    expect(message).toContain(
      `deleted 100 of 250 documents in pr-42, then sharedDocuments: "${sharedDocuments}" cannot be kept to: v5`,
    );
    expect(message).toContain("; 150 remain\n");
    expect(message).not.toContain("nothing was deleted");
    expect(outcome.tags).toMatchObject([{ deleted: 100, remaining: 150, done: false, estimated: false }]);
    expect(deletes(world).every(({ path }) => path.startsWith("/v3/"))).toBe(true);
    expectSound(world, 100);
  },
);

test.each(["keep", "refuse"] as const)(
  "sharedDocuments: %s is refused over v5 before anything is deleted",
  async (sharedDocuments) => {
    for (const options of [{ apiVersion: "v5" }, { apiVersion: "auto", v3: "gone" }] as const) {
      const world = await startWorld({ ...options, containers });
      const error = await errorOf(purgeTags(world, ["pr-42"], { method: { ...exactly, sharedDocuments } }));
      expect(error).toMatchObject({ name: "RefusedError", property: "sharedDocuments" });
      expect(error.message).toContain("nothing was deleted");
      expect(deletes(world)).toEqual([]);
      expectSound(world, 0);
    }
  },
);

function deletes({ emulator }: World) {
  return emulator.requests.filter(({ method }) => method === "DELETE");
}
