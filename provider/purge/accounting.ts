import { documentsIn } from "../util/format";
import { alsoDeleted } from "./also-in";
import type { RemainingDocuments } from "./remaining";
import type { Kept, TagPlan, TagResult } from "./types";

/**
 * The deletions in one container, as an account: facts in order (`Fact`), one pure function that records a fact
 * (`record`), and the numbers that follow (`deletedIn`, `unaccountedIn`, `resultOf`).
 *
 * Only responses are certain. When a response is missing, the next list shows which documents are gone. They count as
 * deleted, and the number is an estimate, because someone else may have deleted them.
 */
export interface DeletionAccount {
  readonly plan: TagPlan;
  readonly round: Round;
  readonly earlier: EarlierRounds;
  readonly memories: number;
  /** What happened to the container itself, if a delete named it. */
  readonly container: "deleted" | "absent" | "unknown" | undefined;
  /** Planned documents that are kept, because a later list showed that they must be. */
  readonly kept: readonly Kept[];
  /** Planned documents that had left the container before their delete. */
  readonly left: number;
  /** A response is missing, and no list since has shown what that delete did. */
  readonly unsettled: boolean;
  /** Responses reported more deletions than there can have been, so that they may have counted some twice. */
  readonly countedTwice: boolean;
  /** Deletions of this container that count against the limit although they have not happened yet. */
  readonly reserved: number;
}

interface EarlierRounds {
  readonly deleted: number;
  readonly gone: number;
  readonly silent: number;
  readonly beyondPlan: number;
  readonly lost: boolean;
}

/** One count of the container and the deletes that followed it. A purge has a second round if new documents arrive. */
interface Round {
  readonly planned: number;
  readonly byIds: boolean;
  /** A delete in another container of the purge may also have deleted some of these documents. */
  readonly overlaps: boolean;
  /** Deleted according to responses. */
  readonly confirmed: number;
  /** Responses reported that someone else had deleted them before. */
  readonly absent: number;
  /** They disappeared from lists while a response was missing. */
  readonly gone: number;
  /** They disappeared from lists although no response was missing, so that someone else removed them. */
  readonly silent: number;
  /** Planned documents that are kept after all. */
  readonly kept: number;
  /** A response is or was missing. */
  readonly lost: boolean;
  readonly list: Listing | undefined;
  /** Planned documents in the last list, minus those that responses have confirmed since. */
  readonly left: number | undefined;
  /** A delete was sent since the last list. */
  readonly sentSinceList: boolean;
  /** Documents of repeated deletes that responses since the last list reported as absent. */
  readonly absentSinceList: number;
}

export type Listing = Pick<RemainingDocuments, "ofPlan" | "written" | "others">;

export type Fact =
  /** The container was counted again, and the count is the plan of a further round. */
  | { readonly kind: "counted"; readonly plan: TagPlan; readonly overlaps: boolean }
  /** The gate cleared a delete of at most this many documents. */
  | { readonly kind: "cleared"; readonly documents: number }
  | DeleteFact
  /** Planned documents are kept after all. */
  | { readonly kind: "kept"; readonly kept: Kept }
  /** Planned documents were no longer in the container before a delete was sent for them. */
  | { readonly kind: "left"; readonly documents: number }
  | { readonly kind: "listed"; readonly listing: Listing };

/** A delete was sent. */
export interface DeleteFact {
  readonly kind: "deleted";
  readonly target: "tag" | "container" | "ids";
  /** Its effect is unknown; the numbers are 0. */
  readonly lost: boolean;
  readonly deletedCount: number;
  /** Ids that did not exist any more. */
  readonly absent: number;
  /** Some of these documents were part of an earlier delete of this round, which may be why they are absent. */
  readonly repeated: boolean;
  /** Memories deleted with the container; undefined if the container did not exist. */
  readonly memories: number | undefined;
}

export function openAccount(plan: TagPlan, overlaps: boolean): DeletionAccount {
  return {
    plan,
    round: roundOf(plan, overlaps),
    earlier: { deleted: 0, gone: 0, silent: 0, beyondPlan: 0, lost: false },
    memories: 0,
    container: undefined,
    kept: [],
    left: 0,
    unsettled: false,
    countedTwice: false,
    reserved: plan.count,
  };
}

