import type { FaultRule } from "../../../emulator/index";
import { expectSound, incomplete, purgeTags, sent, startWorld } from "../support/world";

const toList = { route: "documents.list" } as const;

test("what a delete by tag leaves although it answered is deleted by ids", async () => {
  const faults: FaultRule[] = [{ then: { kind: "partial", documents: 30 } }];
  const world = await startWorld({ containers: { "pr-42": 250 }, faults });
  const outcome = await purgeTags(world, ["pr-42"]);
  expect(sent(world).filter((request) => request.startsWith("delete"))).toEqual([
    "delete pr-42",
    "delete 100 ids",
    "delete 100 ids",
    "delete 20 ids",
  ]);
  expect(outcome).toMatchObject({ deleted: 250, tags: [{ remaining: 0, done: true }] });
  expect(world.clock.slept).toEqual([]);
  expectSound(world, 250);
});

test("a delete that claims more than it did is not believed: what is left goes by ids", async () => {
  const faults: FaultRule[] = [{ then: { kind: "partial", documents: 3, claims: 5 } }];
  const world = await startWorld({ containers: { "pr-42": 5 }, faults });
  await purgeTags(world, ["pr-42"]);
  expect(sent(world)).toContain("delete 2 ids");
  expect(world.emulator.containers()).toMatchObject({ "pr-42": 0 });
  expectSound(world, 5);
});

test("a list that lags behind a delete is waited for, without another delete", async () => {
  const world = await startWorld({ containers: { "pr-42": 5 }, faults: [{ then: { kind: "listLag", lists: 2 } }] });
  const outcome = await purgeTags(world, ["pr-42"]);
  expect(world.clock.slept).toEqual([250, 500]);
  expect(sent(world).filter((request) => request.startsWith("delete"))).toEqual(["delete pr-42"]);
  expect(outcome.tags).toMatchObject([{ deleted: 5, remaining: 0, lastSeen: 0 }]);
  expectSound(world, 5);
});

test("a list that lags at the limit of deletions is not taken for documents written meanwhile", async () => {
  const world = await startWorld({ containers: { "pr-42": 5 }, faults: [{ then: { kind: "listLag", lists: 6 } }] });
  const outcome = await purgeTags(world, ["pr-42"], { maxDeletions: 5 });
  expect(outcome.deleted).toBe(5);
  expectSound(world, 5);
});

test("documents that stay in the list for thirty seconds are an error that says how many", async () => {
  const faults: FaultRule[] = [{ then: { kind: "listLag", lists: 99 } }];
  const world = await startWorld({ containers: { "pr-42": 5 }, faults });
  const { message, outcome } = await incomplete(purgeTags(world, ["pr-42"]));
  expect(message).toMatch(/then 5 documents in pr-42 did not go away within 3\d s of the delete; 5 remain\n/);
  expect(outcome.tags).toMatchObject([{ deleted: 5, remaining: 5, done: false }]);
  expectSound(world, 5);
});

test.each(["refuse", "conflict"] as const)(
  "documents that are still processing are waited for when the API answers them with a %s",
  async (processingDeletes) => {
    const mixed = { documents: [{}, {}, { processing: 90_000 }, { processing: 40_000 }] };
    const world = await startWorld({ containers: { "pr-42": mixed }, processingDeletes });
    const outcome = await purgeTags(world, ["pr-42"]);
    expect(outcome).toMatchObject({ deleted: 4, estimated: false, tags: [{ remaining: 0 }] });
    expectSound(world, 4);
  },
);

test("documents that process beyond the deadline remain, and are told as such", async () => {
  const mixed = { documents: [{}, {}, { processing: "forever" as const }] };
  const world = await startWorld({ containers: { "pr-42": mixed }, timeoutMs: 120_000 });
  const { message, outcome } = await incomplete(purgeTags(world, ["pr-42"]));
  expect(message).toContain("deleted 2 of 3 documents in pr-42, then 1 document in pr-42 was still being processed");
  expect(message).toMatch(/^ {2}[0-9A-Za-z]{22}: Document is still processing$/m);
  expect(message).toContain("until the timeout of 2m; 1 remains");
  expect(outcome.tags).toMatchObject([{ deleted: 2, remaining: 1, done: false }]);
  expect(world.statuses.join("\n")).toContain("waiting for 1 document in pr-42 still being processed (0.3 s of 2 min)");
  expectSound(world, 2);
});

test("what is written while a container is purged at create stays, and is told", async () => {
  const faults: FaultRule[] = [
    { match: { route: "documents.deleteBulk" }, then: { kind: "lateWriter", documents: 120, containerTag: "pr-42" } },
  ];
  const world = await startWorld({ containers: { "pr-42": 5 }, faults });
  const outcome = await purgeTags(world, ["pr-42"]);
  expect(outcome.tags).toMatchObject([{ deleted: 5, remaining: 0, lastSeen: 120, done: true, estimated: false }]);
  expect(world.emulator.documents("pr-42")).toHaveLength(120);
  expectSound(world, 5);
});

test("what is written between count and delete goes too, and is counted", async () => {
  const faults: FaultRule[] = [{ match: toList, then: { kind: "lateWriter", documents: 2 } }];
  const world = await startWorld({ containers: { "pr-42": 5 }, faults });
  const outcome = await purgeTags(world, ["pr-42"]);
  expect(outcome).toMatchObject({ planned: 5, deleted: 7, estimated: false });
  expectSound(world, 7);
});

test("what is written while a container is purged at delete is purged again", async () => {
  const world = await startWorld({ containers: { "pr-42": 5 }, faults: [writerDuring(1)] });
  const outcome = await purgeTags(world, ["pr-42"], { event: "delete" });
  expect(outcome.tags).toMatchObject([{ planned: 5, deleted: 7, remaining: 0, done: true }]);
  expect(world.emulator.containers()).toMatchObject({ "pr-42": 0 });
  expectSound(world, 7);
});

test("a container that is written to without end is purged three times, then it is an error", async () => {
  const world = await startWorld({ containers: { "pr-42": 5 }, faults: [writerDuring(9)] });
  const { message, outcome } = await incomplete(purgeTags(world, ["pr-42"], { event: "delete" }));
  expect(message).toContain("then something still writes to pr-42: 2 documents came in while it was purged 3 times");
  expect(message).toContain("; 2 remain\n");
  expect(sent(world).filter((request) => request === "delete pr-42")).toHaveLength(3);
  expect(outcome.tags).toMatchObject([{ planned: 5, deleted: 9, remaining: 2, done: false }]);
  expectSound(world, 9);
});

test("a further round obeys the limit, and says what is left", async () => {
  const world = await startWorld({ containers: { "pr-42": 5 }, faults: [writerDuring(1)] });
  const { message } = await incomplete(purgeTags(world, ["pr-42"], { event: "delete", maxDeletions: 6 }));
  expect(message).toContain("the limit of 6 documents would be exceeded: 5 deleted, 2 still to go");
  expect(message).toContain("; 2 remain\n");
  expect(message).not.toContain("nothing was deleted");
  expectSound(world, 5);
});

function writerDuring(deletes: number): FaultRule {
  return {
    match: { route: "documents.deleteBulk" },
    times: deletes,
    then: { kind: "lateWriter", documents: 2, containerTag: "pr-42" },
  };
}
