import {
  type DeleteFact,
  deletedIn,
  type DeletionAccount,
  type Fact,
  type Listing,
  openAccount,
  record,
  resultOf,
  unaccountedIn,
} from "../../../provider/purge/accounting";
import type { PurgeEvent, TagPlan, TagResult } from "../../../provider/purge/types";

const day = { newest: 0, alsoCarried: new Map<string, number>(), allTagsSeen: true };
const five = planOf(5);
const fiveIds = { ...planOf(5), ids: new Set(["a", "b", "c", "d", "e"]) };

interface Case {
  readonly plan?: TagPlan;
  readonly overlaps?: boolean;
  readonly facts: readonly Fact[];
  readonly done?: boolean;
  /** Fields of the result, and three numbers of the account that the purge uses meanwhile. */
  readonly expected: Partial<TagResult & { unaccounted: number; reserved: number }>;
}

const cases: Readonly<Record<string, Case>> = {
  "without facts nothing is deleted, and the plan remains and is reserved": {
    facts: [],
    expected: { deleted: 0, remaining: 5, lastSeen: 5, unaccounted: 5, reserved: 5, estimated: false, memories: 0 },
  },
  "a response counts as it is": {
    facts: [deleted(5), listed(0)],
    expected: { deleted: 5, remaining: 0, unaccounted: 0, reserved: 0, estimated: false, least: false },
  },
  "a response without a list leaves the rest of the plan": {
    facts: [deleted(3)],
    expected: { deleted: 3, remaining: undefined, unconfirmed: 2, lastSeen: 2, unaccounted: 2, reserved: 2 },
  },
  "by tag more than planned may be deleted, and counts": {
    facts: [deleted(7)],
    expected: { deleted: 7, unconfirmed: 0, beyondPlan: 2, unaccounted: 0, reserved: 0 },
  },
  "by ids no response counts beyond the plan": {
    plan: fiveIds,
    facts: [deleted(9, { target: "ids" })],
    expected: { deleted: 5, unaccounted: 0 },
  },
  "ids that are absent were deleted by someone else": {
    plan: fiveIds,
    facts: [deleted(3, { target: "ids", absent: 2 })],
    expected: { deleted: 3, unconfirmed: 0, unaccounted: 0, estimated: false, goneWithoutResponse: 0 },
  },
  "by ids no response counts what someone else deleted": {
    plan: fiveIds,
    facts: [deleted(5, { target: "ids", absent: 2 })],
    expected: { deleted: 3, unaccounted: 0 },
  },
  "absent ids of a repeated delete may have been deleted by the first": {
    plan: fiveIds,
    facts: [lost("ids"), listed(2), deleted(0, { target: "ids", absent: 2, repeated: true }), listed(0)],
    expected: { deleted: 5, estimated: true, goneWithoutResponse: 5 },
  },
  "while every response is there, what else is gone was deleted by someone else": {
    facts: [deleted(2), listed(1)],
    expected: { deleted: 2, remaining: 1, unaccounted: 1, estimated: false, goneWithoutResponse: 2 },
  },
  "a list that shows more than is left after the responses is believed about what remains": {
    facts: [deleted(5), listed(2)],
    expected: { deleted: 5, remaining: 2, lastSeen: 2, unaccounted: 0, reserved: 0 },
  },
  "a lost response alone is a lower bound, and what remains is unknown": {
    facts: [lost("tag")],
    expected: {
      deleted: 0,
      remaining: undefined,
      unconfirmed: 5,
      estimated: true,
      least: true,
      unaccounted: 5,
      reserved: 5,
    },
  },
  "documents that the last list showed are not confirmed deleted, although responses confirmed all": {
    facts: [deleted(5), listed(5), deleted(5, { target: "ids", repeated: true })],
    expected: { remaining: undefined, unconfirmed: 5, unaccounted: 0 },
  },
  "a lost response after a received one keeps what was confirmed": {
    facts: [deleted(3), listed(2), lost("ids", true)],
    expected: { deleted: 3, remaining: undefined, estimated: true, least: true },
  },
  "what is gone after a lost response counts as deleted, as an estimate": {
    facts: [lost("tag"), listed(0)],
    expected: { deleted: 5, remaining: 0, estimated: true, least: false, unaccounted: 0, goneWithoutResponse: 5 },
  },
  "what is gone after a lost response, and the rest by a response": {
    facts: [lost("tag"), listed(3), deleted(3, { target: "ids", repeated: true }), listed(0)],
    expected: { deleted: 5, remaining: 0, estimated: true, least: false, goneWithoutResponse: 2 },
  },
  "after a list that settled a lost response, only responses count, but the number is a minimum": {
    facts: [lost("container"), listed(5), deleted(3, { target: "container", memories: 0, repeated: true }), listed(0)],
    expected: { deleted: 3, remaining: 0, estimated: true, least: true, goneWithoutResponse: 2 },
  },
  "documents that a response confirmed are not confirmed again by a repeated delete by ids": {
    facts: [deleted(5), listed(5), deleted(5, { target: "ids", repeated: true }), listed(0)],
    expected: { deleted: 5, estimated: true, least: true, beyondPlan: 0, goneWithoutResponse: 0 },
  },
  "older documents that were moved into the container are confirmed, if no response confirmed others before": {
    facts: [lost("tag"), listed(100), deleted(100, { target: "ids", repeated: true }), listed(0)],
    expected: { deleted: 100, estimated: false },
  },
  "documents that are kept after all are no longer open": {
    plan: fiveIds,
    facts: [kept(2), deleted(3, { target: "ids" }), listed(0, { others: 2 })],
    expected: { deleted: 3, remaining: 0, kept: [{ reason: "also in other containers", documents: 2 }], lastSeen: 2 },
  },
  "documents that had left the container are named, and are not expected in a list": {
    plan: fiveIds,
    facts: [deleted(4, { target: "ids" }), { kind: "left", documents: 1 }, listed(0)],
    expected: {
      ...{ deleted: 4, remaining: 0, goneWithoutResponse: 0, lastSeen: 0 },
      kept: [{ reason: "no longer in pr-42 before their delete", documents: 1 }],
    },
  },
  "a list settles a lost response that had no effect": {
    facts: [lost("tag"), listed(5)],
    expected: { deleted: 0, remaining: 5, estimated: false, unaccounted: 5 },
  },
  "responses after that list count on top of it": {
    facts: [lost("tag"), listed(4), deleted(3, { target: "ids", repeated: true })],
    expected: { deleted: 4, remaining: undefined, unconfirmed: 1, lastSeen: 1, reserved: 1 },
  },
  "a lost response while new documents arrive is an estimate": {
    facts: [lost("tag"), listed(0, { written: 2 })],
    expected: { deleted: 5, estimated: true, least: false, written: 2, lastSeen: 2 },
  },
  "by ids new documents change nothing": {
    plan: fiveIds,
    facts: [lost("ids"), listed(0, { written: 2 })],
    expected: { deleted: 5, estimated: true, written: 2 },
  },
  "by ids a lost response while kept documents are deleted is an estimate": {
    plan: { ...fiveIds, kept: [{ reason: "not selected", documents: 2 }] },
    facts: [lost("ids"), listed(0, { others: 1 })],
    expected: { deleted: 5, estimated: true },
  },
  "nor does it matter whether kept documents are still there": {
    plan: { ...fiveIds, kept: [{ reason: "not selected", documents: 2 }] },
    facts: [lost("ids"), listed(0, { others: 2 })],
    expected: { deleted: 5, estimated: true, lastSeen: 2 },
  },
  "a lost response for documents that another container shares is an estimate": {
    overlaps: true,
    facts: [lost("tag"), listed(0)],
    expected: { deleted: 5, estimated: true, least: false },
  },
  "with every response there, shared documents are no estimate, and gone with the other container": {
    overlaps: true,
    facts: [deleted(3), listed(0)],
    expected: { deleted: 3, estimated: false, unaccounted: 0, goneWithoutResponse: 0 },
  },
  "an estimate stays one after later lists": {
    facts: [lost("tag"), listed(1, { written: 2 }), deleted(1, { target: "ids", repeated: true }), listed(0)],
    expected: { estimated: true, deleted: 5 },
  },
  "what someone else deleted before a lost response is not counted": {
    plan: fiveIds,
    facts: [deleted(1, { target: "ids", absent: 2 }), lost("ids"), listed(0)],
    expected: { deleted: 3, estimated: true },
  },
  "nor by tag on API v5, where the plan has no ids": {
    facts: [deleted(1, { target: "ids", absent: 2 }), lost("ids"), listed(0)],
    expected: { deleted: 3, estimated: true },
  },
  "an estimate is no lower bound, even if a later list is stale": {
    facts: [lost("tag"), listed(4), deleted(4, { target: "ids", repeated: true }), lost("ids", true), listed(3)],
    expected: { deleted: 5, remaining: 3, estimated: true, least: false },
  },
  "a stale list after a lost response settles nothing": {
    plan: fiveIds,
    facts: [deleted(4, { target: "ids" }), lost("ids"), listed(3)],
    expected: { deleted: 4, remaining: 3, estimated: true, least: true },
  },
  "a list that shows documents reported as absent settles nothing either": {
    plan: fiveIds,
    facts: [lost("ids"), listed(5), deleted(0, { target: "ids", absent: 5, repeated: true }), listed(5)],
    expected: { deleted: 0, remaining: 5, estimated: true, least: true },
  },
  "a list without them does": {
    plan: fiveIds,
    facts: [lost("ids"), listed(5), deleted(0, { target: "ids", absent: 5, repeated: true }), listed(0)],
    expected: { deleted: 5, remaining: 0, estimated: true },
  },
  "after a delete event new documents remain too": {
    plan: planOf(5, "delete"),
    facts: [deleted(5), listed(0, { written: 2 })],
    expected: { deleted: 5, remaining: 2, written: 2, lastSeen: 2 },
  },
  "after other events, and by ids, they are only counted": {
    plan: { ...fiveIds, event: "delete" },
    facts: [deleted(5, { target: "ids" }), listed(0, { written: 2 })],
    expected: { remaining: 0, written: 2, lastSeen: 2 },
  },
  "older documents outside the plan are kept, beyond those of another container's plan": {
    plan: {
      ...fiveIds,
      elsewhere: [{ containerTag: "pr-41", documents: 1 }],
      kept: [{ reason: "not selected", documents: 2 }],
    },
    facts: [deleted(5, { target: "ids" }), listed(0, { others: 7 })],
    expected: {
      kept: [
        { reason: "not selected", documents: 2 },
        { reason: "not listed when the purge was planned", documents: 4 },
      ],
      lastSeen: 6,
    },
  },
  "what is done has nothing remaining, whatever responses left open": {
    facts: [deleted(3)],
    done: true,
    expected: { done: true, remaining: 0, deleted: 3 },
  },
  "a further round starts a new count and keeps what was deleted": {
    plan: planOf(5, "delete"),
    facts: [deleted(5), listed(0, { written: 2 }), counted(2)],
    expected: { planned: 5, deleted: 5, remaining: 2, unaccounted: 2, written: 0, reserved: 0 },
  },
  "its deletes count on top": {
    plan: planOf(5, "delete"),
    facts: [lost("tag"), listed(0, { written: 2 }), counted(2), deleted(2), listed(0)],
    expected: { deleted: 7, remaining: 0, estimated: true, unaccounted: 0 },
  },
  "a lost response of an earlier round does not make its lists count": {
    plan: planOf(5, "delete"),
    facts: [lost("tag"), listed(0), counted(2), listed(0)],
    expected: { deleted: 5, unaccounted: 0 },
  },
  "a clearance reserves until the next fact": {
    facts: [{ kind: "cleared", documents: 12 }],
    expected: { reserved: 12, deleted: 0, remaining: 5 },
  },
  "after it only what is unaccounted for is reserved": {
    facts: [{ kind: "cleared", documents: 12 }, deleted(1), listed(2)],
    expected: { reserved: 2, unaccounted: 2 },
  },
  "a deleted container counts its memories": {
    facts: [deleted(5, { target: "container", memories: 6 })],
    expected: { deleted: 5, memories: 6, absent: false },
  },
  "a container that did not exist is absent": {
    plan: planOf(0),
    facts: [deleted(0, { target: "container" })],
    expected: { memories: 0, absent: true },
  },
  "a container that is absent after a lost response may have been deleted by it": {
    facts: [lost("container"), listed(0), deleted(0, { target: "container", repeated: true })],
    expected: { deleted: 5, memories: undefined, absent: false },
  },
  "a container that is deleted after a lost response counts its memories": {
    facts: [lost("container"), listed(5), deleted(5, { target: "container", memories: 6, repeated: true })],
    expected: { deleted: 5, memories: 6, absent: false },
  },
  "a container that is absent after it was deleted was deleted": {
    facts: [deleted(3, { target: "container", memories: 2 }), deleted(0, { target: "container", repeated: true })],
    expected: { deleted: 3, memories: 2, absent: false },
  },
  "a lost response after a deleted container makes its memories unknown": {
    facts: [deleted(3, { target: "container", memories: 2 }), lost("container", true)],
    expected: { memories: undefined, absent: false },
  },
};

