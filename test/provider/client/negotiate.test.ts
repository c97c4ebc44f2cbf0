import { type ApiVersion, clear } from "../../../provider/client/api";
import {
  createNegotiated,
  type Decision,
  decideVersion,
  type Observation,
  type VersionMemory,
} from "../../../provider/client/negotiate";
import { contextOf } from "../../../provider/purge/context";
import { firstPage, type Hostile, respond, startAnswering, startHostile } from "../support/hostile";
import { errorOf, expectSound, purgeTags, startWorld, type World } from "../support/world";

const auto = { apiVersion: "auto" } as const;
const containers = { "pr-42": { documents: 130, memories: 6 }, "pr-43": 5 };
const switchedOff = "API v3 was switched off during this operation";

const v3 = (response: Observation["response"]): Observation => ({ version: "v3", response });
const v5 = (response: Observation["response"]): Observation => ({ version: "v5", response });

test.each<[ApiVersion, readonly Observation[], Decision]>([
  ["v3", [], { ask: "v3" }],
  ["v3", [v3("documented")], { use: "v3" }],
  ["v3", [v3("failed")], "undecided"],
  ["v3", [v3("gone")], { ask: "v5" }],
  ["v3", [v3("gone"), v5("documented")], { use: "v5" }],
  ["v3", [v3("gone"), v5("gone")], "undecided"],
  ["v3", [v3("gone"), v5("failed")], "undecided"],
  ["v5", [], { use: "v5" }],
])("after %s, the observations %j lead to %j", (remembered, observations, decision) => {
  expect(decideVersion(remembered, observations)).toEqual(decision);
});

test("auto uses v3 while v3 responds", async () => {
  const world = await startWorld({ ...auto, containers });
  await purgeTags(world, ["pr-42"]);
  expect(world.emulator.requests.map(({ api }) => api)).toEqual(["v3", "v3", "v3"]);
  expect(world.session.api.version).toBe("v3");
  expectSound(world, 130);
});

describe.each(["off", "gone"] as const)("when v3 is %s from the start", (state) => {
  test.each([
    ["documents are deleted", ["pr-42", "pr-43"], "tag", { deleted: 135, estimated: false }],
    ["a container is deleted", ["pr-42"], "container", { deleted: 130, estimated: false, tags: [{ memories: 6 }] }],
    ["an unknown namespace is empty", ["pr-44"], "tag", { deleted: 0, planned: 0 }],
  ] as const)("%s on v5", async (_what, tags, kind, outcome) => {
    const world = await startWorld({ ...auto, v3: state, containers, unknownNamespace: "notFound" });
    expect(await purgeTags(world, tags, { method: { kind } })).toMatchObject(outcome);
    expect(world.session.api.version).toBe("v5");
    if (kind === "container") {
      expect(deletes(world)).toMatchObject([{ path: "/ns/pr-42", bodyBytes: 0, hasQuery: false }]);
    }
    expectSound(world, outcome.deleted);
  });

  test("containers are listed on v5", async () => {
    const world = await startWorld({ ...auto, v3: state, containers });
    const listed = await world.session.api.listContainers(contextOf(world.session));
    const counts = { containerTag: "pr-42", documentCount: 130, memoryCount: 6 };
    expect(listed).toContainEqual(expect.objectContaining(counts));
    expect(world.session.api.version).toBe("v5");
  });

  test("v3 alone fails", async () => {
    const world = await startWorld({ apiVersion: "v3", v3: state, containers });
    expect((await errorOf(purgeTags(world, ["pr-42"]))).message).toContain(`returned ${state === "off" ? 404 : 410}`);
    expect(world.emulator.requests).toHaveLength(1);
  });
});

test("a wrong address fails with its URL, and decides nothing", async () => {
  const faults = [{ times: Infinity, then: { kind: "notFound", as: "json" } }] as const;
  const world = await startWorld({ ...auto, containers, faults });
  expect((await errorOf(purgeTags(world, ["pr-42"]))).message).toContain("/v3/documents/list returned 404");
  const listing = errorOf(world.session.api.listContainers(contextOf(world.session)));
  expect((await listing).message).toContain("/v3/container-tags/list returned 404");
  expect(world.session.api.version).toBe("v3");
  expectSound(world, 0);
});

