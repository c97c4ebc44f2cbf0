import { documentsIn } from "../util/format";
import type { RemainingDocuments } from "./remaining";
import type { Kept, TagPlan, TagResult } from "./types";

/**
 * The deletions in one container, as an account: facts in order (`Fact`), one pure function that records a fact
 * (`record`), and the numbers that follow (`deletedIn`, `unaccountedIn`, `resultOf`).
 *
 * The numbers in responses count. If a response was lost, the lists before and after it count instead, because the
 * response to a repeated delete does not show what the first one deleted.
 */
export interface DeletionAccount {
  readonly plan: TagPlan;
  readonly round: Round;
  /** Deleted in earlier rounds. */
  readonly deletedBefore: number;
  readonly memories: number;
  /** What happened to the container itself, if a delete named it. */
  readonly container: "deleted" | "absent" | "unknown" | undefined;
  /** A response was lost, and no list since has shown what that delete did. */
  readonly unsettled: boolean;
  /** A response was lost while something else changed the container too. */
  readonly estimated: boolean;
  /** Deletions of this container that count against the limit although they have not happened yet. */
  readonly reserved: number;
}

/** One count of the container and the deletes that followed it. A purge has a second round if new documents arrive. */
interface Round {
  readonly planned: number;
  readonly byIds: boolean;
  /** A delete in another container of the purge may also have deleted some of these documents. */
  readonly overlaps: boolean;
  /** Deleted according to responses. */
  readonly confirmed: number;
  /** Deleted by someone else before our delete arrived. */
  readonly absent: number;
  /** A response is missing, so lists count too. */
  readonly lost: boolean;
  readonly list: Listing | undefined;
  /** Planned documents in the last list, minus those that responses have confirmed since. */
  readonly left: number | undefined;
  /** Documents that responses since the last list reported as absent. A list that still shows them is stale. */
  readonly absentSinceList: number;
}

export type Listing = Pick<RemainingDocuments, "ofPlan" | "written" | "others">;

export type Fact =
  /** The container was counted again, and the count is the plan of a further round. */
  | { readonly kind: "counted"; readonly plan: TagPlan; readonly overlaps: boolean }
  /** The gate cleared a delete of at most this many documents. */
  | { readonly kind: "cleared"; readonly documents: number }
  | DeleteFact
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
    deletedBefore: 0,
    memories: 0,
    container: undefined,
    unsettled: false,
    estimated: false,
    reserved: plan.count,
  };
}

/** The account with one more fact. */
export function record(account: DeletionAccount, fact: Fact): DeletionAccount {
  switch (fact.kind) {
    case "counted":
      return { ...account, deletedBefore: deletedIn(account), round: roundOf(fact.plan, fact.overlaps) };
    case "cleared":
      return { ...account, reserved: fact.documents };
    case "deleted":
      return withReserve(recordDelete(account, fact));
    case "listed":
      return withReserve(recordListing(account, fact.listing));
  }
}

export function deletedIn({ deletedBefore, round }: DeletionAccount): number {
  return deletedBefore + deletedInRound(round);
}

/** Planned documents that no response and no list accounts for. */
export function unaccountedIn({ round }: DeletionAccount): number {
  return Math.max(0, round.planned - round.absent - deletedInRound(round));
}

/** @param done the purge of the container is complete */
export function resultOf(account: DeletionAccount, done: boolean): TagResult {
  const { container, estimated, memories, plan, round, unsettled } = account;
  const written = round.list?.written ?? 0;
  const kept = [...plan.kept, ...notCounted(account)];
  return {
    containerTag: plan.containerTag,
    event: plan.event,
    planned: plan.count,
    deleted: deletedIn(account),
    remaining: done ? 0 : remainingIn(account),
    lastSeen: (round.left ?? unaccountedIn(account)) + written + documentsIn(kept),
    written,
    estimated: estimated || unsettled,
    least: unsettled && !estimated,
    done,
    kept,
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
    lost: false,
    list: undefined,
    left: undefined,
    absentSinceList: 0,
  };
}

function recordDelete(account: DeletionAccount, fact: DeleteFact): DeletionAccount {
  const { round } = account;
  const { absent, deletedCount, lost, repeated } = fact;
  return {
    ...account,
    ...(fact.target === "container" ? containerAfter(account, fact) : {}),
    unsettled: account.unsettled || lost,
    round: {
      ...round,
      confirmed: round.confirmed + deletedCount,
      absent: round.absent + (repeated ? 0 : absent),
      absentSinceList: round.absentSinceList + (repeated ? absent : 0),
      lost: round.lost || lost,
      left: round.left === undefined ? undefined : Math.max(0, round.left - deletedCount),
    },
  };
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

function recordListing(account: DeletionAccount, list: Listing): DeletionAccount {
  const { plan, round: before } = account;
  const { absentSinceList, left, lost, planned } = before;
  const showsAbsent = left !== undefined && absentSinceList > 0 && list.ofPlan > left - absentSinceList;
  const round: Round = {
    ...before,
    list,
    left: list.ofPlan,
    absentSinceList: 0,
    // While no response is missing, someone else deleted whatever else is gone.
    absent: lost ? before.absent : Math.max(before.absent, planned - before.confirmed - list.ofPlan),
  };
  const showsMore = round.confirmed + round.absent + list.ofPlan > planned;
  const stale = list.ofPlan > 0 && (showsMore || showsAbsent);
  return {
    ...account,
    round,
    unsettled: stale && (account.unsettled || (lost && showsAbsent)),
    estimated: account.estimated || (lost && (round.overlaps || othersChanged(plan, list))),
  };
}

/** Other clients wrote or deleted while a response is missing, so the lists no longer show what our delete did. */
function othersChanged({ ids, kept }: TagPlan, { others, written }: Listing): boolean {
  return ids === undefined ? written > 0 : others < documentsIn(kept);
}

/**
 * Documents older than the plan that it neither includes nor keeps. They were moved into the container later, or the
 * list skipped them because another document disappeared between two pages while a new one kept the total the same.
 */
function notCounted({ plan, round }: DeletionAccount): readonly Kept[] {
  const known = documentsIn(plan.kept) + (plan.elsewhere ?? 0);
  const documents = Math.max(0, (round.list?.others ?? 0) - known);
  return documents === 0 ? [] : [{ reason: "not listed when the purge was planned", documents }];
}

/** A delete event aims at an empty container, so every document that is left counts, except by ids. */
function remainingIn(account: DeletionAccount): number | undefined {
  const { plan, round, unsettled } = account;
  if (unsettled) return undefined;
  if (round.left === undefined) return unaccountedIn(account);
  const aimsAtEmpty = plan.event === "delete" && plan.ids === undefined;
  return round.left + (aimsAtEmpty ? (round.list?.written ?? 0) : 0);
}

function deletedInRound({ absent, byIds, confirmed, left, lost, planned }: Round): number {
  const listed = lost && left !== undefined ? planned - absent - left : 0;
  const deleted = Math.max(confirmed, listed);
  // A response cannot confirm more of exactly these documents than there are.
  return byIds ? Math.min(deleted, planned - absent) : deleted;
}

function withReserve(account: DeletionAccount): DeletionAccount {
  return { ...account, reserved: unaccountedIn(account) };
}
