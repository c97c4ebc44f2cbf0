import type { Fault, FaultRule } from "../../../emulator/index";
import { expectSound, incomplete, purgeTags, reallyDeleted, sent, startWorld, type World } from "../support/world";
import type { PurgeMethod } from "../../../provider/purge/types";
import { startRelay } from "../support/relay";

const toDelete = { route: "documents.deleteBulk" } as const;
const containers = { "pr-42": 250 };
const failed = { success: false, deletedCount: 0 };

const lost: readonly [string, Fault][] = [
  ["a reset before the effect", { kind: "reset", when: "beforeEffect" }],
  ["a reset after the effect", { kind: "reset", when: "afterEffect" }],
  ["a 500 before the effect", { kind: "serverError", when: "beforeEffect" }],
  ["a 500 after the effect", { kind: "serverError", when: "afterEffect" }],
  ["a 408 after the effect", { kind: "wrongShape", status: 408, body: { error: "Request timeout" } }],
  ["HTML before the effect", { kind: "notJson", when: "beforeEffect" }],
  ["HTML after the effect", { kind: "notJson", when: "afterEffect" }],
  ["another shape after the effect", { kind: "wrongShape", body: { deleted: 250 } }],
  ["success: false before the effect", { kind: "wrongShape", body: failed, when: "beforeEffect" }],
  ["success: false after the effect", { kind: "wrongShape", body: failed, when: "afterEffect" }],
];

describe.each(lost)("a delete whose response is lost to %s", (_name, then) => {
  test("is settled by a list, with the exact number and no second delete by tag", async () => {
    const world = await startWorld({ containers, faults: [{ match: toDelete, then }] });
    const outcome = await purgeTags(world, ["pr-42"]);
    expect(outcome).toMatchObject({ deleted: 250, estimated: false, tags: [{ remaining: 0, done: true }] });
    expect(deletesByTag(world)).toBe(1);
    expect(world.emulator.containers()).toMatchObject({ "pr-42": 0 });
    expectSound(world, 250);
  });

  test("by ids is settled by a list before the purge gives up", async () => {
    const faults: FaultRule[] = [
      { name: "left over", then: { kind: "partial", documents: 200 } },
      { match: toDelete, nth: 2, then },
    ];
    const world = await startWorld({ containers, faults });
    const outcome = await settled(purgeTags(world, ["pr-42"]));
    expect(outcome.deleted + (outcome.tags[0]?.remaining ?? Number.NaN)).toBe(250);
    expect(deletesByTag(world)).toBe(1);
    expectSound(world, outcome.deleted);
  });
});

test("a delete without a response is given up halfway to the deadline and settled by a list", async () => {
  for (const when of ["beforeEffect", "afterEffect"] as const) {
    const faults: FaultRule[] = [{ match: toDelete, then: { kind: "slow", when } }];
    const world = await startWorld({ containers: { "pr-42": 5 }, faults, timeoutMs: 3_000 });
    const outcome = await purgeTags(world, ["pr-42"]);
    expect(outcome).toMatchObject({ deleted: 5, estimated: false });
    expect(deletesByTag(world)).toBe(1);
    expectSound(world, 5);
  }
});

test("without a further list the number is a lower bound, and what remains is not confirmed", async () => {
  const faults: FaultRule[] = [
    { match: toDelete, then: { kind: "slow", when: "afterEffect" } },
    { match: { route: "documents.list" }, nth: 2, times: Infinity, then: { kind: "slow" } },
  ];
  const world = await startWorld({ containers: { "pr-42": 5 }, faults, timeoutMs: 2_000 });
  const { message, outcome } = await incomplete(purgeTags(world, ["pr-42"]));
  expect(message).toMatch(/^deleted at least 0 of 5 documents in pr-42, then .*; 5 were not confirmed deleted$/m);
  expect(outcome).toMatchObject({ deleted: 0, estimated: true, tags: [{ remaining: undefined, done: false }] });
  expect(deletesByTag(world)).toBe(1);
  expectSound(world, 5);
});

test("after a lost response while others write the number is an estimate", async () => {
  const faults: FaultRule[] = [
    { match: { route: "documents.list" }, then: { kind: "lateWriter", documents: 2 } },
    { match: toDelete, then: { kind: "reset", when: "beforeEffect" } },
  ];
  const world = await startWorld({ containers: { "pr-42": 5 }, faults });
  const outcome = await purgeTags(world, ["pr-42"]);
  expect(outcome).toMatchObject({ deleted: 5, estimated: true, tags: [{ lastSeen: 2 }] });
  expect(world.emulator.documents("pr-42")).toHaveLength(2);
  expectSound(world, 5);
});

