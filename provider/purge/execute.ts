import { afterDelete } from "../client/retry";
import { ApiError, DeadlineError, SupermemoryError } from "../errors";
import { documents } from "../util/format";
import { resultOf, unaccountedIn } from "./accounting";
import { type DeleteResult, RoundDeletes, type TagPurge } from "./deletes";
import { nextStep, type Step } from "./next-step";
import { planTag } from "./plan";
import { ContainerKept } from "./recheck";
import { Refusals } from "./refusals";
import { nextPage, type RemainingDocuments } from "./remaining";
import { Settling } from "./settle";
import type { PurgeRequest, PurgeSession, TagPlan, TagResult } from "./types";

/** The result of one container, and the error that ended its purge early. */
export interface TagRun {
  readonly result: TagResult;
  readonly error?: unknown;
}

/** New documents kept arriving in a container that a delete event must empty. */
export class StillWrittenError extends SupermemoryError {
  override readonly name = "StillWrittenError";
}

/** How often a delete event purges a container, including documents that were written during the purge. */
const maxRounds = 3;

type RoundRequest = Pick<PurgeRequest, "method" | "verify">;

/** The purge of one container. Never throws: a failure is part of the result. */
export class ContainerRun {
  readonly #rounds: Rounds;

  /** @param last a session with some time left when that of the purge is over, for a last list */
  constructor(
    private readonly plan: TagPlan,
    request: RoundRequest,
    private readonly purge: TagPurge,
    private readonly last: PurgeSession,
  ) {
    this.#rounds = new Rounds(plan, request, purge);
  }

  /** Deletes what the plan counted, and verifies it. */
  async run(): Promise<TagRun> {
    const { recheck, session } = this.purge;
    return await this.#ending(async () => {
      if (this.#rounds.hasWork) await recheck.ask(this.plan, session);
      await this.#rounds.run();
    });
  }

  /** Lists once more, after a wait. A delete event also purges what was written since. */
  async again(): Promise<TagRun> {
    return await this.#ending(async () => {
      await this.#rounds.again();
    });
  }

  async #ending(work: () => Promise<void>): Promise<TagRun> {
    const { gate } = this.purge;
    const result = (done: boolean): TagResult => resultOf(gate.account(this.plan.containerTag), done);
    try {
      await work();
      return { result: result(true) };
    } catch (error) {
      const isOver = await this.#rounds.settle(this.last, error);
      if (error instanceof ContainerKept) {
        gate.release(this.plan.containerTag);
        return { result: { ...result(false), done: true, skipped: error.reason } };
      }
      return isOver ? { result: result(true) } : { result: result(false), error };
    }
  }
}

/** A delete event empties the container: while documents are left that were written since, another round follows. */
class Rounds {
  #current: Round | undefined;

  constructor(
    private readonly plan: TagPlan,
    private readonly request: RoundRequest,
    private readonly purge: TagPurge,
  ) {}

  get hasWork(): boolean {
    return this.plan.count > 0 || this.request.method.kind === "container";
  }

  async run(): Promise<void> {
    if (this.hasWork) await this.#run(this.plan);
  }

  /** The same after a wait: what the last round left is listed again first. */
  async again(): Promise<void> {
    this.#current ??= new Round(this.plan, this.request, this.purge);
    const { total } = await this.#current.again();
    if (!this.#leavesNothing || total === 0) return;
    const plan = await this.#countAgain(this.plan);
    if (plan.count > 0) await this.#run(plan);
  }

  async #run(first: TagPlan): Promise<void> {
    for (let [round, plan] = [1, first]; round === 1 || plan.count > 0; round += 1) {
      this.#current = new Round(plan, this.request, this.purge);
      const remaining = await this.#current.run();
      if (!this.#leavesNothing || remaining === undefined || remaining.total === 0) return;
      if (round === maxRounds) {
        throw new StillWrittenError(
          `new documents kept arriving: ${documents(remaining.total)} in ${plan.containerTag} after ${maxRounds} purges`,
        );
      }
      plan = await this.#countAgain(plan);
    }
  }

  async #countAgain(before: TagPlan): Promise<TagPlan> {
    const plan = await planTag(before, this.purge.session);
    this.purge.gate.admitAgain(plan);
    this.purge.gate.recount(plan);
    return plan;
  }

