import type { Attempt } from "./execute";
import type { Gate } from "./guard";
import type { Remainder } from "./plan";
import type { TagPlan, TagResult } from "./types";

/**
 * Counts what really went from one container. What answers confirm counts as it is; once an answer is missing, the
 * lists before and after it tell, since a repeated delete would say nothing of the first.
 */
export class Tally {
  /** Deleted in the rounds before this one. */
  #before = 0;
  #confirmed = 0;
  #ambiguous = false;
  #estimated = false;
  #settled = 0;
  #rest: Remainder | undefined;
  #trusted = false;
  #round: TagPlan;

  constructor(
    readonly plan: TagPlan,
    private readonly gate: Gate,
    private readonly onProgress: (tally: Tally) => void,
  ) {
    this.#round = plan;
  }

  get deleted(): number {
    return this.#before + this.#inRound();
  }

  /** Documents of this round's count that neither an answer nor a list accounts for. */
  get unaccounted(): number {
    return this.#round.count - this.#inRound();
  }

  record(attempt: Attempt): void {
    this.#confirmed += attempt.deletedCount;
    if (attempt.problem !== undefined) this.#ambiguous = true;
    this.#report();
  }

  /** Takes in a list made after a delete; true when it shows that something went. */
  see(rest: Remainder): boolean {
    const progressed = this.#rest !== undefined && rest.ofPlan < this.#rest.ofPlan;
    this.#rest = rest;
    if (this.#ambiguous && rest.total > rest.ofPlan) this.#estimated = true;
    this.#report();
    return progressed;
  }

  /** Nobody asked to verify: what the API said stands. */
  trust(): void {
    this.#trusted = true;
  }

  /** Starts another round, on what was written meanwhile. */
  begin(round: TagPlan): void {
    this.#before = this.deleted;
    this.#confirmed = 0;
    this.#settled = 0;
    this.#rest = undefined;
    this.#round = round;
  }

  result(done: boolean): TagResult {
    const { containerTag, count, event } = this.plan;
    const left = this.#trusted ? 0 : this.#rest?.ofPlan;
    return {
      containerTag,
      event,
      planned: count,
      deleted: this.deleted,
      remaining: done ? 0 : (left ?? (this.#ambiguous ? undefined : this.unaccounted)),
      lastSeen: this.#rest?.total ?? (this.#trusted ? 0 : this.unaccounted),
      estimated: this.#estimated,
      done,
    };
  }

  #inRound(): number {
    if (!this.#ambiguous || this.#rest === undefined) return this.#confirmed;
    return Math.max(this.#confirmed, this.#round.count - this.#rest.ofPlan);
  }

  #report(): void {
    const inRound = this.#inRound();
    const left = this.#rest?.ofPlan ?? Math.max(0, this.#round.count - inRound);
    this.gate.settle(this.plan.containerTag, inRound - this.#settled, left);
    this.#settled = inRound;
    this.onProgress(this);
  }
}
