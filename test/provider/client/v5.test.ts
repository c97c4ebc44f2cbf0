import type { Fault, FaultRule } from "../../../emulator/index";
import { clear } from "../../../provider/client/api";
import { expectSound, errorOf, purgeTags, startWorld, type World } from "../support/world";
import { startAnswering } from "../support/hostile";

const v5 = { apiVersion: "v5" } as const;

test("a purge on v5 counts a namespace, deletes its documents by ids, and lists until none is left", async () => {
  const world = await startWorld({ ...v5, containers: { "pr-42": 250 } });
  const outcome = await purgeTags(world, ["pr-42"]);
  expect(outcome).toMatchObject({ deleted: 250, tags: [{ done: true, lastSeen: 0 }] });
  expect(routes(world)).toEqual([
    "POST /ns/pr-42/list/documents",
    "POST /ns/pulumi-supermemory-filter-check/list/documents",
    "POST /ns/PR-42/list/documents",
    "POST /ns/pr-4/list/documents",
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

const scoped = { apiKeys: [{ key: "sm_scoped", containerTags: ["pr-42"] }], apiKey: "sm_scoped" };

test.each([
  ["if the list of namespaces responds", {}],
  ["for a scoped key, which may not list namespaces", scoped],
])("an unknown namespace on v5 counts as empty %s", async (_when, keys) => {
  const world = await startWorld({ ...v5, unknownNamespace: "notFound", ...keys });
  expect(await purgeTags(world, ["pr-42"])).toMatchObject({ deleted: 0, planned: 0 });
  expect(routes(world)).toContain("GET /namespaces");
  expectSound(world, 0);
});

const named = { kind: "wrongShape", status: 404, body: { error: "Namespace not found" } } as const;
const refused = { kind: "wrongShape", status: 403, body: { message: "no" } } as const;

test.each<[string, Fault]>([
  ["is missing", { kind: "notFound", as: "json" }],
  ["is refused without a JSON error of the API", refused],
])("a 404 that names a namespace does not count as empty on v5 if their list %s", async (_what, ofNamespaces) => {
  const faults: FaultRule[] = [
    { match: { route: "v5.namespaces.list" }, then: ofNamespaces },
    { match: { route: "v5.list" }, then: named },
  ];
  const world = await startWorld({ ...v5, containers: { "pr-42": 3 }, faults });
  const error = await errorOf(purgeTags(world, ["pr-42"]));
  expect(error.message).toMatch(/\/ns\/pr-42\/list\/documents\S* returned 404[^]*nothing was deleted/);
  expectSound(world, 0);
});

test("v5 reads the number of deleted documents from count or deletedCount, and prefers count", async () => {
  for (const [body, deletedCount] of [
    [{ count: 3 }, 3],
    [{ deletedCount: 1, success: true }, 1],
    [{ count: 3, deletedCount: 1, errors: [] }, 3],
  ] as const) {
    const { api, context } = await startAnswering(200, body, v5);
    const ids = clear({ containerTag: "pr-42", ids: ["a", "b", "c"] });
    expect(await api.deleteIds(ids, context)).toMatchObject({ deletedCount });
  }
});

test.each([
  ["of several containers are an estimate, because v5 returns no tags", ["pr-2", "pr-1"], { estimated: true }],
  ["of a single container are exact", ["pr-1"], { deleted: 1, estimated: false }],
] as const)("after a lost v5 response the numbers %s", async (_what, tags, outcome) => {
  const containers = { "pr-1": { documents: 1, each: { alsoIn: ["pr-2"] } }, "pr-2": 0 };
  const then = { kind: "reset", when: "beforeEffect" } as const;
  const faults = [{ match: { route: "v5.documents.delete" }, then }] as const;
  const world = await startWorld({ ...v5, containers, faults });
  expect(await purgeTags(world, tags)).toMatchObject(outcome);
  expectSound(world, 1);
});

function routes({ emulator }: World): readonly string[] {
  return emulator.requests.map(({ method, path }) => `${method} ${path}`);
}
