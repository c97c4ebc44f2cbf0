import { contextOf } from "../../../provider/purge/context";
import { respond, startAnswering, startHostile } from "../support/hostile";
import { startWorld, type World } from "../support/world";

const created = Date.parse("2025-10-01T00:00:00.000Z");
const used = Date.parse("2025-12-01T00:00:00.000Z");
const [createdAt, lastActivityAt] = ["2025-10-01T00:00:00.000Z", "2025-12-01T00:00:00.000Z"];
const containers = {
  "pr-42": { createdAt, lastActivityAt, documents: 2, each: { createdAt: lastActivityAt } },
  "pr-43": { createdAt, lastActivityAt: null },
};
const unknown = { createdAt: undefined, lastActivityAt: undefined };

test("v3 lists containers with their creation and last activity, in one request", async () => {
  const world = await startWorld({ containers });
  const listed = await world.session.api.listContainers(contextOf(world.session));
  const times = { createdAt: created, lastActivityAt: used };
  expect(listed).toContainEqual({ containerTag: "pr-42", documentCount: 2, memoryCount: 0, ...times });
  expect(world.emulator.requests).toHaveLength(1);
  expect(await activity(world, "pr-42")).toEqual(times);
  expect(await activity(world, "pr-43")).toEqual({ createdAt: created, lastActivityAt: null });
});

test("v5 lists containers without the last activity, and reads it from the newest update", async () => {
  const world = await startWorld({ apiVersion: "v5", containers });
  const listed = await world.session.api.listContainers(contextOf(world.session));
  const container = { containerTag: "pr-42", documentCount: 2, createdAt: created, lastActivityAt: undefined };
  expect(listed).toContainEqual(expect.objectContaining(container));
  expect(await activity(world, "pr-42")).toEqual({ ...unknown, lastActivityAt: used });
  const query = { page: "1", limit: "100", sort: "updatedAt", order: "desc" };
  expect(world.emulator.requests.slice(-2)).toMatchObject([
    { path: "/ns/pr-42/list/documents", query },
    { path: "/ns/pr-42/list/memories", query },
  ]);
});

describe("the activity of a container on v5 is", () => {
  const memory = { updatedAt: "2025-12-03T00:00:00Z" };
  const document = { updatedAt: lastActivityAt };
  const newest = Date.parse(memory.updatedAt);

  test.each<[string, object, object | number, number | undefined, object?]>([
    ["its newest document", page([document]), page([]), used],
    ["its newest memory if that is newer", page([document]), page([memory]), newest],
    ["its newest document if that is newer", page([memory]), page([document]), newest],
    ["its newest memory if there is no document", page([]), page([memory]), newest],
    ["unknown without either", page([]), page([]), undefined],
    ["unknown if the document has no date", page([{}]), page([memory]), undefined],
    ["unknown if the memory has no date", page([document]), page([{ updatedAt: "yesterday" }]), undefined],
    ["unknown if memories are counted, but not listed", page([document]), page([]), undefined, { memoryCount: 3 }],
    ["unknown if memories are counted by the pages, but not listed", page([document]), page([], 3), undefined],
    ["unknown if memories are unreadable", page([document]), { memories: "none" }, undefined],
    ["unknown if memories cannot be listed (400)", page([document]), 400, undefined],
    ["unknown if memories cannot be listed (403)", page([document]), 403, undefined],
    ["unknown if memories cannot be listed (404)", page([document]), 404, undefined],
    ["unknown if documents are counted, but not listed", page([]), page([memory]), undefined, { documentCount: 2 }],
    ["unknown if documents are counted by the pages, but not listed", page([], 2), page([memory]), undefined],
  ])("%s", async (_what, documents, memories, expected, counts = {}) => {
    const { api, context } = await startHostile(
      ({ url = "" }, response) => {
        const body = url.includes("/list/memories") ? memories : documents;
        if (typeof body === "number") respond(response, { error: "no" }, body);
        else respond(response, body);
      },
      { apiVersion: "v5" },
    );
    const query = { containerTag: "pr-42", ...counts };
    expect(await api.activityOf(query, context)).toEqual({ ...unknown, lastActivityAt: expected });
  });

  test("that of the documents if no memories are counted, and memories are not listed", async () => {
    const world = await startWorld({ apiVersion: "v5", containers });
    const query = { containerTag: "pr-42", memoryCount: 0 };
    expect(await world.session.api.activityOf(query, contextOf(world.session))).toMatchObject({ lastActivityAt: used });
    expect(world.emulator.requests.map(({ path }) => path)).toEqual(["/ns/pr-42/list/documents"]);
  });

  test("an error if the documents cannot be listed", async () => {
    const { api, context } = await startAnswering(400, { error: "no" }, { apiVersion: "v5" });
    await expect(api.activityOf({ containerTag: "pr-42" }, context)).rejects.toThrow("returned 400");
  });
});

test.each(["v3", "v5", "auto"] as const)("%s returns no activity of a missing container", async (apiVersion) => {
  const world = await startWorld({ apiVersion, containers, unknownNamespace: "notFound" });
  expect(await activity(world, "pr-44")).toEqual(unknown);
});

test.each([
  ["left out", {}],
  ["of another type", { createdAt: 5, lastActivityAt: false }],
  ["no dates, though JavaScript reads them as such", { createdAt: "2025-10-01T00:00:00", lastActivityAt: "day 1" }],
])("dates that are %s are unknown on v3", async (_case, dates) => {
  const row = { containerTag: "pr-42", documentCount: 1, memoryCount: 0, ...dates };
  const { api, context } = await startAnswering(200, [row]);
  expect(await api.listContainers(context)).toEqual([{ ...row, ...unknown }]);
  expect(await api.activityOf({ containerTag: "pr-42" }, context)).toEqual(unknown);
});

test.each(["v3", "v5"] as const)("%s replaces harmful characters in container tags", async (apiVersion) => {
  const evil = "pr-1\u001b[2J\u202e\r\n";
  const row = { containerTag: evil, namespace: evil, documentCount: 1, memoryCount: 0 };
  const body = apiVersion === "v3" ? [row] : { namespaces: [row], pagination: { totalItems: 1 } };
  const { api, context } = await startAnswering(200, body, { apiVersion });
  expect(await api.listContainers(context)).toMatchObject([{ containerTag: "pr-1\ufffd[2J\ufffd\ufffd\ufffd" }]);
});

/** A page of documents or memories with these times, and the number of rows on all pages. */
function page(times: readonly Readonly<Record<string, string>>[], totalItems = times.length) {
  const rows = times.map((system) => ({ system }));
  return { documents: rows, memories: rows, pagination: { totalItems } };
}

async function activity({ session }: World, containerTag: string): Promise<unknown> {
  return await session.api.activityOf({ containerTag }, contextOf(session));
}
