import type { Container } from "../../../provider/client/api";
import { contextOf } from "../../../provider/purge/context";
import { startHostile } from "../support/hostile";
import { startWorld, type World } from "../support/world";

const created = Date.parse("2025-10-01T00:00:00.000Z");
const used = Date.parse("2025-12-01T00:00:00.000Z");
const createdAt = new Date(created).toISOString();
const lastActivityAt = new Date(used).toISOString();
const containers = {
  "pr-42": { createdAt, lastActivityAt, documents: 2, each: { createdAt: lastActivityAt } },
  "pr-43": { createdAt, lastActivityAt: null },
};

test("v3 lists containers with their creation and last activity, in one request", async () => {
  const world = await startWorld({ containers });
  const listed = await list(world);
  expect(listed.find(({ containerTag }) => containerTag === "pr-42")).toEqual({
    containerTag: "pr-42",
    documentCount: 2,
    memoryCount: 0,
    createdAt: created,
    lastActivityAt: used,
  });
  expect(listed.find(({ containerTag }) => containerTag === "pr-43")).toMatchObject({ lastActivityAt: null });
  expect(world.emulator.requests).toHaveLength(1);
});

test("v5 lists containers without the last activity, and reads it from the newest update", async () => {
  const world = await startWorld({ apiVersion: "v5", containers });
  const [container] = (await list(world)).filter(({ containerTag }) => containerTag === "pr-42");
  expect(container).toMatchObject({ documentCount: 2, createdAt: created, lastActivityAt: undefined });
  expect(await activity(world, "pr-42")).toEqual({ createdAt: undefined, lastActivityAt: used });
  expect(await activity(world, "pr-43")).toEqual({ createdAt: undefined, lastActivityAt: undefined });
  const query = { page: "1", limit: "1", sort: "updatedAt", order: "desc" };
  expect(world.emulator.requests.slice(-4, -2)).toMatchObject([
    { path: "/ns/pr-42/list/documents", query },
    { path: "/ns/pr-42/list/memories", query },
  ]);
});

describe("the activity of a container on v5", () => {
  const memory = { updatedAt: "2025-12-03T00:00:00Z" };
  const document = { updatedAt: "2025-12-01T00:00:00Z" };

  test.each([
    ["its newest document", [document], [], used],
    ["its newest memory if that is newer", [document], [memory], Date.parse(memory.updatedAt)],
    ["its newest document if that is newer", [memory], [document], Date.parse(memory.updatedAt)],
    ["its newest memory if there is no document", [], [memory], Date.parse(memory.updatedAt)],
    ["unknown without either", [], [], undefined],
    ["unknown if the document has no date", [{}], [memory], undefined],
    ["unknown if the memory has no date", [document], [{ updatedAt: "yesterday" }], undefined],
  ])("is %s", async (_case, documents, memories, lastActivityAt) => {
    const api = await listing({ documents: page(documents), memories: page(memories) });
    expect(await api({})).toEqual({ createdAt: undefined, lastActivityAt });
  });

  test.each([
    ["are counted, but not listed", { memoryCount: 3 }, page([document]), page([])],
    ["are counted by the pages, but not listed", {}, page([document]), page([], 3)],
    ["are unreadable", {}, page([document]), { memories: "none", rows: [] }],
    ["cannot be listed", {}, page([document]), undefined],
    ["are old, and documents are counted, but not listed", { documentCount: 2 }, page([]), page([memory])],
    ["are old, and documents are counted by the pages, but not listed", {}, page([], 2), page([memory])],
  ])("is unknown if memories %s", async (_case, counts, documents, memories) => {
    const api = await listing({ documents, memories });
    expect(await api(counts)).toEqual({ createdAt: undefined, lastActivityAt: undefined });
  });

  test("is that of the documents if no memories are counted, and memories are not listed", async () => {
    const world = await startWorld({ apiVersion: "v5", containers });
    const query = { containerTag: "pr-42", memoryCount: 0 };
    expect(await world.session.api.activityOf(query, contextOf(world.session))).toMatchObject({ lastActivityAt: used });
    expect(world.emulator.requests.map(({ path }) => path)).toEqual(["/ns/pr-42/list/documents"]);
  });

  test("fails if the documents cannot be listed, and is unknown if the memories cannot", async () => {
    for (const [path, status] of [
      ["/ns/pr-42/list/documents", 400],
      ["/ns/pr-42/list/memories", 400],
      ["/ns/pr-42/list/memories", 403],
      ["/ns/pr-42/list/memories", 404],
    ] as const) {
      const world = await startWorld({ apiVersion: "v5", containers });
      world.emulator.addFault({ match: { path }, times: Infinity, then: { kind: "serverError", status } });
      const asked = activity(world, "pr-42");
      if (path.endsWith("documents")) await expect(asked).rejects.toThrow("returned 400");
      else expect(await asked).toEqual({ createdAt: undefined, lastActivityAt: undefined });
    }
  });
});

