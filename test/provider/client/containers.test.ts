import { ApiError } from "../../../provider/errors";
import { clear } from "../../../provider/client/api";
import { respond, startAnswering, startHostile } from "../support/hostile";
import { contextOf } from "../../../provider/purge/context";
import { errorOf, expectSound, startWorld, type World } from "../support/world";

const whole = clear({ container: "pr-42" });
const gone = { deletedDocumentsCount: 4, deletedMemoriesCount: 6 };
const none = { documentCount: 0, memoryCount: 0 };

describe.each(["v3", "v5"] as const)("over %s", (apiVersion) => {
  test("a container is deleted with its documents and memories, by one request without body or query", async () => {
    const world = await startWorld({ apiVersion, containers: { "pr-42": { documents: 4, memories: 6 } } });
    expect(await deleted(world)).toEqual({ deletedCount: 4, memories: 6 });
    expect(world.emulator.requests).toMatchObject([{ method: "DELETE", bodyBytes: 0, hasQuery: false, query: {} }]);
    expect(world.emulator.containers()).toEqual({ bystander: 3 });
    expectSound(world, 4);
  });

  test("the delete of a missing container succeeds, with 0 deleted documents", async () => {
    const world = await startWorld({ apiVersion });
    expect(await deleted(world)).toEqual({ deletedCount: 0, notFound: true });
    expectSound(world, 0);
  });

  test("the key of a member is refused, with the roles that may delete", async () => {
    const apiKeys = [{ key: "sm_member", role: "member" }] as const;
    const world = await startWorld({ apiVersion, apiKeys, containers: { "pr-42": 4 } });
    expect((await errorOf(deleted(world))).message).toMatch(
      /the key may not delete a whole container \(403\)[^]*an owner or admin of the organization/,
    );
    expectSound(world, 0);
  });

  test.each([
    ["no numbers", {}],
    ["a queued move", { ...gone, success: true, status: "queued" }],
    ["success: false", { ...gone, success: false, status: "failed" }],
    ["text for a number", { success: true, status: "deleted", deletedDocumentsCount: "4" }],
  ])("a response with %s does not count as a deletion", async (_what, body) => {
    const answer = apiVersion === "v3" ? { ...body, success: false } : body;
    const { api, context } = await startAnswering(200, answer, { apiVersion });
    const error = await errorOf(api.deleteContainer(whole, context));
    expect(error).toBeInstanceOf(ApiError);
    expect(error.message).toContain("returned an unexpected response");
  });

  test("all containers are listed with their documents and memories, 100 per page", async () => {
    const some = Object.fromEntries(Array.from({ length: 249 }, (_, index) => [`c-${index}`, index % 3]));
    const world = await startWorld({ apiVersion, containers: { ...some, "pr-42": { documents: 2, memories: 7 } } });
    const containers = await world.session.api.listContainers(contextOf(world.session));
    const counts = { containerTag: "pr-42", documentCount: 2, memoryCount: 7 };
    expect(containers).toContainEqual(expect.objectContaining(counts));
    expect(containers).toHaveLength(251);
    expect(new Set(containers.map(({ containerTag }) => containerTag)).size).toBe(251);
    const pages = ["1", "2", "3"].map((page) => ({ path: "/namespaces", query: { page, limit: "100" } }));
    const requests = apiVersion === "v3" ? [{ path: "/v3/container-tags/list", query: {} }] : pages;
    expect(world.emulator.requests.map(({ path, query }) => ({ path, query }))).toEqual(requests);
    expectSound(world, 0);
  });
});

test.each([
  ["its last page", 3, 3],
  ["an empty page, whatever its total is", 5, 4],
])("a v5 list with smaller pages than requested is read to %s", async (_end, totalItems, pages) => {
  const rows = ["a", "b", "c"].map((namespace) => ({ namespace, ...none }));
  const { api, context, requests } = await startHostile(
    ({ url = "" }, response) => {
      const page = Number(new URL(url, "http://any").searchParams.get("page"));
      respond(response, { namespaces: rows.slice(page - 1, page), pagination: { totalItems } });
    },
    { apiVersion: "v5" },
  );
  expect((await api.listContainers(context)).map(({ containerTag }) => containerTag)).toEqual(["a", "b", "c"]);
  expect(requests).toHaveLength(pages);
});

test.each([
  [1, 5, 2, "page 2 repeats the pages before it of 5"],
  [1, 10 ** 15, 1, "page 1 contains 1 of 1000000000000000"],
])("a v5 list with %d namespace of %d is refused at page %d", async (length, totalItems, page, problem) => {
  const namespaces = Array.from({ length }, () => ({ namespace: "pr-1", ...none }));
  const hostile = await startAnswering(200, { namespaces, pagination: { totalItems } }, { apiVersion: "v5" });
  const { message } = await errorOf(hostile.api.listContainers(hostile.context));
  expect(message).toBe(`the list of namespaces does not end: ${problem} (pagination.totalItems)`);
  expect(hostile.requests).toHaveLength(page);
});

test("a scoped key may not list the containers of v5", async () => {
  const apiKeys = [{ key: "scoped-key-0123456789", containerTags: ["pr-42"] }];
  const world = await startWorld({ apiVersion: "v5", apiKeys, apiKey: "scoped-key-0123456789" });
  const { message } = await errorOf(world.session.api.listContainers(contextOf(world.session)));
  expect(message).toContain("the key may not list containers (403)");
  expectSound(world, 0);
});

async function deleted({ session }: World) {
  return await session.api.deleteContainer(whole, contextOf(session));
}
