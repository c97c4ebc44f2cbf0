import type { FaultRule } from "../../../emulator/index";
import {
  beforeList,
  byIds,
  deletesOf,
  moveByHand,
  type Story,
  tell,
  testStories,
  toDelete,
  versions,
} from "../support/stories";
import type { World } from "../support/world";

const five = { containers: { "pr-42": 5 }, deleted: 5 } as const;

testStories({
  "documents that a successful delete by tag leaves are deleted by ids": {
    containers: { "pr-42": 250 },
    faults: [{ then: { kind: "partial", documents: 30 } }],
    deleted: 250,
    deletes: ["delete pr-42", "delete 100 ids", "delete 100 ids", "delete 20 ids"],
  },
  "documents are deleted by ids even if the response claims that none are left": {
    ...five,
    faults: [{ then: { kind: "partial", documents: 3, claims: 5 } }],
    // Either response may be the wrong one, so that five is a minimum.
    ...{ deleted: 5, estimated: true },
    left: { "pr-42": 0 },
    deletes: ["delete pr-42", "delete 2 ids"],
  },
  "a stale list at the limit is not taken for new documents": {
    ...five,
    faults: [{ then: { kind: "listLag", lists: 6 } }],
    maxDeletions: 5,
  },
  "documents that are still listed after thirty seconds are an error with their number": {
    ...five,
    faults: [{ then: { kind: "listLag", lists: 99 } }],
    fails: /then 5 documents in pr-42 are still listed 3\d s after they were deleted; 5 remain\n/,
    results: [{ remaining: 5 }],
  },
  ...Object.fromEntries(
    (["refuse", "conflict"] as const).map((processingDeletes): [string, Story] => [
      `waits for documents that are being processed if the API responds with a ${processingDeletes}`,
      {
        containers: { "pr-42": { documents: [{}, {}, { processing: 90_000 }, { processing: 40_000 }] } },
        processingDeletes,
        deleted: 4,
      },
    ]),
  ),
  "keeps documents that are written during the purge after create, and reports them": {
    ...five,
    faults: [writerDuring(1, 120)],
    results: [{ lastSeen: 120 }],
    left: { "pr-42": 120 },
  },
  "deletes and counts documents that are written between count and delete by tag": {
    ...five,
    faults: [{ match: { route: "documents.list" }, then: { kind: "lateWriter", documents: 2 } }],
    deleted: 7,
    results: [{ planned: 5 }],
  },
  "on destroy documents that are written during the purge are purged too": {
    ...five,
    faults: [writerDuring(1)],
    event: "delete",
    deleted: 7,
    results: [{ planned: 5 }],
    left: { "pr-42": 0 },
  },
  "on destroy a container that is still written to after three rounds is an error": {
    ...five,
    faults: [writerDuring(9)],
    event: "delete",
    fails:
      /^deleted 9 documents in pr-42 \(5 were planned\) while new ones kept arriving; 2 remain\nstop the writer, then run the command again$/,
    deleted: 9,
    results: [{ planned: 5, remaining: 2 }],
    deletes: ["delete pr-42", "delete pr-42", "delete pr-42"],
  },
  "a further round stays within the limit, and the error reports what remains": {
    ...five,
    faults: [writerDuring(1)],
    event: "delete",
    maxDeletions: 6,
    fails:
      /this would delete 7 documents, more than maxDeletions \(6\): 5 deleted so far, 2 left to delete; 2 remain\n(?!.*nothing was deleted)/s,
  },
  ...Object.fromEntries(
    (["auto", "v3"] as const).map((apiVersion): [string, Story] => [
      `what a delete by tag leaves is not deleted by ids if some of it carries a protected tag, on ${apiVersion}`,
      {
        apiVersion,
        containers: { "pr-42": { documents: [{ alsoIn: ["live"] }, ...Array.from({ length: 149 }, () => ({}))] } },
        faults: [{ match: toDelete, then: { kind: "partial", documents: 0 } }],
        fails: '1 document in pr-42 also carries "live"',
        deleted: 0,
        results: [{ remaining: 150 }],
      },
    ]),
  ),
});

describe.each(versions)("a list that alternates between two numbers after the delete, on %s,", (apiVersion) => {
  test("is given up after a few deletes, and the error reports both", async () => {
    const { message, outcome, world } = await tell({
      ...{ ...five, apiVersion },
      faults: [{ match: toDelete, then: { kind: "listLag", lists: 999, flickers: true } }],
      fails: /then the list of pr-42 rises and falls between 4 and 5 documents; /,
      deleted: 5,
    });
    expect(message).not.toContain("timeout");
    expect(outcome?.durationMs).toBeLessThan(60_000);
    expect(deletesOf(world).length).toBeLessThan(10);
  });
});

test("waits for a stale list without another delete", async () => {
  const { world } = await tell({
    ...five,
    faults: [{ then: { kind: "listLag", lists: 2 } }],
    results: [{ lastSeen: 0 }],
    deletes: ["delete pr-42"],
  });
  expect(world.clock.slept).toEqual([250, 500]);
});

test("documents that are being processed until the deadline remain, and the error names them", async () => {
  const { message, world } = await tell({
    containers: { "pr-42": { documents: [{}, {}, { processing: "forever" }] } },
    timeoutMs: 120_000,
    fails: "deleted 2 of 3 documents in pr-42, then 1 document in pr-42 was still being processed",
    deleted: 2,
    results: [{ remaining: 1 }],
  });
  expect(message).toMatch(/^ {2}[0-9A-Za-z]{22}: Document is still processing$/m);
  expect(message).toContain("until the timeout (2m); 1 remains");
  expect(world.statuses.join("\n")).toContain("waiting for 1 document in pr-42 to be processed (0.3 s of 2 min)");
});

describe.each(versions)("older documents that are moved into the container on %s", (apiVersion) => {
  // On v3 a call by tag comes first, so that deletes by ids come only where that fails.
  const faults: FaultRule[] =
    apiVersion === "v5" ? [] : [{ match: toDelete, then: { kind: "serverError", status: 500, when: "beforeEffect" } }];
  const moved = { apiVersion, containers: { old: 90, "pr-42": 10 }, relay: moveAfterTheCount } as const;

  testStories({
    "are not deleted beyond the limit": {
      ...{ ...moved, faults },
      maxDeletions: 10,
      fails: "then 90 documents in pr-42 are still listed",
      deleted: 10,
      estimated: apiVersion === "v3",
      left: { "pr-42": 90 },
    },
    "are deleted and counted within the limit": {
      ...{ ...moved, faults },
      maxDeletions: 100,
      deleted: 100,
      results: [{ planned: 10 }],
    },
    "are kept by a purge by ids, which reports them": {
      ...moved,
      method: byIds,
      deleted: 10,
      results: [{ kept: [{ documents: 90, reason: "not listed when the purge was planned" }], lastSeen: 90 }],
    },
  });
});

function writerDuring(deletes: number, documents = 2): FaultRule {
  const then = { kind: "lateWriter", documents, containerTag: "pr-42" } as const;
  return { match: { route: "documents.deleteBulk" }, times: deletes, then };
}

/** Another client moves "old" into the container right before its second list. */
function moveAfterTheCount(world: World) {
  return beforeList(async (list) => {
    if (list === 2) await moveByHand(world, "old", "pr-42");
  });
}
