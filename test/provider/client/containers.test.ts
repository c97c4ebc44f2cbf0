import { ApiError } from "../../../provider/errors";
import { clear } from "../../../provider/client/api";
import { startAnswering, startHostile } from "../support/hostile";
import { contextOf } from "../../../provider/purge/context";
import { errorOf, expectSound, startWorld, type World } from "../support/world";

const apiVersions = ["v3", "v5"] as const;
const whole = clear({ container: "pr-42" });
const gone = { deletedDocumentsCount: 4, deletedMemoriesCount: 6 };

describe.each(apiVersions)("over %s", (apiVersion) => {
  test("a container is deleted with its documents and memories, by one request without body or query", async () => {
    const world = await startWorld({ apiVersion, containers: { "pr-42": { documents: 4, memories: 6 } } });
    const { api } = world.session;
    expect(await api.deleteContainer(whole, contextOf(world.session))).toEqual({ deletedCount: 4, memories: 6 });
    expect(world.emulator.requests).toMatchObject([{ method: "DELETE", bodyBytes: 0, hasQuery: false, query: {} }]);
    expect(world.emulator.containers()).toEqual({ bystander: 3 });
    expectSound(world, 4);
  });

  test("the delete of a missing container succeeds, with 0 deleted documents", async () => {
    const world = await startWorld({ apiVersion });
    const response = await world.session.api.deleteContainer(whole, contextOf(world.session));
    expect(response).toEqual({ deletedCount: 0, memories: undefined });
    expectSound(world, 0);
  });

  test.each(["html", "json"] as const)("a 404 as %s that names no container fails with the URL", async (as) => {
    const world = await startWorld({ apiVersion, faults: [{ times: Infinity, then: { kind: "notFound", as } }] });
    const error = await errorOf(world.session.api.deleteContainer(whole, contextOf(world.session)));
    expect(error.message).toContain(`DELETE ${world.emulator.url}/`);
    expect(error.message).toContain("pr-42 returned 404\ncheck that the base URL is the address of the API");
    expectSound(world, 0);
  });

  test("the key of a member is refused, with the roles that may delete", async () => {
    const apiKeys = [{ key: "sm_member", role: "member" }] as const;
    const world = await startWorld({ apiVersion, apiKeys, containers: { "pr-42": 4 } });
    const { message } = await errorOf(world.session.api.deleteContainer(whole, contextOf(world.session)));
    expect(message).toContain("the key may not delete a whole container");
    expect(message).toContain("an owner or admin of the organization");
    expect(message).toContain("(403)");
    expectSound(world, 0);
  });

  test.each([
    ["no numbers", {}],
    ["a queued move", { ...gone, success: true, status: "queued" }],
    ["success: false", { ...gone, success: false, status: "failed" }],
    ["text for a number", { success: true, status: "deleted", deletedDocumentsCount: "4" }],
  ])("a response with %s does not count as a deletion", async (_what, body) => {
    const { api, context } = await startAnswering(
      200,
      apiVersion === "v3" ? { ...body, success: false } : body,
      {},
      { apiVersion },
    );
    const error = await errorOf(api.deleteContainer(whole, context));
    expect(error).toBeInstanceOf(ApiError);
    expect(error.message).toContain("returned an unexpected response");
  });

  test("all containers are listed with their documents and memories", async () => {
    const some = Object.fromEntries(Array.from({ length: 249 }, (_, index) => [`c-${index}`, index % 3]));
    const world = await startWorld({ apiVersion, containers: { ...some, "pr-42": { documents: 2, memories: 7 } } });
    const containers = await list(world);
    expect(containers).toHaveLength(251);
    expect(containers).toContainEqual(
      expect.objectContaining({ containerTag: "pr-42", documentCount: 2, memoryCount: 7 }),
    );
    expect(new Set(containers.map(({ containerTag }) => containerTag)).size).toBe(251);
    expectSound(world, 0);
  });
});

test("v5 lists 100 namespaces per request", async () => {
  const some = Object.fromEntries(Array.from({ length: 249 }, (_, index) => [`c-${index}`, 0]));
  const world = await startWorld({ apiVersion: "v5", containers: some });
  await list(world);
  expect(world.emulator.requests.map(({ path, query }) => [path, query])).toEqual(
    ["1", "2", "3"].map((page) => ["/namespaces", { page, limit: "100" }]),
  );
  expectSound(world, 0);
});

test("a v5 list with smaller pages than requested is read to its end", async () => {
  const rows = ["a", "b", "c"].map((namespace) => ({ namespace, documentCount: 0, memoryCount: 0 }));
  const { api, context, requests } = await startHostile(
    ({ url = "" }, response) => {
      const page = Number(new URL(url, "http://any").searchParams.get("page"));
      response.end(JSON.stringify({ namespaces: rows.slice(page - 1, page), pagination: { totalItems: 3 } }));
    },
    { apiVersion: "v5" },
  );
  expect((await api.listContainers(context)).map(({ containerTag }) => containerTag)).toEqual(["a", "b", "c"]);
  expect(requests).toHaveLength(3);
});

test("a v5 list of namespaces ends with an empty page", async () => {
  const { api, context } = await startAnswering(
    200,
    { namespaces: [], pagination: { totalItems: 5 } },
    {},
    { apiVersion: "v5" },
  );
  expect(await api.listContainers(context)).toEqual([]);
});

test("a scoped key may not list the containers of v5", async () => {
  const apiKeys = [{ key: "scoped-key-0123456789", containerTags: ["pr-42"] }];
  const world = await startWorld({ apiVersion: "v5", apiKeys, apiKey: "scoped-key-0123456789" });
  const error = await errorOf(list(world));
  expect(error).toMatchObject({ failure: { kind: "forbidden" } });
  expect(error.message).toContain("the key may not list containers (403)");
  expectSound(world, 0);
});

async function list({ session }: World) {
  return await session.api.listContainers(contextOf(session));
}