/** The account with one more fact. */
export function record(account: DeletionAccount, fact: Fact): DeletionAccount {
  switch (fact.kind) {
    case "counted":
      return { ...account, earlier: sumOf(account), round: roundOf(fact.plan, fact.overlaps) };
    case "cleared":
      return { ...account, reserved: fact.documents };
    case "deleted":
      return withReserve(recordDelete(account, fact));
    case "kept":
      return withReserve(recordKept(account, fact.kept));
    case "left":
      return withReserve(recordLeft(account, fact.documents));
    case "listed":
      return withReserve(recordListing(account, fact.listing));
  }
}

export function deletedIn(account: DeletionAccount): number {
  return sumOf(account).deleted;
}

/** Planned documents that no response and no list accounts for. */
export function unaccountedIn({ round }: DeletionAccount): number {
  return Math.max(0, openIn(round));
}

/** @param done the purge of the container is complete */
export function resultOf(account: DeletionAccount, done: boolean): TagResult {
  const { container, countedTwice, left, memories, plan, round, unsettled } = account;
  const { containerTag } = plan;
  const written = round.list?.written ?? 0;
  const kept = [...plan.kept, ...account.kept, ...notCounted(account)];
  const leftBefore =
    left === 0 ? [] : [{ reason: `no longer in ${containerTag} before their delete`, documents: left }];
  const { beyondPlan, deleted, gone, lost, silent } = sumOf(account);
  const estimated = unsettled || countedTwice || gone > 0 || (lost && silent > 0);
  return {
    containerTag,
    event: plan.event,
    planned: plan.count,
    deleted,
    // A delete of the container may spare documents that are also in others.
    alsoIn: container === undefined || deleted >= plan.count ? alsoDeleted(plan, { deleted, estimated }) : undefined,
    remaining: done ? 0 : remainingIn(account),
    unconfirmed: done ? 0 : unconfirmedIn(account),
    goneWithoutResponse: gone + (round.overlaps ? 0 : silent),
    beyondPlan,
    lastSeen: (round.left ?? unaccountedIn(account)) + written + documentsIn(kept),
    written,
    estimated,
    least: estimated && gone === 0,
    done,
    kept: [...kept, ...leftBefore],
    memories: container === "unknown" ? undefined : memories,
    absent: container === "absent",
  };
}

function roundOf(plan: TagPlan, overlaps: boolean): Round {
  return {
    planned: plan.count,
    byIds: plan.ids !== undefined,
    overlaps,
    confirmed: 0,
    absent: 0,
    gone: 0,
    silent: 0,
    kept: 0,
    lost: false,
    list: undefined,
    left: undefined,
    sentSinceList: false,
    absentSinceList: 0,
  };
}

/** All rounds together. */
function sumOf({ earlier, round }: DeletionAccount): EarlierRounds {
  return {
    deleted: earlier.deleted + round.confirmed + round.gone,
    gone: earlier.gone + round.gone,
    silent: earlier.silent + round.silent,
    beyondPlan: earlier.beyondPlan + Math.max(0, round.confirmed - round.planned),
    lost: earlier.lost || round.lost,
  };
}

/** Negative if responses confirmed more than was planned: by tag, new documents are deleted too. */
function openIn({ absent, confirmed, gone, kept, planned, silent }: Round): number {
  return planned - kept - absent - gone - silent - confirmed;
}

function recordDelete(account: DeletionAccount, fact: DeleteFact): DeletionAccount {
  const { round } = account;
  const { absent, lost, repeated } = fact;
  const open = unaccountedIn(account) - (repeated ? 0 : absent);
  const most = mostConfirmed(round, fact, Math.max(0, open));
  const confirmed = Math.min(fact.deletedCount, most);
  return {
    ...account,
    ...(fact.target === "container" ? containerAfter(account, fact) : {}),
    unsettled: account.unsettled || lost,
    countedTwice: account.countedTwice || (repeated && fact.deletedCount > most),
    round: {
      ...round,
      confirmed: round.confirmed + confirmed,
      absent: round.absent + (repeated ? 0 : absent),
      absentSinceList: round.absentSinceList + (repeated ? absent : 0),
      sentSinceList: true,
      lost: round.lost || lost,
      left: round.left === undefined ? undefined : Math.max(0, round.left - confirmed),
    },
  };
}

