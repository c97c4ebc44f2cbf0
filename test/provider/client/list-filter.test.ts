import type { Behaviour } from "../../../emulator/index";
import { FilterMemory, otherCases, problemOf, shorter, type SimilarList } from "../../../provider/client/list-filter";
import { RefusedError } from "../../../provider/errors";
import type { PurgeMethod } from "../../../provider/purge/types";
import { connect } from "../support/connect";
import { startRelay } from "../support/relay";
import { errorOf, expectSound, purgeTags, sent, startWorld, type WorldOptions } from "../support/world";

const byIds: PurgeMethod = { kind: "ids", select: undefined, sharedDocuments: "delete" };
const methods: readonly PurgeMethod[] = [{ kind: "tag" }, byIds, { kind: "container" }];
const probe = "list pulumi-supermemory-filter-check";
const checks = [probe, "list PR-42", "list pr-4"];

/** Servers that return no tags: v5 always, v3 because it may. */
const servers: readonly Pick<WorldOptions, "apiVersion" | "omitContainerTags">[] = [
  { apiVersion: "v5" },
  { apiVersion: "v3", omitContainerTags: "always" },
  { apiVersion: "v3", omitContainerTags: "some" },
];

const filters: readonly (readonly [Behaviour["listFilter"], RegExp])[] = [
  [
    "none",
    /^the list of pulumi-supermemory-filter-check, a tag that no document carries, contains 15 documents: the API did not apply the filter; nothing was deleted$/m,
  ],
  ["prefix", /^the list of pr-, which is no container, contains 7 documents: the API did .*; nothing was deleted$/m],
  ["ignoreCase", /^the list of Pr-4, which is no container, contains 5 documents: the API .*; nothing was deleted$/m],
];

describe.each(servers)("with %j", (server) => {
  test.each(
    methods.flatMap((method) => filters.map(([listFilter, says]) => ({ method, kind: method.kind, listFilter, says }))),
  )("a purge by $kind deletes nothing if the list's filter is $listFilter", async ({ listFilter, method, says }) => {
    const containers = { "pr-4": 3, "pr-42": 4, "PR-4": 2, other: 3 };
    const world = await startWorld({ ...server, containers, listFilter });
    const error = await errorOf(purgeTags(world, ["pr-4"], { method }));
    expect(error).toBeInstanceOf(RefusedError);
    if (server.omitContainerTags !== "some") expect(error.message).toMatch(says);
    expect(error.message).toContain("; nothing was deleted");
    expect(error.message).toContain("set SUPERMEMORY_PURGE=skip for this command");
    expectSound(world, 0);
  });

  test("a purge checks the filter once for each tag, before the first delete", async () => {
    const world = await startWorld({ ...server, containers: { "pr-42": 250, "pr-7": 2, empty: 0 } });
    await purgeTags(world, ["pr-42"], { method: byIds });
    expect(sent(world).slice(0, 4)).toEqual(["list pr-42", ...checks]);
    expect(sent(world).filter((request) => checks.includes(request))).toEqual(checks);
    const before = sent(world).length;
    await purgeTags(world, ["pr-7", "empty"], { method: byIds });
    const further = sent(world).slice(before);
    expect(further.filter((request) => !/^delete|list (pr-7|empty)$/.test(request))).toEqual(["list PR-7", "list pr-"]);
    expectSound(world, 252);
  });

  test("a purge of several tags lists the probe tag once", async () => {
    const tags = ["a-1", "b-2", "c-3", "d-4"];
    const world = await startWorld({ ...server, containers: Object.fromEntries(tags.map((tag) => [tag, 2])) });
    await purgeTags(world, tags);
    expect(sent(world).filter((request) => request === probe)).toEqual([probe]);
    expectSound(world, 8);
  });

  test("neighbours with documents of their own do not stop a purge", async () => {
    const world = await startWorld({ ...server, containers: { "pr-42": 5, "pr-4": 3, "pr-": 2, "PR-42": 1 } });
    expect(await purgeTags(world, ["pr-42"])).toMatchObject({ deleted: 5 });
    expectSound(world, 5);
  });

  test("documents that are shared with a neighbour do not stop a purge", async () => {
    const documents = Array.from({ length: 5 }, () => ({ alsoIn: ["pr-4", "PR-42"] }));
    const world = await startWorld({ ...server, containers: { "pr-42": { documents }, "pr-4": 1, "PR-42": 1 } });
    expect(await purgeTags(world, ["pr-42"])).toMatchObject({ deleted: 5 });
    expectSound(world, 5);
  });

  test("a key scoped to the container purges it, because its 403 for the check proves the filter", async () => {
    const apiKeys = [{ key: "sm_scoped", containerTags: ["pr-42"] }];
    const world = await startWorld({ ...server, containers: { "pr-42": 250 }, apiKeys, apiKey: "sm_scoped" });
    await purgeTags(world, ["pr-42"]);
    expect(world.emulator.requests.map(({ status }) => status)).toContain(403);
    expectSound(world, 250);
  });

  test("a tag without a similar tag is only checked with the probe tag", async () => {
    const world = await startWorld({ ...server, containers: { "7": 3 } });
    expect(await purgeTags(world, ["7"])).toMatchObject({ deleted: 3 });
    expect(new Set(sent(world).filter((request) => request.startsWith("list")))).toEqual(new Set(["list 7", probe]));
  });
});

