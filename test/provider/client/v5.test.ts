import { expectSound, errorOf, incomplete, purgeTags, startWorld } from "../support/world";
import { startHostile } from "../support/hostile";

const v5 = { apiVersion: "v5" } as const;

test("a purge on v5 counts a namespace, deletes its documents by ids, and lists until none is left", async () => {
  const world = await startWorld({ ...v5, containers: { "pr-42": 250 } });
  const outcome = await purgeTags(world, ["pr-42"]);
  expect(outcome).toMatchObject({ deleted: 250, tags: [{ done: true, lastSeen: 0 }] });
  expect(routes(world)).toEqual([
    "POST /ns/pr-42/list/documents",
    ...Array.from({ length: 3 }, () => "POST /ns/pr-42/list/documents"),
    ...Array.from({ length: 3 }, () => "DELETE /ns/pr-42/document"),
    "POST /ns/pr-42/list/documents",
  ]);
  expectSound(world, 250);
});

test("v5 purges a server of the older release, which does not know the fields of 5.0.1", async () => {
  const world = await startWorld({ ...v5, v5Release: "5.0.0", containers: { "pr-42": 120 } });
  expect(await purgeTags(world, ["pr-42"])).toMatchObject({ deleted: 120, tags: [{ done: true, lastSeen: 0 }] });
  expectSound(world, 120);
});

test("an empty namespace takes one request on v5", async () => {
  const world = await startWorld({ ...v5, containers: { "pr-42": 0 } });
  expect(await purgeTags(world, ["pr-42"])).toMatchObject({ deleted: 0 });
  expect(routes(world)).toEqual(["POST /ns/pr-42/list/documents"]);
  expectSound(world, 0);
});

test("an unknown namespace on v5 counts as empty if the list of namespaces responds", async () => {
  const world = await startWorld({ ...v5, unknownNamespace: "notFound" });
  expect(await purgeTags(world, ["pr-42", "pr-43"])).toMatchObject({ deleted: 0, planned: 0 });
  expect(routes(world)).toContain("GET /namespaces");
  expectSound(world, 0);
});

test("an unknown namespace on v5 counts as empty for a scoped key, which may not list namespaces", async () => {
  const apiKeys = [{ key: "scoped-key-0123456789", containerTags: ["pr-42"] }];
  const world = await startWorld({ ...v5, unknownNamespace: "notFound", apiKeys, apiKey: "scoped-key-0123456789" });
  expect(await purgeTags(world, ["pr-42"])).toMatchObject({ deleted: 0, planned: 0 });
  expectSound(world, 0);
});

test.each([
  ["HTML", { kind: "notFound", as: "html" } as const],
  ["generic JSON", { kind: "notFound", as: "json" } as const],
])("a 404 as %s never counts as an empty namespace on v5", async (_what, then) => {
  const faults = [{ times: Infinity, then }];
  const world = await startWorld({ ...v5, containers: { "pr-42": 3 }, faults });
  const error = await errorOf(purgeTags(world, ["pr-42"]));
  expect(error.message).toContain("/ns/pr-42/list/documents");
  expect(error.message).toContain("nothing was deleted");
  expectSound(world, 0);
});

test.each([
  ["is missing", { kind: "notFound", as: "json" } as const],
  ["is refused without a JSON error of the API", { kind: "wrongShape", status: 403, body: { message: "no" } } as const],
])("a 404 that names the namespace is not believed on v5 if the list of namespaces %s", async (_what, then) => {
  const missing = { error: "Namespace not found" };
  const faults = [
    { match: { route: "v5.list" }, then: { kind: "wrongShape", status: 404, body: missing } },
    { match: { route: "v5.namespaces.list" }, then },
  ] as const;
  const world = await startWorld({ ...v5, containers: { "pr-42": 3 }, faults });
  expect((await errorOf(purgeTags(world, ["pr-42"]))).message).toContain("returned 404");
  expectSound(world, 0);
});

test("v5 reads the number of deleted documents from count or deletedCount", async () => {
  const world = await startWorld({ ...v5, countField: "deletedCount", successFlag: true, containers: { "pr-42": 7 } });
  expect(await purgeTags(world, ["pr-42"])).toMatchObject({ deleted: 7 });
  expectSound(world, 7);
});

test("v5 prefers count to deletedCount, as in the vendor's document", async () => {
  const both = { kind: "wrongShape", body: { count: 3, deletedCount: 1, errors: [] } } as const;
  const faults = [{ match: { route: "v5.documents.delete" }, then: both }] as const;
  const world = await startWorld({ ...v5, containers: { "pr-42": 3 }, faults });
  expect(await purgeTags(world, ["pr-42"])).toMatchObject({ deleted: 3 });
  expectSound(world, 3);
});

test("documents that v5 does not delete remain in an incomplete purge", async () => {
  const partial = { kind: "partial", documents: 3, reason: "locked by an import" } as const;
  const faults = [{ match: { route: "v5.documents.delete" }, times: Infinity, then: partial }] as const;
  const containers = { "pr-42": { documents: 4, each: { processing: "forever" as const } } };
  const world = await startWorld({ ...v5, processingDeletes: "refuse", containers, timeoutMs: 60_000, faults });
  const { outcome } = await incomplete(purgeTags(world, ["pr-42"]));
  expect(outcome).toMatchObject({ deleted: 0, tags: [{ remaining: 4 }] });
  expectSound(world, 0);
});

test("an unexpected v5 response is reported with its field", async () => {
  const { api, context } = await startHostile((_request, response) => {
    response.end(JSON.stringify({ documents: [], pagination: {} }));
  }, v5);
  const error = await errorOf(api.list({ containerTag: "pr-42", page: 1, order: "desc" }, context));
  expect(error.message).toContain("pagination.totalItems");
});

const lost = { match: { route: "v5.documents.delete" }, then: { kind: "reset", when: "beforeEffect" } } as const;

test("after a lost v5 response the numbers of several containers are an estimate, because v5 returns no tags", async () => {
  const containers = { "pr-1": { documents: 1, each: { alsoIn: ["pr-2"] } }, "pr-2": 0 };
  const world = await startWorld({ ...v5, containers, faults: [lost] });
  const outcome = await purgeTags(world, ["pr-2", "pr-1"]);
  expect(outcome).toMatchObject({ estimated: true });
  expectSound(world, 1);
});

test("after a lost v5 response the number of a single container is exact", async () => {
  const world = await startWorld({ ...v5, containers: { "pr-1": 3 }, faults: [lost] });
  const outcome = await purgeTags(world, ["pr-1"]);
  expect(outcome).toMatchObject({ deleted: 3, estimated: false });
  expectSound(world, 3);
});

function routes({ emulator }: Awaited<ReturnType<typeof startWorld>>): readonly string[] {
  return emulator.requests.map(({ method, path }) => `${method} ${path}`);
}