test("an API that fails every delete is retried until the deadline, and nothing is reported as deleted", async () => {
  const faults: FaultRule[] = [{ match: toDelete, times: Infinity, then: { kind: "serverError" } }];
  const world = await startWorld({ containers: { "pr-42": 5 }, faults, timeoutMs: 60_000 });
  const { message, outcome } = await incomplete(purgeTags(world, ["pr-42"]));
  expect(message).toContain("deleted 0 of 5 documents in pr-42, then the API returned 500 until the timeout (1m)");
  expect(outcome.tags).toMatchObject([{ deleted: 0, remaining: 5 }]);
  expect(deletesByTag(world)).toBe(1);
  expectSound(world, 0);
});

function deletesByTag(world: World): number {
  return sent(world).filter((request) => request === "delete pr-42").length;
}

async function settled(work: ReturnType<typeof purgeTags>): ReturnType<typeof purgeTags> {
  return await work.catch(async () => (await incomplete(work)).outcome);
}

const exactly: PurgeMethod = { kind: "ids", select: undefined, sharedDocuments: "delete" };
const lossAndLag: readonly FaultRule[] = [
  { match: { method: "DELETE" }, nth: 2, then: { kind: "notJson", when: "afterEffect" } },
  { match: { method: "DELETE" }, nth: 1, then: { kind: "listLag", lists: 1 } },
];

test("a stale list after a lost response does not use up the limit", async () => {
  const world = await startWorld({ containers: { "pr-42": 101 }, concurrency: 1, faults: lossAndLag });
  const outcome = await purgeTags(world, ["pr-42"], { method: exactly, maxDeletions: 101 });
  expect(outcome).toMatchObject({ deleted: 101, estimated: false });
  expectSound(world, 101);
});

test("a delete by tag without a response counts even if a stale list shows its documents and a retry finds them absent", async () => {
  const world = await startWorld({
    containers: { "pr-42": 5 },
    faults: [{ match: { method: "DELETE" }, then: { kind: "listLag", lists: 1 } }],
  });
  const { api } = await startRelay(world, {
    answer: (_body, { body, method }) => (method === "DELETE" && body.includes("containerTags") ? {} : undefined),
  });
  expect(await purgeTags(world, ["pr-42"], { session: { api } })).toMatchObject({ deleted: 5, tags: [{ done: true }] });
  expect(sent(world)).toContain("delete 5 ids");
  expectSound(world, 5);
});

test('what another container of the purge may have deleted is reported as "about", not "at least"', async () => {
  const processing = Array.from({ length: 101 }, () => ({ processing: "forever" as const }));
  const world = await startWorld({
    containers: { "pr-42": { documents: [...processing, { alsoIn: ["pr-43"] }, {}] } },
    concurrency: 1,
    faults: [
      { match: { method: "DELETE" }, times: 3, then: { kind: "serverError", when: "afterEffect" } },
      { match: { route: "documents.list", containerTag: "pr-42" }, nth: 4, then: { kind: "notFound", as: "html" } },
    ],
  });
  const { message, outcome } = await incomplete(purgeTags(world, ["pr-43", "pr-42"]));
  expect(message).toContain("deleted about 3 of 104 documents (pr-43: about 1 of 1, pr-42: about 2 of 103)");
  expect(outcome.tags).toMatchObject([{ estimated: true }, { estimated: true, least: false, remaining: undefined }]);
  expect(reallyDeleted(world)).toBe(2);
  expectSound(world, 2);
});

test("what another container deleted before a response was lost is not counted twice", async () => {
  const world = await startWorld({
    apiVersion: "v5",
    concurrency: 1,
    containers: { "pr-42": { documents: [...Array.from({ length: 90 }, () => ({ alsoIn: ["pr-43"] })), {}, {}, {}] } },
    faults: [
      { match: { route: "v5.documents.delete", containerTag: "pr-42" }, then: { kind: "reset", when: "beforeEffect" } },
      {
        match: { route: "v5.list", containerTag: "pr-42" },
        nth: 3,
        then: { kind: "wrongShape", body: {} },
      },
    ],
  });
  const { message, outcome } = await incomplete(purgeTags(world, ["pr-43", "pr-42"]));
  expect(message).toContain("(pr-43: 90 of 90, pr-42: at least 0 of 93)");
  expect(outcome.tags).toMatchObject([{ deleted: 90 }, { deleted: 0, least: true, remaining: undefined }]);
  expectSound(world, 90);
});
