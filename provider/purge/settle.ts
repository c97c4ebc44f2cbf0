import type { ApiError } from "../errors";
import { DeadlineError, SupermemoryError } from "../errors";
import type { Blow } from "./deletes";
import type { RemainingDocuments } from "./remaining";
import type { PurgeSession, TagPlan } from "./types";
import { documents, duration } from "../util/format";

/** How long a list may lag behind a delete before what it shows counts as remaining. */
const lagBudgetMs = 30_000;
/** Looks at a lagging list before its rows are deleted once more, by id. */
const patientLooks = 3;

/** Decides how long to wait for documents that do not go away, and with which words to give up. */
export class Patience {
  #looks = 0;
  #waitedMs = 0;

  constructor(
    private readonly plan: TagPlan,
    private readonly session: PurgeSession,
  ) {}

  /** A list that lags would have caught up by now, more likely than not. */
  get isOver(): boolean {
    return this.#looks >= patientLooks;
  }

  renew(): void {
    this.#looks = 0;
    this.#waitedMs = 0;
  }

  async wait(rest: RemainingDocuments, { problem, refusals }: Blow): Promise<void> {
    const { deadline, onStatus } = this.session;
    const { containerTag } = this.plan;
    const what = rest.ofPlan === 0 ? `the container ${containerTag}` : `${documents(rest.ofPlan)} in ${containerTag}`;
    if (problem?.failure.kind === "unreadable") throw problem;
    if (problem === undefined && rest.processing === 0) {
      if (refusals.areFinalFor(rest.ofPlan)) {
        throw new SupermemoryError(`the API will not delete ${what}${refusals.toString()}`);
      }
      if (this.#waitedMs >= lagBudgetMs) {
        const waited = duration(this.#waitedMs);
        throw new SupermemoryError(`${what} did not go away within ${waited} of the delete${refusals.toString()}`);
      }
    }
    const ms = Math.min(250 * 2 ** this.#looks, 5_000);
    this.#looks += 1;
    this.#waitedMs += ms;
    const spent = `${duration(this.#waitedMs)} of ${duration(deadline.timeoutMs)}`;
    if (rest.processing > 0) onStatus(`waiting for ${what} still being processed (${spent})`);
    else onStatus(`waiting for ${what} to go away (${spent})`);
    try {
      await deadline.sleep(ms, wordsFor(rest, problem, what));
    } catch (error) {
      if (error instanceof DeadlineError) error.message += refusals.toString();
      throw error;
    }
  }
}

function wordsFor(rest: RemainingDocuments, problem: ApiError | undefined, what: string): string {
  if (problem !== undefined) {
    return "status" in problem.failure ? `the API answered ${problem.failure.status}` : problem.message;
  }
  return rest.processing > 0
    ? `${what} ${rest.ofPlan === 1 ? "was" : "were"} still being processed`
    : `${what} did not go away`;
}
