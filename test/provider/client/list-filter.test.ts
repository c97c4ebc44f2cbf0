import type { PurgeMethod } from "../../../provider/purge/types";
import { startRelay } from "../support/relay";
import { errorOf, expectSound, purgeTags, sent, startWorld } from "../support/world";

const method: PurgeMethod = { kind: "ids", select: undefined, sharedDocuments: "delete" };
const containers = { "pr-42": 250, other: 7 };
const check = "list pulumi-supermemory-filter-check";

test.each<[string, PurgeMethod]>([
  ["by tag", { kind: "tag" }],
  ["by ids", method],
  ["of the container", { kind: "container" }],
])("a purge %s deletes nothing if a v3 list ignores its filter and returns no tags", async (_how, how) => {
  const world = await startWorld({ containers, omitContainerTags: "always" });
  const { api } = await startRelay(world, {
    rewrite: ({ body, path }) => (path.endsWith("/v3/documents/list") ? withoutTags(body) : undefined),
  });
  const { message } = await errorOf(purgeTags(world, ["pr-42"], { method: how, session: { api } }));
  expect(message).toBe(
    "the list of pulumi-supermemory-filter-check, a tag that no document carries, contains 260 documents: the API did not apply the filter; nothing was deleted",
  );
  expectSound(world, 0);
});

test.each([
  ["once, before the first delete, if v3 returns no tags", "always"],
  ["once, before the first delete, if v3 returns some tags", "some"],
  ["never if v3 returns the tags", "never"],
] as const)("a purge checks the filter %s", async (_when, omitContainerTags) => {
  const world = await startWorld({ containers, omitContainerTags });
  await purgeTags(world, ["pr-42"], { method });
  const expected = omitContainerTags === "never" ? [] : [check];
  expect(sent(world).filter((request) => request === check)).toEqual(expected);
  expect(sent(world).slice(0, 1 + expected.length)).toEqual(["list pr-42", ...expected]);
  expectSound(world, 250);
});

test("a key scoped to the container purges it, because its 403 for the check proves the filter", async () => {
  const apiKeys = [{ key: "sm_scoped", containerTags: ["pr-42"] }];
  const world = await startWorld({ containers, omitContainerTags: "always", apiKeys, apiKey: "sm_scoped" });
  await purgeTags(world, ["pr-42"]);
  expect(world.emulator.requests.map(({ status }) => status)).toContain(403);
  expectSound(world, 250);
});

function withoutTags(body: string): string {
  const asked: unknown = JSON.parse(body);
  return JSON.stringify(asked, (name, value: unknown) => (name === "containerTags" ? undefined : value));
}