/**
 * The most documents that a response can confirm. A plan has no more ids than it has. A repeated delete by ids cannot
 * confirm again what a response has confirmed before: the list that showed these documents was stale.
 */
function mostConfirmed({ byIds, confirmed }: Round, { repeated, target }: DeleteFact, open: number): number {
  return byIds || (repeated && target === "ids" && confirmed > 0) ? open : Infinity;
}

/** A container that is absent after a lost response may have been deleted by that request. */
function containerAfter(
  { container, memories: before }: DeletionAccount,
  { lost, memories }: DeleteFact,
): Pick<DeletionAccount, "container" | "memories"> {
  if (lost) return { container: "unknown", memories: before };
  return {
    container: memories === undefined ? (container ?? "absent") : "deleted",
    memories: before + (memories ?? 0),
  };
}

function recordKept(account: DeletionAccount, kept: Kept): DeletionAccount {
  const { round } = account;
  const same = account.kept.find(({ reason }) => reason === kept.reason);
  const others = account.kept.filter((other) => other !== same);
  const sum = { ...kept, documents: kept.documents + (same?.documents ?? 0) };
  return { ...account, kept: [...others, sum], round: { ...round, kept: round.kept + kept.documents } };
}

function recordLeft(account: DeletionAccount, documents: number): DeletionAccount {
  const { left, round } = account;
  return { ...account, left: left + documents, round: { ...round, kept: round.kept + documents } };
}

/** Settles what is open, unless the list is stale: then it also shows documents that responses reported as deleted. */
function recordListing(account: DeletionAccount, list: Listing): DeletionAccount {
  const { round: before, unsettled } = account;
  const { absentSinceList, lost } = before;
  const missing = Math.max(0, openIn(before) - list.ofPlan);
  // Ids that a repeated delete found absent may have been deleted by the first, whose response was lost.
  const gone = unsettled ? missing : lost ? Math.min(missing, absentSinceList) : 0;
  const round: Round = {
    ...before,
    gone: before.gone + gone,
    silent: before.silent + missing - gone,
    list,
    left: list.ofPlan,
    sentSinceList: false,
    absentSinceList: 0,
  };
  const showsAbsent = absentSinceList > missing;
  const stale = list.ofPlan > 0 && (openIn(before) < list.ofPlan || showsAbsent);
  return { ...account, round, unsettled: stale && (unsettled || (lost && showsAbsent)) };
}

/**
 * Documents older than the plan that it neither includes nor keeps. They were moved into the container later, or the
 * list skipped them because another document disappeared between two pages while a new one kept the total the same.
 */
function notCounted({ kept, plan, round }: DeletionAccount): readonly Kept[] {
  const known = documentsIn([...plan.kept, ...kept, ...(plan.elsewhere ?? [])]);
  const documents = Math.max(0, (round.list?.others ?? 0) - known);
  return documents === 0 ? [] : [{ reason: "not listed when the purge was planned", documents }];
}

/** Known only from a list, which no delete has followed. A delete event aims at an empty container, except by ids. */
function remainingIn(account: DeletionAccount): number | undefined {
  const { plan, round } = account;
  if (round.sentSinceList) return undefined;
  const aimsAtEmpty = plan.event === "delete" && plan.ids === undefined;
  return (round.left ?? round.planned - round.kept) + (aimsAtEmpty ? (round.list?.written ?? 0) : 0);
}

function unconfirmedIn(account: DeletionAccount): number {
  return remainingIn(account) ?? Math.max(unaccountedIn(account), account.round.left ?? 0);
}

function withReserve(account: DeletionAccount): DeletionAccount {
  return { ...account, reserved: unaccountedIn(account) };
}