test("a purge sends no check if v3 returns the tags of every document", async () => {
  const world = await startWorld({ containers: { "pr-42": 250 } });
  await purgeTags(world, ["pr-42"], { method: byIds });
  expect(new Set(sent(world).filter((request) => request.startsWith("list")))).toEqual(new Set(["list pr-42"]));
  expectSound(world, 250);
});

test("a row with other tags is refused on v3", async () => {
  const world = await startWorld({ containers: { "pr-4": 3, "pr-42": 4 }, listFilter: "prefix" });
  const { message } = await errorOf(purgeTags(world, ["pr-4"]));
  expect(message).toMatch(
    /^the list of pr-4 contains a document without this tag \(\w{22}\): .*; nothing was deleted$/m,
  );
  expectSound(world, 0);
});

test("the HTML page of a proxy with a 403 does not prove the filter", async () => {
  const world = await startWorld({ apiVersion: "v5", containers: { "pr-42": 3 } });
  const page = { kind: "wrongShape", status: 403, body: "<html>blocked</html>", when: "beforeEffect" } as const;
  world.emulator.addFault({ match: { path: "*filter-check*" }, then: page });
  expect((await errorOf(purgeTags(world, ["pr-42"]))).message).toContain("403");
  expectSound(world, 0);
});

test("sessions of one process share what they checked, for the same address, key and API version", async () => {
  const world = await startWorld({ apiVersion: "v5", containers: { "pr-42": 3 } });
  const memory = new FilterMemory();
  const listsWith = async (apiKey: string, filterMemory: FilterMemory): Promise<number> => {
    const before = sent(world).length;
    const { api, close } = connect(world.emulator.url, { apiVersion: "v5", apiKey, filterMemory });
    const { deadline, policy } = world.session;
    await api.list({ containerTag: "pr-42", page: 1, order: "desc" }, { deadline, policy }).catch(() => undefined);
    await close();
    return sent(world).length - before;
  };
  const key = world.emulator.apiKey;
  expect([await listsWith(key, memory), await listsWith(key, memory)]).toEqual([4, 1]);
  expect(await listsWith(key, new FilterMemory())).toBe(4);
});

test("a scoped key whose filter ignores case is refused without a list of containers", async () => {
  const apiKeys = [{ key: "sm_scoped", containerTags: ["pr-42", "PR-42", "Pr-42", "pR-42"] }];
  const scoped = { apiKeys, apiKey: "sm_scoped", apiVersion: "v5", listFilter: "ignoreCase" } as const;
  const world = await startWorld({ ...scoped, containers: { "pr-42": 3, "PR-42": 2 } });
  const { message } = await errorOf(purgeTags(world, ["pr-42"]));
  expect(message).toMatch(/^the list of PR-42 contains the documents of pr-42: the API did not apply the filter/);
  expectSound(world, 0);
});

const list = (containerTag: string, isSame: boolean, shared = isSame ? 5 : 2): SimilarList => ({
  ...{ containerTag, total: 5, shared, isSame },
});

test.each<[string, readonly SimilarList[], readonly string[] | undefined, RegExp | undefined]>([
  ["a list of no container", [list("pr-4", false, 0)], [], /^the list of pr-4, which is no container, contains 5 doc/],
  ["one of them of no container", [list("pr-4", false), list("pr-", false)], ["pr-4"], /^the list of pr-, which/],
  ["a container with documents of its own", [list("pr-4", false, 0)], ["pr-4"], undefined],
  ["a container that shares some documents", [list("pr-4", false)], ["pr-4"], undefined],
  ["a container with exactly the same documents", [list("A1", true)], ["A1"], /^the list of A1 contains the documents/],
  ["one of two with the same documents", [list("A1", true), list("a1", false)], ["A1", "a1"], undefined],
  ["other documents, if containers cannot be listed", [list("pr-4", false, 0)], undefined, undefined],
  ["shared documents, if containers cannot be listed", [list("pr-4", false)], undefined, /^the list of pr-4 contains/],
])("lists of similar tags: %s", (_what, lists, existing, says) => {
  const problem = problemOf("pr-42", lists, existing === undefined ? undefined : new Set(existing));
  if (says === undefined) expect(problem).toBeUndefined();
  else expect(problem).toMatch(says);
});

test.each([
  ["pr-42", ["PR-42", "Pr-42", "pR-42"], ["pr-4", "pr-", "pr"]],
  ["a1", ["A1"], ["a"]],
  ["eu:Prod", ["EU:pROD", "Eu:Prod", "eu:ProD"], ["eu:Pro", "eu:Pr", "eu:P"]],
  ["42", [], ["4"]],
  ["x", ["X"], []],
])("the tags similar to %s", (tag, cases, prefixes) => {
  expect(otherCases(tag)).toEqual(cases);
  expect(shorter(tag)).toEqual(prefixes);
});

test("a v3 list that ignores its filter and returns no tags is refused, whoever drops the filter", async () => {
  const world = await startWorld({ containers: { "pr-42": 250, other: 7 }, omitContainerTags: "always" });
  const { api } = await startRelay(world, {
    rewrite: ({ body, path }) => (path.endsWith("/v3/documents/list") ? withoutTags(body) : undefined),
  });
  const { message } = await errorOf(purgeTags(world, ["pr-42"], { session: { api } }));
  expect(message).toMatch(/^the list of pulumi-supermemory-filter-check, .*, contains 260 documents: /);
  expectSound(world, 0);
});

function withoutTags(body: string): string {
  const asked: unknown = JSON.parse(body);
  return JSON.stringify(asked, (name, value: unknown) => (name === "containerTags" ? undefined : value));
}
