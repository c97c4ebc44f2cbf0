import { setImmediate } from "node:timers/promises";
import type { Fault, FaultRule, Meanwhile } from "../../../emulator/index";
import type { PurgeRequest } from "../../../provider/purge/types";
import { byIds, deletesOf, type Story, tell, testStories, toDelete, versions, whole } from "../support/stories";
import { purgeTags, sent, startWorld } from "../support/world";

/** What happens while a delete waits is seen before the delete is sent again. */

const five = { "pr-42": 5 };
const once = ["delete pr-42"];

const waits: readonly (readonly [what: string, then: (meanwhile: Meanwhile) => Fault])[] = [
  ["429 with Retry-After", (meanwhile) => ({ kind: "rateLimit", retryAfter: 2, meanwhile })],
  ["429", (meanwhile) => ({ kind: "rateLimit", meanwhile })],
  ["409", (meanwhile) => ({ kind: "busy", meanwhile })],
];

describe.each(waits)("while a delete waits after a %s", (_what, then) => {
  const during = (meanwhile: Meanwhile): FaultRule[] => [{ match: toDelete, then: then(meanwhile) }];
  const write = during({ kind: "write", documents: 38 });
  const moved = during({ kind: "move", documents: 1, containerTag: "production" });
  const shared = during({ kind: "share", documents: 1, containerTag: "production" });
  const inUse: Story = {
    ...{ containers: five, event: "policy", faults: write, deleted: 0, deletes: once },
    recheck: newestIsOld,
    results: [{ done: true, remaining: 5, skipped: "active now" }],
    left: { "pr-42": 43 },
  };

  testStories({
    "a container that is used again is kept by a policy that deletes by tag": inUse,
    "a container that is used again is kept by a policy that deletes containers": { ...inUse, method: whole },
    "new documents beyond the limit stop a delete by tag": {
      ...{ containers: five, faults: write, maxDeletions: 5, deleted: 0, deletes: once },
      fails:
        /then new documents were written, so this would delete 43 documents, more than maxDeletions \(5\).*; 5 remain\n/,
      left: { "pr-42": 43 },
    },
    "new documents within the limit are deleted by tag, and the number of the plan is named": {
      ...{ containers: five, faults: write, deleted: 43, deletes: [...once, ...once] },
      results: [{ planned: 5, beyondPlan: 38, estimated: false }],
    },
    "documents that become protected stop a delete by tag": {
      ...{ containers: five, faults: shared, deleted: 0, deletes: once },
      fails: '1 document in pr-42 also carries "production", which is protected',
    },
    "documents that become protected stop a delete of the container": {
      ...{ containers: five, faults: shared, deleted: 0, deletes: once, method: whole },
      fails: '1 document in pr-42 also carries "production", which is protected',
    },
    "a document that becomes protected is kept by ids, and named": {
      ...{ containers: five, faults: shared, deleted: 4, deletes: ["delete 5 ids", "delete 4 ids"], method: byIds },
      results: [{ kept: [{ reason: 'also in "production", which is protected', documents: 1 }], lastSeen: 1 }],
      left: { "pr-42": 1, production: 1 },
    },
    "a document that is shared is kept by ids, and named": {
      ...{ containers: five, deleted: 4, method: { ...byIds, sharedDocuments: "keep" } },
      faults: during({ kind: "share", documents: 1, containerTag: "tenant-7" }),
      results: [{ kept: [{ reason: "also in other containers", documents: 1 }] }],
      left: { "pr-42": 1, "tenant-7": 1 },
    },
    "a document that is shared stops a purge that refuses to share": {
      ...{ containers: five, deleted: 0, method: { ...byIds, sharedDocuments: "refuse" } },
      faults: during({ kind: "share", documents: 1, containerTag: "tenant-7" }),
      fails: 'such as "tenant-7", and sharedDocuments is "refuse"; 5 remain',
    },
    "a document that is moved to another container is not deleted there": {
      ...{ containers: five, faults: moved, deleted: 4, method: byIds, estimated: false },
      deletes: ["delete 5 ids", "delete 4 ids"],
      results: [{ goneWithoutResponse: 0, kept: [{ reason: "no longer in pr-42 before their delete", documents: 1 }] }],
      left: { "pr-42": 0, production: 1 },
    },
  });
});

const move: FaultRule = {
  match: toDelete,
  then: { kind: "rateLimit", meanwhile: { kind: "move", documents: 1, containerTag: "production" } },
};
const notLookedUp: Story = {
  ...{ containers: five, deleted: 5, really: 4, method: byIds, estimated: true },
  deletes: ["delete 5 ids", "delete 4 ids"],
  results: [{ goneWithoutResponse: 1, kept: [] }],
};

testStories({
  "a moved document counts as gone on v5, which does not show where it is": {
    ...notLookedUp,
    apiVersion: "v5",
    faults: [move],
  },
  "a moved document counts as gone if the key may not look it up": {
    ...notLookedUp,
    faults: [
      move,
      { match: { method: "GET" }, then: { kind: "refusal", status: 403, as: "json", when: "beforeEffect" } },
    ],
  },
  "a moved document counts as gone if the API does not return its tags": {
    ...{ ...notLookedUp, faults: [move], omitContainerTags: "always" },
  },
});