test.each<[string, number, number, "tag" | "container"]>([
  ["its first delete", 2, 0, "tag"],
  ["the list after its delete", 3, 130, "tag"],
  ["the delete of a container", 2, 0, "container"],
])("a purge fails if v3 is switched off at %s, and deletes nothing on v5", async (_when, nth, deleted, kind) => {
  const faults = [{ match: { api: "v3" }, nth, then: { kind: "switchOff", as: "gone" } }] as const;
  const world = await startWorld({ ...auto, containers, faults });
  const error = await errorOf(purgeTags(world, ["pr-42"], { method: { kind } }));
  expect(error.message).toContain(switchedOff);
  expect(world.session.api.version).toBe("v3");
  expect(deletes(world).every(({ path }) => path.startsWith("/v3/"))).toBe(true);
  expectSound(world, deleted);
});

test("a 404 of v3 that names the container is no reason to move to v5", async () => {
  const world = await startWorld(auto);
  await world.session.api.deleteContainer(clear({ container: "pr-42" }), contextOf(world.session));
  expect(world.session.api.version).toBe("v3");
  expect(world.emulator.requests.map(({ path }) => path)).toEqual(["/v3/container-tags/pr-42"]);
});

test("a delete with a 404 is not sent again, and fails with its URL if v5 does not respond", async () => {
  const { api, context, requests } = await startAnswering(404, "<html>namespace not found</html>", auto);
  for (const send of [
    () => api.deleteContainer(clear({ container: "pr-42" }), context),
    () => api.deleteIds(clear({ containerTag: "pr-42", ids: ["a"] }), context),
    () => api.deleteByTag(clear("pr-42"), context),
  ]) {
    expect((await errorOf(send())).message).toMatch(/DELETE \S+\/v3\/\S+ returned 404/);
  }
  expect(requests.filter((request) => request.startsWith("DELETE /ns"))).toEqual([]);
});

describe("sessions of one process", () => {
  test("start with the last decision", async () => {
    const { context, lists, memory, session } = await sessions({ v3: "gone", v5: "documented" });
    for (const api of [session(), session()]) {
      await api.list(firstPage, context);
      expect(api.version).toBe("v5");
    }
    expect([lists, memory]).toEqual([["v3", "v5", "v5", "v5"], { version: "v5" }]);
  });

  test("keep their version, and decide again after v3 was switched off", async () => {
    const { context, responses, session } = await sessions({ v3: "documented", v5: "documented" });
    const first = session();
    await first.list(firstPage, context);
    responses.v3 = "gone";
    const error = await errorOf(first.list(firstPage, context));
    expect(error).toMatchObject({ summary: switchedOff, failure: { kind: "gone" } });
    expect(first.version).toBe("v3");
    const second = session();
    await second.list(firstPage, context);
    expect(second.version).toBe("v5");
  });

  test("have one version, even if their first reads run in parallel", async () => {
    const { context, lists, session } = await sessions({ v3: "gone", v5: "documented" });
    const api = session();
    await Promise.all([api.list(firstPage, context), api.list(firstPage, context), api.activityOf(firstPage, context)]);
    expect(api.version).toBe("v5");
    expect(lists.filter((version) => version === "v3")).toHaveLength(3);
  });
});

/** Sessions that share a memory, at servers of v3 and v5 with these responses. */
async function sessions(responses: Record<ApiVersion, Observation["response"]>) {
  const lists: ApiVersion[] = [];
  const open = async (apiVersion: ApiVersion): Promise<Hostile> => {
    const found = { memories: [], documents: [], pagination: { totalItems: 0 } };
    return await startHostile(
      (_request, response) => {
        lists.push(apiVersion);
        respond(response, found, responses[apiVersion] === "gone" ? 410 : 200);
      },
      { apiVersion },
    );
  };
  const [v3, v5] = [await open("v3"), await open("v5")];
  const memory: VersionMemory = { version: "v3" };
  return { context: v3.context, lists, memory, responses, session: () => createNegotiated(v3.api, v5.api, memory) };
}

function deletes({ emulator }: World) {
  return emulator.requests.filter(({ method }) => method === "DELETE");
}
