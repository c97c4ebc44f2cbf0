import { shortReason } from "../client/response";
import { type ApiError, DeadlineError, SupermemoryError } from "../errors";
import { count, documents, duration } from "../util/format";
import type { DeleteResult } from "./deletes";
import type { RemainingDocuments } from "./remaining";
import type { PurgeSession, TagPlan } from "./types";

/** How long a list may lag behind a delete before the documents in it count as remaining. */
const lagBudgetMs = 30_000;
/** Waits for a stale list before the documents in it are deleted again, by id. */
const waitsForStaleList = 5;
/** How often progress may renew the time that a list may lag, and how many documents add one more. */
const renewals = { least: 20, documentsPerMore: 500 };

/** Waits for lists to catch up with the deletes in one container, and decides when to give up and with which error. */
export class Settling {
  #waits = 0;
  #waitedMs = 0;
  #renewals: number;
  #seen = { least: Infinity, most: 0 };
  /** A list showed more documents than a list before it. */
  #rose = false;

  constructor(
    private readonly plan: TagPlan,
    private readonly session: PurgeSession,
  ) {
    this.#renewals = renewals.least + Math.ceil(plan.count / renewals.documentsPerMore);
  }

  /** A list had time to catch up. */
  get isOver(): boolean {
    return this.#waits >= waitsForStaleList;
  }

  /**
   * Compares a list with all lists before. Fewer documents than ever are progress, which makes all waits available again,
   * a limited number of times. Fewer than in the last list alone are not: a list that rises and falls would go on for ever.
   *
   * @returns whether there was progress
   */
  observe(remaining: number): boolean {
    const { least, most } = this.#seen;
    this.#seen = { least: Math.min(least, remaining), most: Math.max(most, remaining) };
    this.#rose ||= remaining > least;
    const progressed = least !== Infinity && remaining < least;
    if (!progressed || this.#renewals === 0) return false;
    this.#renewals -= 1;
    this.#waits = 0;
    this.#waitedMs = 0;
    return true;
  }

  /** @throws SupermemoryError if waiting will not help, or the time is over */
  async wait(remaining: RemainingDocuments, last: DeleteResult): Promise<void> {
    this.#giveUpIfFinal(remaining, last);
    const { deadline, onStatus } = this.session;
    const what = this.#nameOf(remaining);
    const ms = Math.min(250 * 2 ** this.#waits, 5_000);
    this.#waits += 1;
    this.#waitedMs += ms;
    const waited = `${duration(this.#waitedMs)} of ${duration(deadline.timeoutMs)}`;
    onStatus(`waiting for ${what} to be ${remaining.processing > 0 ? "processed" : "deleted"} (${waited})`);
    try {
      await deadline.sleep(ms, waitingFor(remaining, last.lost, what));
    } catch (error) {
      throw error instanceof DeadlineError
        ? new DeadlineError(error.summary, [...last.refusals.lines(), ...error.hints])
        : error;
    }
  }

  #giveUpIfFinal(remaining: RemainingDocuments, { lost, refusals }: DeleteResult): void {
    if (lost?.failure.kind === "unreadable") throw lost;
    if (lost !== undefined || remaining.processing > 0) return;
    const what = this.#nameOf(remaining);
    if (refusals.areFinalFor(remaining.ofPlan)) {
      throw new SupermemoryError(`the API refused to delete ${what}`, refusals.lines());
    }
    if (this.#waitedMs >= lagBudgetMs) {
      if (this.#rose && remaining.ofPlan > 0) throw this.#risesAndFalls(refusals.lines());
      const [verb, object] = remaining.ofPlan === 1 ? ["is", "it was"] : ["are", "they were"];
      throw new SupermemoryError(
        remaining.ofPlan === 0
          ? `${what} still exists ${duration(this.#waitedMs)} after it was deleted`
          : `${what} ${verb} still listed ${duration(this.#waitedMs)} after ${object} deleted`,
        refusals.lines(),
      );
    }
  }

  #risesAndFalls(details: readonly string[]): SupermemoryError {
    const { least, most } = this.#seen;
    return new SupermemoryError(
      `the list of ${this.plan.containerTag} rises and falls between ${count(least)} and ${documents(most)}`,
      details,
    );
  }

  #nameOf({ ofPlan }: RemainingDocuments): string {
    const { containerTag } = this.plan;
    return ofPlan === 0 ? `the container ${containerTag}` : `${documents(ofPlan)} in ${containerTag}`;
  }
}

/** Completes "... until the timeout". */
function waitingFor({ ofPlan, processing }: RemainingDocuments, lost: ApiError | undefined, what: string): string {
  if (lost !== undefined) return shortReason(lost);
  if (ofPlan === 0) return `${what} still existed`;
  const verb = ofPlan === 1 ? "was" : "were";
  return `${what} ${verb} still ${processing > 0 ? "being processed" : "listed"}`;
}