test("the activity of one container on v3 is that of its list", async () => {
  const world = await startWorld({ containers });
  expect(await activity(world, "pr-42")).toEqual({ createdAt: created, lastActivityAt: used });
  expect(await activity(world, "pr-43")).toEqual({ createdAt: created, lastActivityAt: null });
});

test.each(["v3", "v5", "auto"] as const)("%s returns no activity of a missing container", async (apiVersion) => {
  const world = await startWorld({ apiVersion, containers, unknownNamespace: "notFound" });
  expect(await activity(world, "pr-44")).toEqual({ createdAt: undefined, lastActivityAt: undefined });
});

test("auto reads the activity from v5 when v3 is gone", async () => {
  const world = await startWorld({ apiVersion: "auto", containers, v3: "gone" });
  expect(await activity(world, "pr-42")).toEqual({ createdAt: undefined, lastActivityAt: used });
  expect(world.session.api.version).toBe("v5");
});

test.each([
  ["left out", {}],
  ["of another type", { createdAt: 5, lastActivityAt: false }],
  ["no dates", { createdAt: "today", lastActivityAt: "yesterday" }],
  ["no dates, though JavaScript reads them as such", { createdAt: "day 1", lastActivityAt: "2" }],
  ["without an offset", { createdAt: "2025-10-01T00:00:00", lastActivityAt: "2025-12-01 00:00:00" }],
])("dates that are %s are unknown on v3", async (_case, dates) => {
  const row = { containerTag: "pr-42", documentCount: 1, memoryCount: 0, ...dates };
  const { api, context } = await startHostile((_request, response) => response.end(JSON.stringify([row])));
  const unknown = { createdAt: undefined, lastActivityAt: undefined };
  expect(await api.listContainers(context)).toEqual([{ ...row, ...unknown }]);
  expect(await api.activityOf({ containerTag: "pr-42" }, context)).toEqual(unknown);
});

test.each(["v3", "v5"] as const)("%s replaces harmful characters in container tags", async (apiVersion) => {
  const evil = "pr-1\u001b[2J\u202e\r\n";
  const counts = { documentCount: 1, memoryCount: 0 };
  const rows = [{ containerTag: evil, ...counts }];
  const pages = { namespaces: [{ namespace: evil, ...counts }], pagination: { totalItems: 1 } };
  const body = JSON.stringify(apiVersion === "v3" ? rows : pages);
  const { api, context } = await startHostile((_request, response) => response.end(body), { apiVersion });
  expect(await api.listContainers(context)).toMatchObject([{ containerTag: "pr-1\ufffd[2J\ufffd\ufffd\ufffd" }]);
});

/** A page of rows with these times, and the number of rows on all pages. */
function page(times: readonly Readonly<Record<string, string>>[], totalItems = times.length) {
  return { rows: times.map((system) => ({ system })), pagination: { totalItems } };
}

/** An API with these v5 lists; undefined is an error. */
async function listing(bodies: Readonly<Record<"documents" | "memories", object | undefined>>) {
  const { api, context } = await startHostile(
    ({ url = "" }, response) => {
      const type = url.includes("/list/memories") ? "memories" : "documents";
      const body = bodies[type];
      if (body === undefined) response.statusCode = 400;
      response.end(JSON.stringify(body === undefined ? { error: "no" } : { [type]: rowsOf(body), ...body }));
    },
    { apiVersion: "v5" },
  );
  return async (counts: { readonly documentCount?: number; readonly memoryCount?: number }): Promise<unknown> =>
    await api.activityOf({ containerTag: "pr-42", ...counts }, context);
}

function rowsOf(body: object): unknown {
  return "rows" in body ? body.rows : undefined;
}

async function list({ session }: World): Promise<readonly Container[]> {
  return await session.api.listContainers(contextOf(session));
}

async function activity({ session }: World, containerTag: string): Promise<unknown> {
  return await session.api.activityOf({ containerTag }, contextOf(session));
}
