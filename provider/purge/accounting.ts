import type { Attempt } from "./deletes";
import type { Gate } from "./gate";
import type { RemainingDocuments } from "./remaining";
import type { Kept, TagPlan, TagResult } from "./types";
import { documentsIn } from "../util/format";

/**
 * Counts what really went from one container. What answers confirm counts as it is; once an answer is missing, the
 * lists before and after it tell, since a repeated delete would say nothing of the first.
 */
export class Tally {
  /** Deleted in the rounds before this one. */
  #before = 0;
  #confirmed = 0;
  /** Gone before our delete came: neither ours nor left. */
  #absent = 0;
  #memories = 0;
  /** What is known of the container itself, where it is to go. */
  #container: "deleted" | "absent" | "unknown" | undefined;
  /** An answer of this round is missing, so its lists count too. */
  #ambiguous = false;
  /** No list was had since the last missing answer, so what that request did is not known. */
  #unsettled = false;
  #estimated = false;
  /** What the gate was told of this round. */
  #settled = 0;
  /** What the last list showed. */
  #listed: RemainingDocuments | undefined;
  /** The same, less what answers have confirmed since. */
  #left: Pick<RemainingDocuments, "ofPlan" | "others" | "written"> | undefined;
  /** Documents of the last list that answers since have called absent: a list that shows them again lags. */
  #called = 0;
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
    return Math.max(0, this.#round.count - this.#absent - this.#inRound());
  }

  /** @param fresh none of these documents were part of a delete before, so that an absent one went by another hand */
  record({ absent = 0, deletedCount, problem }: Attempt, fresh: boolean): void {
    this.#confirmed += deletedCount;
    if (fresh) this.#absent += absent;
    else this.#called += absent;
    if (this.#left !== undefined) {
      this.#left = { ...this.#left, ofPlan: Math.max(0, this.#left.ofPlan - deletedCount) };
    }
    if (problem !== undefined) {
      this.#ambiguous = true;
      this.#unsettled = true;
    }
    this.#report();
  }

  /** A container that is absent after an answer was lost may have gone by that request. */
  recordContainer(answer: Attempt): void {
    const { memories, problem } = answer;
    if (problem !== undefined) this.#container = "unknown";
    else if (memories === undefined) this.#container ??= "absent";
    else this.#container = "deleted";
    this.#memories += memories ?? 0;
    this.record(answer, true);
  }

  /** Takes in a list made after a delete; true when it shows less than the list before. */
  see(rest: RemainingDocuments): boolean {
    const progressed = this.#listed !== undefined && rest.ofPlan < this.#listed.ofPlan;
    const showsAbsent = this.#left !== undefined && this.#called > 0 && rest.ofPlan > this.#left.ofPlan - this.#called;
    this.#listed = rest;
    this.#left = rest;
    this.#called = 0;
    // While every answer is there, what else is gone went by another hand.
    if (!this.#ambiguous) {
      this.#absent = Math.max(this.#absent, this.#round.count - this.#confirmed - rest.ofPlan);
    }
    const showsMore = this.#confirmed + this.#absent + rest.ofPlan > this.#round.count;
    if (rest.ofPlan === 0 || !(showsMore || showsAbsent)) this.#unsettled = false;
    else if (this.#ambiguous && showsAbsent) this.#unsettled = true;
    if (this.#ambiguous && (this.#othersInterfere(rest) || this.#mayBeShared())) this.#estimated = true;
    this.#report();
    return progressed;
  }

  /** Starts another round, on what was written meanwhile. */
  begin(round: TagPlan): void {
    this.#before = this.deleted;
    this.#confirmed = 0;
    this.#absent = 0;
    this.#ambiguous = false;
    this.#settled = 0;
    this.#listed = undefined;
    this.#left = undefined;
    this.#called = 0;
    this.#round = round;
  }

  result(done: boolean): TagResult {
    const { containerTag, count, event } = this.plan;
    const written = this.#left?.written ?? 0;
    const kept = [...this.plan.kept, ...this.#unseen()];
    const stays = documentsIn(kept);
    return {
      containerTag,
      event,
      planned: count,
      deleted: this.deleted,
      remaining: done ? 0 : this.#remaining(),
      lastSeen: (this.#left?.ofPlan ?? this.unaccounted) + written + stays,
      written,
      estimated: this.#estimated || this.#unsettled,
      least: this.#unsettled && !this.#estimated,
      done,
      kept,
      memories: this.#container === "unknown" ? undefined : this.#memories,
      absent: this.#container === "absent",
    };
  }

  /** A delete by tag aims at an empty container, so that there everything counts that is left. */
  #remaining(): number | undefined {
    if (this.#unsettled) return undefined;
    if (this.#left === undefined) return this.unaccounted;
    const { ofPlan, written } = this.#left;
    return this.plan.event === "delete" && this.plan.ids === undefined ? ofPlan + written : ofPlan;
  }

  /** Others write, or delete, while an answer is missing: what is gone, or was there to go, is then not certain. */
  #othersInterfere({ others, written }: RemainingDocuments): boolean {
    if (this.plan.ids === undefined) return written > 0;
    return others < documentsIn(this.plan.kept);
  }

  /**
   * What is older than the newest document of the plan, and is neither part of it nor kept for a reason: moved in since,
   * or overlooked because another document vanished between two pages while a new one made up the number.
   */
  #unseen(): readonly Kept[] {
    const known = documentsIn(this.plan.kept) + (this.plan.elsewhere ?? 0);
    const documents = Math.max(0, (this.#left?.others ?? 0) - known);
    return documents === 0 ? [] : [{ reason: "not seen when it was counted", documents }];
  }

  /** A document that carries another tag of this purge may have gone with that one. */
  #mayBeShared(): boolean {
    const { allTagsSeen, alsoCarried } = this.#round;
    if (!allTagsSeen) return this.gate.containers > 1;
    return [...alsoCarried.keys()].some((tag) => this.gate.covers(tag));
  }

  #inRound(): number {
    const { count, ids } = this.#round;
    const listed = this.#ambiguous && this.#left !== undefined ? count - this.#absent - this.#left.ofPlan : 0;
    const gone = Math.max(this.#confirmed, listed);
    // No answer is believed that more of exactly these documents went than there are.
    return ids === undefined ? gone : Math.min(gone, count - this.#absent);
  }

  #report(): void {
    const inRound = this.#inRound();
    const left = Math.min(this.#left?.ofPlan ?? Number.POSITIVE_INFINITY, this.unaccounted);
    this.gate.settle(this.plan.containerTag, inRound - this.#settled, left);
    this.#settled = inRound;
    this.onProgress(this);
  }
}
