import type { Fault } from "../../../emulator/index";
import { excessOf } from "../../../provider/purge/excess";
import { byIds, type Story, testStories, toDelete, versions, whole } from "../support/stories";
import { startRelay } from "../support/relay";
import { incomplete, purgeTags, startWorld } from "../support/world";

/** What a response other than the documented one says is not believed: a list shows what the delete did. */

const ten = { containers: { "pr-42": 10 } } as const;
const once = ["delete pr-42"];

const refusals: readonly (readonly [what: string, then: Fault])[] = [
  ["303", { kind: "refusal", status: 303, as: "html", when: "afterEffect" }],
  ["400", { kind: "refusal", status: 400, as: "json", when: "afterEffect" }],
  ["401", { kind: "refusal", status: 401, as: "json", when: "afterEffect" }],
  ["403", { kind: "refusal", status: 403, as: "json", when: "afterEffect" }],
  ["403 of a proxy", { kind: "refusal", status: 403, as: "html", when: "afterEffect" }],
  ["404 of a proxy", { kind: "refusal", status: 404, as: "html", when: "afterEffect" }],
  ["409", { kind: "busy", when: "afterEffect" }],
  ["429", { kind: "rateLimit", retryAfter: 2, when: "afterEffect" }],
];

describe.each(refusals)("a %s after all documents were deleted", (_what, then) => {
  const gone: Story = {
    ...{ ...ten, faults: [{ match: toDelete, then }], deleted: 10, estimated: true, left: { "pr-42": 0 } },
    results: [{ goneWithoutResponse: 10, remaining: 0, least: false }],
  };

  testStories({
    "is a success by tag, as an estimate": { ...gone, deletes: once },
    "is a success by tag without verification": { ...gone, deletes: once, verify: false },
    "is a success by ids": { ...gone, method: byIds },
    "is a success with API version auto": { ...gone, apiVersion: "auto", deletes: once },
  });
});

describe.each(versions)("on %s", (apiVersion) => {
  testStories({
    "a 409 after some of the documents were deleted by ids": {
      ...{ ...ten, apiVersion, method: byIds, deleted: 10, estimated: true, left: { "pr-42": 0 } },
      faults: [{ match: toDelete, then: { kind: "busy", when: "afterEffect", documents: 7 } }],
      results: [{ goneWithoutResponse: 7 }],
      deletes: ["delete 10 ids", "delete 3 ids"],
    },
  });
});

testStories({
  "a 409 after some of the documents were deleted by tag": {
    ...{ ...ten, deleted: 10, estimated: true, left: { "pr-42": 0 }, deletes: [...once, "delete 3 ids"] },
    faults: [{ match: toDelete, then: { kind: "busy", when: "afterEffect", documents: 7 } }],
    results: [{ goneWithoutResponse: 7, remaining: 0 }],
  },
  "a key that may not delete fails with what it did not delete": {
    ...{ ...ten, deleted: 0, results: [{ remaining: 10 }] },
    faults: [{ match: toDelete, then: { kind: "refusal", status: 403, as: "json", when: "beforeEffect" } }],
    fails: /then the key may not delete documents \(403\).*; 10 remain\n/,
  },
  "a refusal by ids ends the purge after the deletes in flight": {
    ...{ containers: { "pr-42": 450 }, concurrency: 1, method: byIds, deleted: 100 },
    faults: [{ match: toDelete, nth: 2, then: { kind: "refusal", status: 400, as: "json", when: "beforeEffect" } }],
    fails: /^deleted 100 of 450 documents in pr-42, then .* returned 400.*; 350 remain\n/,
    deletes: ["delete 100 ids", "delete 100 ids"],
  },
  "a refusal after a part of the documents is named with what is gone": {
    ...{ ...ten, deleted: 0, results: [{ remaining: 10 }] },
    faults: [{ match: toDelete, then: { kind: "refusal", status: 401, as: "json", when: "beforeEffect" } }],
    fails: "then the API rejected the key (401)",
  },
  "shared documents that the API spares are not counted as deleted after a lost response": {
    containers: { "pr-42": { documents: [...Array.from({ length: 10 }, () => ({})), ...shared(5)] } },
    ...{ apiVersion: "v5", sharedDeletes: "namespace", method: whole, deleted: 15 },
    faults: [{ match: toDelete, then: { kind: "serverError", status: 503, when: "beforeEffect" } }],
    left: { other: 5 },
  },
  "a list that lags for three seconds is not deleted again": {
    ...{ containers: { "pr-42": 5 }, deleted: 5, deletes: once },
    faults: [{ match: toDelete, then: { kind: "listLag", lists: 4 } }],
  },
  "time is kept for a list, after which an API that no longer responds to deletes is reported with what remains": {
    ...{ ...ten, timeoutMs: 60_000, deleted: 0, results: [{ remaining: 10 }] },
    faults: [{ match: toDelete, times: Infinity, then: { kind: "busy" } }],
    fails: "then the API returned 409 until the timeout (1m); 10 remain",
  },
});

test("far more deletions than planned are not a success, and some more are a warning", async () => {
  const claiming = async (claims: number) => {
    const world = await startWorld({ containers: { "pr-42": 5 }, faults: [{ then: { kind: "partial", claims } }] });
    return await purgeTags(world, ["pr-42"], { maxDeletions: 10 });
  };
  const { message, outcome } = await incomplete(claiming(1_000));
  expect(message).toContain(
    "then the API reported 1,000 deleted documents, 995 more than planned (5), and maxDeletions is 10; 0 remain\n",
  );
  expect(outcome).toMatchObject({ deleted: 1_000, tags: [{ beyondPlan: 995 }] });
  const warning = "the API reported 7 deleted documents, 2 more than planned (5)";
  expect(await claiming(7)).toMatchObject({ deleted: 7, warnings: [warning] });
});

test.each([
  ["as many as planned", [5, 5, 0], 10, undefined],
  ["some more than planned", [7, 5, 2], 10, false],
  ["more than the limit", [12, 5, 7], 10, false],
  ["far more than the limit", [21, 5, 16], 10, true],
  ["far more than planned", [151, 15, 136], 10_000, true],
  ["a hundred more, of many", [600, 500, 100], 10_000, false],
] as const)("deleted %s", (_what, [deleted, planned, beyondPlan], limit, isFar) => {
  expect(excessOf([{ deleted, planned, beyondPlan }], limit)?.isFar).toBe(isFar);
});

function shared(count: number) {
  return Array.from({ length: count }, () => ({ alsoIn: ["other"] }));
}

test("a delete whose body a gateway removed fails, and names that cause", async () => {
  const world = await startWorld(ten);
  const { api } = await startRelay(world, { rewrite: ({ method }) => (method === "DELETE" ? "" : undefined) });
  const { message, outcome } = await incomplete(purgeTags(world, ["pr-42"], { session: { api } }));
  expect(message).toMatch(
    /then DELETE \S+ returned 400.*; 10 remain\nif the body is missing, a proxy or gateway on the way removed it: /,
  );
  expect(outcome.deleted).toBe(0);
});