test.each(Object.entries(cases))("%s", (_title, { done = false, expected, facts, overlaps = false, plan = five }) => {
  const account = facts.reduce(record, openAccount(plan, overlaps));
  const numbers = { ...resultOf(account, done), unaccounted: unaccountedIn(account), reserved: account.reserved };
  expect(Object.fromEntries(Object.keys(expected).map((name) => [name, valueOf(numbers, name)]))).toEqual(expected);
  expect(deletedIn(account)).toBe(numbers.deleted);
});

test("recording a fact leaves the account before it as it was", () => {
  const before: DeletionAccount = openAccount(five, false);
  record(record(before, deleted(5)), listed(0));
  expect(resultOf(before, false)).toMatchObject({ deleted: 0, remaining: 5 });
});

function valueOf(numbers: object, name: string): unknown {
  return Object.entries(numbers).find(([key]) => key === name)?.[1];
}

function planOf(count: number, event: PurgeEvent = "create"): TagPlan {
  return { containerTag: "pr-42", event, count, listed: count, kept: [], ...day };
}

function counted(count: number): Fact {
  return { kind: "counted", plan: planOf(count, "delete"), overlaps: false };
}

function deleted(deletedCount: number, given: Partial<DeleteFact> = {}): DeleteFact {
  const rest = { absent: 0, lost: false, memories: undefined, repeated: false };
  return { kind: "deleted", target: "tag", deletedCount, ...rest, ...given };
}

function lost(target: DeleteFact["target"], repeated = false): DeleteFact {
  return deleted(0, { target, lost: true, repeated });
}

function kept(documents: number): Fact {
  return { kind: "kept", kept: { reason: "also in other containers", documents } };
}

function listed(ofPlan: number, given: Partial<Listing> = {}): Fact {
  return { kind: "listed", listing: { ofPlan, written: 0, others: 0, ...given } };
}
