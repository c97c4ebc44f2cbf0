import type { PurgeMethod } from "../../../provider/purge/types";
import { startRelay } from "../support/relay";
import { errorOf, expectSound, purgeTags, sent, startWorld } from "../support/world";

const exactly: PurgeMethod = { kind: "ids", select: undefined, sharedDocuments: "delete" };
const containers = { "pr-42": 250, other: 7 };
const check = "list pulumi-supermemory-filter-check";

test.each<[string, PurgeMethod]>([
  ["by tag", { kind: "tag" }],
  ["by ids", exactly],
  ["of the container", { kind: "container" }],
])("a purge %s deletes nothing if a v3 list ignores its filter and returns no tags", async (_how, method) => {
  const world = await startWorld({ containers, omitContainerTags: "always" });
  const { api } = await startRelay(world, {
    rewrite: ({ body, path }) => (isList(path) ? withoutTags(body) : undefined),
  });
  const { message } = await errorOf(purgeTags(world, ["pr-42"], { method, session: { api } }));
  expect(message).toBe(
    "the list of pulumi-supermemory-filter-check, a tag that no document carries, contains 260 documents: the API did not apply the filter; nothing was deleted",
  );
  expectSound(world, 0);
});

test("if v3 returns no tags, each purge checks the filter once, before its first delete", async () => {
  for (const omitContainerTags of ["always", "some"] as const) {
    const world = await startWorld({ containers, omitContainerTags });
    await purgeTags(world, ["pr-42"], { method: exactly });
    expect(sent(world).slice(0, 2)).toEqual(["list pr-42", check]);
    expect(sent(world).filter((request) => request === check)).toHaveLength(1);
    expectSound(world, 250);
  }
});

test("if v3 returns the tags, no filter check is sent", async () => {
  const world = await startWorld({ containers });
  await purgeTags(world, ["pr-42"], { method: exactly });
  expect(sent(world)).not.toContain(check);
  expectSound(world, 250);
});

test("a key scoped to the container purges it, because its 403 for the check proves the filter", async () => {
  const apiKeys = [{ key: "sm_scoped", containerTags: ["pr-42"] }];
  const world = await startWorld({ containers, omitContainerTags: "always", apiKeys, apiKey: "sm_scoped" });
  await purgeTags(world, ["pr-42"]);
  expect(world.emulator.requests.map(({ status }) => status)).toContain(403);
  expectSound(world, 250);
});

function isList(path: string): boolean {
  return path.endsWith("/v3/documents/list");
}

function withoutTags(body: string): string {
  const asked: unknown = JSON.parse(body);
  return JSON.stringify(asked, (name, value: unknown) => (name === "containerTags" ? undefined : value));
}
