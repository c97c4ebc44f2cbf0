import type { DocumentSeed, Fault } from "../../../emulator/index";
import { byIds, type Story, testStories, toDelete } from "../support/stories";

const byTag = { route: "documents.deleteBulk" } as const;
const many = { containers: { "pr-42": 250 }, deleted: 250 } as const;
const five = { containers: { "pr-42": 5 }, deleted: 5 } as const;
const once = ["delete pr-42"];
const failed = { success: false, deletedCount: 0 };

const lost: readonly (readonly [string, Fault])[] = [
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

describe.each(lost)("a delete whose response is lost to %s", (what, then) => {
  const isAfter = what.endsWith("after the effect");
  const isGivenUp = ["HTML before the effect", "success: false before the effect"].includes(what);

  testStories({
    "by tag is settled by a list, without a second delete by tag, and is an estimate if documents are gone": {
      ...{ ...many, faults: [{ match: byTag, then }], left: { "pr-42": 0 }, estimated: isAfter },
      results: [{ goneWithoutResponse: isAfter ? 250 : 0 }],
      deletes: isAfter ? once : [...once, "delete 100 ids", "delete 100 ids", "delete 50 ids"],
    },
    "by ids is settled by a list before the purge gives up": {
      ...many,
      estimated: isAfter,
      faults: [{ then: { kind: "partial", documents: 200 } }, { match: byTag, nth: 2, then }],
      ...(isGivenUp ? { fails: "; 50 remain\n", deleted: 200, results: [{ remaining: 50 }] } : {}),
    },
  });
});

testStories({
  ...Object.fromEntries(
    (["beforeEffect", "afterEffect"] as const).map((when): [string, Story] => [
      `a delete without a response is given up halfway to the deadline and settled by a list: ${when}`,
      {
        ...{ ...five, faults: [{ match: byTag, then: { kind: "slow", when } }], timeoutMs: 3_000 },
        estimated: when === "afterEffect",
      },
    ]),
  ),
  "without a further list the number is a lower bound, and what remains is not confirmed": {
    ...five,
    faults: [
      { match: byTag, then: { kind: "slow", when: "afterEffect" } },
      { match: { route: "documents.list" }, nth: 2, times: Infinity, then: { kind: "slow" } },
    ],
    timeoutMs: 2_000,
    fails: /^deleted at least 0 of 5 documents in pr-42, then .*; 5 were not confirmed deleted$/m,
    ...{ deleted: 0, really: 5, estimated: true },
    results: [{ remaining: undefined }],
    deletes: once,
  },
  "after a lost response that had no effect the number is exact, even while others write": {
    ...five,
    faults: [
      { match: { route: "documents.list" }, then: { kind: "lateWriter", documents: 2 } },
      { match: byTag, then: { kind: "reset", when: "beforeEffect" } },
    ],
    results: [{ lastSeen: 2, goneWithoutResponse: 0 }],
    left: { "pr-42": 2 },
  },
  "an API that fails every delete is retried until the deadline, and nothing is reported as deleted": {
    ...five,
    faults: [{ match: byTag, times: Infinity, then: { kind: "serverError" } }],
    timeoutMs: 60_000,
    fails: "deleted 0 of 5 documents in pr-42, then the API returned 500 until the timeout (1m)",
    deleted: 0,
    results: [{ remaining: 5 }],
  },
  "a stale list after a lost response does not use up the limit": {
    containers: { "pr-42": 101 },
    concurrency: 1,
    faults: [
      { match: toDelete, nth: 2, then: { kind: "notJson", when: "afterEffect" } },
      { match: toDelete, nth: 1, then: { kind: "listLag", lists: 1 } },
    ],
    method: byIds,
    maxDeletions: 101,
    deleted: 101,
    estimated: true,
  },
  "a delete by tag without a response counts even if a stale list shows its documents and a retry finds them absent": {
    ...five,
    faults: [{ match: toDelete, then: { kind: "listLag", lists: 1 } }],
    relay: () => ({
      answer: (_body, { body, method }) => (method === "DELETE" && body.includes("containerTags") ? {} : undefined),
    }),
    deletes: [...once, "delete 5 ids"],
    estimated: true,
  },
  'what another container of the purge may have deleted is reported as "about", not "at least"': {
    containers: { "pr-42": { documents: [...documents(101, { processing: "forever" }), { alsoIn: ["pr-43"] }, {}] } },
    tags: ["pr-43", "pr-42"],
    concurrency: 1,
    faults: [
      { match: toDelete, times: 3, then: { kind: "serverError", when: "afterEffect" } },
      { match: { route: "documents.list", containerTag: "pr-42" }, nth: 4, then: { kind: "notFound", as: "html" } },
    ],
    fails: "deleted about 3 of 104 documents (pr-43: about 1 of 1, pr-42: about 2 of 103)",
    ...{ deleted: 3, really: 2, estimated: true },
    results: [{ estimated: true }, { estimated: true, least: false, remaining: 101 }],
  },
  "what another container deleted before a response was lost is not counted twice": {
    apiVersion: "v5",
    concurrency: 1,
    containers: { "pr-42": { documents: [...documents(90, { alsoIn: ["pr-43"] }), {}, {}, {}] } },
    tags: ["pr-43", "pr-42"],
    faults: [
      { match: { route: "v5.documents.delete", containerTag: "pr-42" }, then: { kind: "reset", when: "beforeEffect" } },
      { match: { route: "v5.list", containerTag: "pr-42" }, nth: 3, then: { kind: "wrongShape", body: {} } },
    ],
    fails: "(pr-43: 90 of 90, pr-42: 0 of 93 with 3 left)",
    ...{ deleted: 90, estimated: true },
    results: [{ deleted: 90 }, { deleted: 0, least: true, remaining: 3 }],
  },
});

function documents(count: number, each: DocumentSeed): DocumentSeed[] {
  return Array.from({ length: count }, () => each);
}
