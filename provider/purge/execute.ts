import { SupermemoryError } from "../errors";
import { documents } from "../util/format";
import { resultOf, unaccountedIn } from "./accounting";
import { type DeleteResult, RoundDeletes, type TagPurge } from "./deletes";
import { nextStep, type Step } from "./next-step";
import { planTag } from "./plan";
import { Refusals } from "./refusals";
import { listRemaining, nextPage, type RemainingDocuments } from "./remaining";
import { Settling } from "./settle";
import type { PurgeRequest, TagPlan, TagResult } from "./types";

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

/** Deletes what one plan counted, and verifies it. Never throws: a failure is part of the result. */
export async function purgeTag(plan: TagPlan, request: RoundRequest, purge: TagPurge): Promise<TagRun> {
  const { gate } = purge;
  const result = (done: boolean): TagResult => resultOf(gate.account(plan.containerTag), done);
  try {
    await purgeRounds(plan, request, purge);
    return { result: result(true) };
  } catch (error) {
    return { result: result(false), error };
  }
}

type RoundRequest = Pick<PurgeRequest, "method" | "verify">;

async function purgeRounds(plan: TagPlan, request: RoundRequest, purge: TagPurge): Promise<void> {
  const { kind } = request.method;
  const leavesNothing = plan.event === "delete" && kind !== "ids";
  for (let round = 1, current = plan; current.count > 0 || (round === 1 && kind === "container"); round += 1) {
    const remaining = await new Round(current, request, purge).run();
    if (!leavesNothing || remaining === undefined || remaining.total === 0) return;
    if (round === maxRounds) {
      throw new StillWrittenError(
        `new documents kept arriving: ${documents(remaining.total)} in ${plan.containerTag} after ${maxRounds} purges`,
      );
    }
    current = await planTag(plan, purge.session);
    purge.gate.admitAgain(current);
    purge.gate.recount(current);
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
    for (;;) {
      const remaining = await this.#listAgain();
      const step = this.#nextStep(remaining);
      if (step === "done") return remaining;
      if (step === "wait") await this.#wait(remaining);
      else await this.#delete(step, remaining);
    }
  }

  async #listAgain(): Promise<RemainingDocuments> {
    const { gate, onProgress, session } = this.purge;
    session.deadline.check("the API did not respond");
    const list = await listRemaining(this.plan, session, () => gate.deleted);
    gate.record(this.plan.containerTag, { kind: "listed", listing: list });
    onProgress();
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
        ? await this.#deletes.container()
        : this.#deletes.ids(await nextPage(remaining, this.plan, this.purge.session, () => this.purge.gate.deleted));
    this.#last = await this.#deletes.send(batch);
    this.#retried = true;
  }

  #isAccountedFor(): boolean {
    return this.#last.lost === undefined && this.#last.refusals.total === 0 && this.#unaccounted() === 0;
  }

  #unaccounted(): number {
    return unaccountedIn(this.purge.gate.account(this.plan.containerTag));
  }
}
