import type { FaultRule } from "../../../emulator/index";
import { beforeList, deletesOf, tell, testStories, toDelete, versions, whole, writeByHand } from "../support/stories";
import type { World } from "../support/world";

const containers = { "pr-42": { documents: 250, memories: 6 } };
const empty = { "pr-42": { documents: 0, memories: 6 } };
const busy = { "pr-42": { documents: [{}, { processing: 40_000 }] } };
const gone = { left: {} };

describe.each(versions)("a container on %s", (apiVersion) => {
  const all = { apiVersion, containers, method: whole, deleted: 250 } as const;
  const none = { ...all, deleted: 0 } as const;

  testStories({
    "is deleted with its documents and memories by one request": {
      ...{ ...all, ...gone },
      event: "delete",
      results: [{ planned: 250, memories: 6, absent: false, lastSeen: 0 }],
      deletes: ["delete pr-42"],
    },
    "is deleted with its memories when it has no documents": {
      ...{ ...none, ...gone },
      containers: empty,
      results: [{ planned: 0, memories: 6, absent: false }],
    },
    "that does not exist is reported as absent": {
      ...none,
      containers: {},
      results: [{ memories: 0, absent: true }],
    },
    "is kept if the key is not an owner's or admin's, and the error explains it": {
      ...none,
      apiKeys: [{ key: "sm_member", role: "member" }],
      fails:
        /^deleted 0 of 250 documents in pr-42, then the key may not delete a whole container \(403\).*owner.* admin/s,
      results: [{ remaining: 250 }],
    },
    "whose response is lost after the effect is estimated from lists, its memories as unknown": {
      ...{ ...all, ...gone },
      faults: [{ match: toDelete, then: { kind: "reset", when: "afterEffect" } }],
      estimated: true,
      results: [{ memories: undefined, absent: false, goneWithoutResponse: 250 }],
      deletes: ["delete pr-42", "delete pr-42"],
    },
    "whose response is lost before the effect is deleted again": {
      ...{ ...all, ...gone },
      faults: [notDeleted("reset")],
      results: [{ memories: 6, absent: false }],
    },
    "whose response is lost before the effect is deleted again, though it is empty": {
      ...{ ...none, ...gone },
      containers: empty,
      faults: [notDeleted("serverError")],
      results: [{ memories: 6, absent: false }],
    },
    "that is busy until the timeout remains, and the error names the 409": {
      ...none,
      timeoutMs: 30_000,
      processingDeletes: "conflict",
      containers: busy,
      fails: / 409 until the timeout .*; 2 remain\n/,
      results: [{ remaining: 2 }],
    },
    "that a writer creates again is kept after create, with the new documents": {
      ...all,
      faults: [lateWriter(1)],
      results: [{ memories: 6, written: 2, lastSeen: 2 }],
      left: { "pr-42": 2 },
    },
    "that a writer creates again is deleted again on destroy": {
      ...{ ...all, ...gone },
      faults: [lateWriter(1)],
      event: "delete",
      deleted: 252,
      results: [{ planned: 250, memories: 6, lastSeen: 0 }],
    },
    "that still exists although it was reported as deleted is deleted again": {
      ...{ ...all, ...gone },
      faults: [{ then: { kind: "partial", documents: 1 } }],
      results: [{ absent: false, memories: 6 }],
    },
  });

  test("that is busy (409) is waited for", async () => {
    const { world } = await tell({ ...all, processingDeletes: "conflict", containers: busy, deleted: 2 });
    expect(world.waits.map(({ reason }) => reason)).toContain("conflict");
  });
});

test("a container is not deleted again if documents written since exceed the limit", async () => {
  let attempts = 0;
  const { world } = await tell({
    containers: { "pr-42": 5 },
    faults: [notDeleted("reset")],
    method: whole,
    maxDeletions: 5,
    session: ({ emulator }) => ({
      onAttempt: () => {
        const documents = [{ createdAt: "2026-01-01T00:00:09Z" }];
        if ((attempts += 1) === 3) emulator.seed({ containers: { "pr-42": { documents } } });
      },
    }),
    fails: "this would delete 6 documents, more than maxDeletions (5): 0 deleted so far, 6 left to delete",
    deleted: 0,
  });
  expect(deletesOf(world)).toHaveLength(1);
});

const answer = { success: true, containerTag: "pr-43", deletedDocumentsCount: 0, deletedMemoriesCount: 0 };
const sharing = { "pr-42": 2, "pr-43": { documents: 3, each: { alsoIn: ["pr-42"] }, memories: 1 } };
const emptied = { concurrency: 1, containers: sharing, method: whole, deleted: 5, ...gone } as const;
const ofOther = { containerTag: "pr-43", ...toDelete };

testStories({
  "a container that its delete left empty still exists, and is deleted again": {
    ...emptied,
    faults: [{ match: ofOther, then: { kind: "partial", documents: 0 } }],
    tags: ["pr-43", "pr-42"],
  },
  "a container that still exists is deleted again even if another delete emptied it": {
    ...emptied,
    faults: [{ match: ofOther, then: { kind: "wrongShape", body: answer, when: "beforeEffect" } }],
    tags: ["pr-42", "pr-43"],
  },
  "a container that a writer created again is kept, whatever the first delete left": {
    containers: { "pr-42": 3 },
    faults: [
      { then: { kind: "partial", documents: 1 } },
      { match: { route: "documents.deleteBulk" }, then: { kind: "lateWriter", documents: 2, containerTag: "pr-42" } },
    ],
    method: whole,
    deleted: 3,
    results: [{ written: 2 }],
    left: { "pr-42": 2 },
  },
  "a container is deleted again with documents that were written since": {
    ...writtenBetween([]),
    deleted: 4,
  },
  "a container is not deleted again if documents of a protected one are in it now": {
    ...writtenBetween(["live"]),
    fails: '1 document in pr-42 also carries "live"',
    deleted: 0,
    results: [{ remaining: 3 }],
  },
});

/** A document is written between the delete that had no effect and the next. */
function writtenBetween(alsoIn: readonly string[]) {
  return {
    ...{ containers: { "pr-42": 3, live: 1 }, faults: [notDeleted("serverError")], method: whole },
    relay: (world: World) =>
      beforeList(async (list) => {
        if (list === 2) await writeByHand(world, ["pr-42", ...alsoIn]);
      }),
  };
}

function notDeleted(kind: "reset" | "serverError"): FaultRule {
  return { match: toDelete, then: { kind, when: "beforeEffect" } };
}

function lateWriter(times: number): FaultRule {
  return { match: toDelete, times, then: { kind: "lateWriter", documents: 2, containerTag: "pr-42" } };
}
