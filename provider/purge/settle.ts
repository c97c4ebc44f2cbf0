import { type ApiError, DeadlineError, SupermemoryError } from "../errors";
import { documents, duration } from "../util/format";
import type { DeleteResult } from "./deletes";
import type { RemainingDocuments } from "./remaining";
import type { PurgeSession, TagPlan } from "./types";

/** How long a list may lag behind a delete before the documents in it count as remaining. */
const lagBudgetMs = 30_000;
/** Waits for a stale list before the documents in it are deleted again, by id. */
const waitsForStaleList = 5;

/** Waits for lists to catch up with the deletes in one container, and decides when to give up and with which error. */
export class Settling {
  #waits = 0;
  #waitedMs = 0;

  constructor(
    private readonly plan: TagPlan,
    private readonly session: PurgeSession,
  ) {}

  /** A list had time to catch up. */
  get isOver(): boolean {
    return this.#waits >= waitsForStaleList;
  }

  /** After progress, all waits are available again. */
  restart(): void {
    this.#waits = 0;
    this.#waitedMs = 0;
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
      const [verb, object] = remaining.ofPlan === 1 ? ["is", "it was"] : ["are", "they were"];
      throw new SupermemoryError(
        remaining.ofPlan === 0
          ? `${what} still exists ${duration(this.#waitedMs)} after it was deleted`
          : `${what} ${verb} still listed ${duration(this.#waitedMs)} after ${object} deleted`,
        refusals.lines(),
      );
    }
  }

  #nameOf({ ofPlan }: RemainingDocuments): string {
    const { containerTag } = this.plan;
    return ofPlan === 0 ? `the container ${containerTag}` : `${documents(ofPlan)} in ${containerTag}`;
  }
}

/** Completes "... until the timeout". */
function waitingFor({ ofPlan, processing }: RemainingDocuments, lost: ApiError | undefined, what: string): string {
  if (lost !== undefined) {
    return "status" in lost.failure ? `the API returned ${lost.failure.status}` : lost.summary;
  }
  if (ofPlan === 0) return `${what} still existed`;
  const verb = ofPlan === 1 ? "was" : "were";
  return `${what} ${verb} still ${processing > 0 ? "being processed" : "listed"}`;
}