testStories({
  "a document that one list omits, but that is still in the container, is deleted": {
    ...{ containers: five, deleted: 5, method: byIds, estimated: false },
    faults: [{ match: toDelete, then: { kind: "rateLimit" } }],
    deletes: ["delete 5 ids", "delete 4 ids", "delete 1 ids"],
    relay: ({ emulator }) => ({
      answer: ({ memories }, { path }) => {
        const isAfterWait = path === "/v3/documents/list" && deletesIn(emulator.requests) === 1;
        const seen = emulator.requests.filter((one) => one.path === path).length;
        if (!isAfterWait || seen !== 2 || !Array.isArray(memories)) return undefined;
        return { memories: memories.slice(1), pagination: { totalItems: 4 } };
      },
    }),
  },
});

test("at most a hundred documents of a container are looked up", async () => {
  const { world } = await tell({
    ...{ containers: { "pr-42": 150 }, deleted: 150, estimated: true, method: byIds, concurrency: 1 },
    faults: [{ match: toDelete, times: 2, then: { kind: "rateLimit", when: "afterEffect" } }],
    results: [{ goneWithoutResponse: 150 }],
  });
  expect(world.emulator.requests.filter(({ method }) => method === "GET")).toHaveLength(100);
});

function deletesIn(requests: readonly { readonly method: string }[]): number {
  return requests.filter(({ method }) => method === "DELETE").length;
}

describe.each(versions)("on %s", (apiVersion) => {
  // v5 returns no tags, so that the filter of its lists is checked.
  const checks = apiVersion === "v5" ? ["list pulumi-supermemory-filter-check", "list PR-42", "list pr-4"] : [];
  testStories({
    "a look by ids ends with the page that contains the last document of the waiting batch": {
      ...{ apiVersion, containers: { "pr-42": 450 }, concurrency: 1, method: byIds, deleted: 450 },
      faults: [{ match: toDelete, nth: 2, then: { kind: "rateLimit" } }],
      sent: [
        ...["list pr-42", ...checks, ...Array.from({ length: 4 }, () => "list pr-42")],
        ...["delete 100 ids", "delete 100 ids", "list pr-42", "delete 100 ids"],
        // What the wait has made stale is looked at, too.
        ...["list pr-42", "delete 100 ids", "list pr-42", "delete 100 ids", "list pr-42", "delete 50 ids"],
        "list pr-42",
      ],
    },
  });
});

testStories({
  "documents that leave the container before their delete is sent are named": {
    ...{ containers: { "pr-42": 150, other: 1 }, tags: ["pr-42"], concurrency: 1, method: byIds, deleted: 149 },
    // The second batch has not been sent yet. It follows a wait, too.
    faults: [
      { match: toDelete, then: { kind: "rateLimit" } },
      { match: toDelete, nth: 2, then: { kind: "lateDeleter", documents: 1, from: "newest", containerTag: "pr-42" } },
    ],
    results: [{ estimated: false, kept: [{ reason: "no longer in pr-42 before their delete", documents: 1 }] }],
  },
  "a rate limit that never ends is named with what was deleted": {
    ...{ containers: five, timeoutMs: 60_000, deleted: 0, results: [{ remaining: 5 }] },
    faults: [{ match: toDelete, times: Infinity, then: { kind: "rateLimit" } }],
    fails: "deleted 0 of 5 documents in pr-42, then the API returned 429 until the timeout (1m); 5 remain",
  },
});

test("the wait before a delete is sent again grows, even if Retry-After is short", async () => {
  const world = await startWorld({
    containers: five,
    faults: [{ match: toDelete, times: 6, then: { kind: "rateLimit", retryAfter: 0.001 } }],
  });
  await purgeTags(world, ["pr-42"]);
  const backoffs = world.waits.map(({ ms }) => ms).filter((ms) => ms > 1);
  expect(backoffs).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000]);
});

test("a calm purge looks once before each round", async () => {
  const world = await startWorld({ containers: { "pr-42": 250 } });
  await purgeTags(world, ["pr-42"], { method: byIds, recheck: newestIsOld });
  expect(sent(world)).toHaveLength(3 + 3 + 1);
});

test("an old list is not enough to delete by", async () => {
  const world = await startWorld({ containers: five });
  const slow: PurgeRequest["recheck"] = async () => {
    await setImmediate();
    world.clock.advance(11_000);
    return undefined;
  };
  await purgeTags(world, ["pr-42"], { recheck: slow });
  expect(sent(world)).toEqual(["list pr-42", "list pr-42", "delete pr-42", "list pr-42"]);
  expect(deletesOf(world)).toHaveLength(1);
});

test.each([1, 2])("several purges of one process with %i places do not wait for each other", async (concurrency) => {
  const world = await startWorld({
    ...{ containers: { "pr-1": 250, "pr-2": 250, "pr-3": 250 }, concurrency },
    faults: [2, 4, 7].map((nth) => ({ match: toDelete, nth, then: { kind: "rateLimit", retryAfter: 1 } })),
  });
  const { deleted } = await purgeTags(world, ["pr-1", "pr-2", "pr-3"], { method: byIds });
  expect(deleted).toBe(750);
});

/** Keeps a container in which a document is newer than those of the seed. */
async function newestIsOld({ newest }: { readonly newest: number }): Promise<string | undefined> {
  await setImmediate();
  return newest >= Date.UTC(2026, 0, 1) ? "active now" : undefined;
}