  /**
   * After a failure lists once more, so that the numbers are those of a list. Not after a stop, when no request may be
   * sent.
   *
   * @returns whether the purge is complete, although it ran out of time or a request failed
   */
  async settle(session: PurgeSession, failure: unknown): Promise<boolean> {
    const isMissing = failure instanceof ApiError || failure instanceof DeadlineError;
    const list = await this.#current?.settle(session).catch(() => undefined);
    if (list === undefined || !isMissing || this.request.method.kind === "container") return false;
    return list.ofPlan === 0 && (!this.#leavesNothing || list.total === 0);
  }

  get #leavesNothing(): boolean {
    return this.plan.event === "delete" && this.request.method.kind !== "ids";
  }
}

/** The deletes of one count of a container: by the method first, then whatever lists still show. */
class Round {
  readonly #deletes: RoundDeletes;
  readonly #settling: Settling;
  #last: DeleteResult = { lost: undefined, refusals: new Refusals() };
  #progressed = false;
  #retried = false;
  /** The delete of the container left documents that no response accounts for, so that it may still exist. */
  #leftSome = false;

  constructor(
    private readonly plan: TagPlan,
    private readonly request: RoundRequest,
    private readonly purge: TagPurge,
  ) {
    this.#deletes = new RoundDeletes(plan, purge);
    this.#settling = new Settling(plan, purge.session);
  }

  /** Returns the last list; undefined if responses account for every document and the request does not verify. */
  async run(): Promise<RemainingDocuments | undefined> {
    const first = this.#deletes.first(this.request.method.kind);
    if (first !== undefined) this.#last = await this.#deletes.send(first);
    if (!this.request.verify && this.#isAccountedFor()) return undefined;
    this.#leftSome = this.#unaccounted() > 0;
    return await this.again();
  }

  /** Lists, and deletes what lists still show. */
  async again(): Promise<RemainingDocuments> {
    for (;;) {
      const remaining = await this.#listAgain();
      const step = this.#nextStep(remaining);
      if (step === "done") return remaining;
      const { lost } = this.#last;
      if (lost !== undefined && afterDelete(lost.failure) === "give up") throw lost;
      if (step === "wait") await this.#wait(remaining);
      else await this.#delete(step, remaining);
    }
  }

  /** Lists what a delete without a list after it has left. */
  async settle(session: PurgeSession): Promise<RemainingDocuments | undefined> {
    if (!this.purge.gate.account(this.plan.containerTag).round.sentSinceList) return undefined;
    session.deadline.check("no list could be sent");
    return await this.#deletes.list(session);
  }

  async #listAgain(): Promise<RemainingDocuments> {
    const { freshness, session } = this.purge;
    session.deadline.check("the API did not respond");
    freshness.nextRound();
    this.purge.onVerifying();
    const list = await this.#deletes.list(session);
    this.#progressed = this.#settling.observe(list.ofPlan);
    this.#leftSome ||= list.ofPlan > 0 && this.#unaccounted() > 0;
    return list;
  }

  #nextStep({ ids, ofPlan, total }: RemainingDocuments): Step {
    return nextStep({
      listed: total,
      planned: ofPlan,
      named: ids.length,
      unaccounted: this.#unaccounted(),
      progressed: this.#progressed,
      retried: this.#retried,
      settled: this.#settling.isOver,
      hasRoom: this.purge.gate.hasRoomFor(this.plan.containerTag, ofPlan),
      wholeContainer: this.request.method.kind === "container",
      lost: this.#last.lost !== undefined,
      leftSome: this.#leftSome,
    });
  }

  async #wait(remaining: RemainingDocuments): Promise<void> {
    await this.#settling.wait(remaining, this.#last);
    this.#retried = false;
  }

  async #delete(step: "delete-ids" | "delete-container", remaining: RemainingDocuments): Promise<void> {
    if (step === "delete-container") this.#leftSome = false;
    const batch =
      step === "delete-container"
        ? ({ kind: "container", look: true } as const)
        : this.#deletes.ids(
            await nextPage(remaining, this.#deletes.plan, this.purge.session, () => this.purge.gate.deleted),
          );
    this.#last = await this.#deletes.send(batch);
    this.#retried = true;
  }

  #isAccountedFor(): boolean {
    const { unsettled } = this.purge.gate.account(this.plan.containerTag);
    return !unsettled && this.#last.lost === undefined && this.#last.refusals.total === 0 && this.#unaccounted() === 0;
  }

  #unaccounted(): number {
    return unaccountedIn(this.purge.gate.account(this.plan.containerTag));
  }
}
