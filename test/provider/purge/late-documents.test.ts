import type { PurgeMethod } from "../../../provider/purge/types";
import { type Asked, expectSound, incomplete, purgeTags, sent, startWorld, type WorldOptions } from "../support/world";

const byIds: PurgeMethod = { kind: "ids", select: undefined, sharedDocuments: "delete" };
const five = { "pr-42": 5 };

/** A purge that settles for 10 s, during which these documents are written to each container. */
async function purgeWhileWriting(
  written: number,
  { tags = ["pr-42"], ...asked }: Asked & { readonly tags?: readonly string[] },
  options: WorldOptions = {},
) {
  const world = await startWorld({ containers: five, ...options });
  let waited = false;
  const onStatus = (status: string): void => {
    if (!status.startsWith("waiting 10 s for documents") || waited) return;
    waited = true;
    const documents = { documents: written, each: { createdAt: "2026-01-02T00:00:00Z" } };
    world.emulator.seed({ containers: Object.fromEntries(tags.map((tag) => [tag, documents])) });
  };
  return { world, purging: purgeTags(world, tags, { settleMs: 10_000, session: { onStatus }, ...asked }) };
}

describe.each(["v3", "v5"] as const)("on %s, documents that are written while a purge settles", (apiVersion) => {
  test.each<[string, Asked]>([
    ["by tag", {}],
    ["of the container", { method: { kind: "container" } }],
  ])("are purged on delete, %s", async (_how, asked) => {
    const { purging, world } = await purgeWhileWriting(50, { event: "delete", ...asked }, { apiVersion });
    expect(await purging).toMatchObject({ deleted: 55, planned: 5, tags: [{ done: true, remaining: 0 }] });
    expectSound(world, 55);
  });

  test("are purged on delete although the container was empty before", async () => {
    const { purging, world } = await purgeWhileWriting(3, { event: "delete" }, { apiVersion, containers: {} });
    expect(await purging).toMatchObject({ deleted: 3, planned: 0, tags: [{ done: true }] });
    expectSound(world, 3);
  });

  test.each<[string, Asked]>([
    ["on create", {}],
    ["on delete by ids", { event: "delete", method: byIds }],
  ])("are counted and kept %s", async (_when, asked) => {
    const { purging, world } = await purgeWhileWriting(50, asked, { apiVersion });
    expect(await purging).toMatchObject({ deleted: 5, tags: [{ done: true, written: 50, lastSeen: 50 }] });
    expectSound(world, 5);
  });
});

test("the wait happens once for all containers, after the last of them, and each is listed once more", async () => {
  const tags = ["pr-1", "pr-2", "pr-3"];
  const containers = Object.fromEntries(tags.map((tag) => [tag, 2]));
  const { purging, world } = await purgeWhileWriting(0, { event: "delete", tags }, { containers, concurrency: 1 });
  expect(await purging).toMatchObject({ deleted: 6 });
  expect(world.clock.slept.filter((ms) => ms === 10_000)).toHaveLength(1);
  expect(sent(world).slice(-3)).toEqual(["list pr-1", "list pr-2", "list pr-3"]);
});

test("late documents beyond maxDeletions are not deleted", async () => {
  const { purging, world } = await purgeWhileWriting(50, { event: "delete", maxDeletions: 20 });
  expect((await incomplete(purging)).message).toContain(
    "new documents were written, so this would delete 55 documents",
  );
  expectSound(world, 5);
});

test("a purge without the time to settle is incomplete", async () => {
  const { purging, world } = await purgeWhileWriting(0, { settleMs: 86_400_000 });
  expect((await incomplete(purging)).message).toMatch(
    /^deleted 5 of 5 documents in pr-42, then the wait of .* \(settle\) was not over until the timeout \(.*\); 0 remain$/m,
  );
  expectSound(world, 5);
});

test("without settle nothing waits", async () => {
  const { purging, world } = await purgeWhileWriting(50, { event: "delete", settleMs: undefined });
  expect(await purging).toMatchObject({ deleted: 5 });
  expect(world.clock.slept).toEqual([]);
});
