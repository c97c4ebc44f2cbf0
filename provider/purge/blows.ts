import type { Cleared, DeleteAnswer, DocumentIds, RefusedId } from "../client/api";
import type { CallContext } from "../client/http";
import { mayHaveTakenEffect } from "../client/retry";
import { ApiError } from "../errors";
import type { Gate } from "./gate";
import { inParallel } from "./pool";
import type { Remainder } from "./remainder";
import type { Tally } from "./tally";
import type { Method, PurgeTools, TagPlan } from "./types";

/** One or more deleting requests and what they came to. */
export interface Blow {
  /** Why an answer is missing: then listing has to tell what the request did. */
  readonly problem: ApiError | undefined;
  readonly refusals: Refusals;
  readonly deletedById: number;
}

/** A delete whose answer may be missing. */
export interface Attempt extends DeleteAnswer {
  readonly problem?: ApiError;
}

/** Documents that the API would not delete: the first few by name. */
export class Refusals {
  readonly shown: RefusedId[] = [];
  total = 0;

  add(refused: readonly RefusedId[]): void {
    this.total += refused.length;
    this.shown.push(...refused.slice(0, 20 - this.shown.length));
  }
}

/** The deleting requests of one round, each cleared by the gate and counted by the tally. */
export class Blows {
  constructor(
    private readonly plan: TagPlan,
    private readonly tally: Tally,
    private readonly gate: Gate,
    private readonly tools: PurgeTools,
    private readonly context: CallContext,
  ) {}

  /** The requests that a purge begins with. */
  async first(kind: Method["kind"]): Promise<Blow> {
    const { containerTag, count } = this.plan;
    switch (kind) {
      case "tag": {
        const tag = this.gate.clearTag(containerTag, count);
        return this.#blow(await attempt(async () => await this.tools.api.deleteByTag(tag, this.context)));
      }
      case "container":
        return await this.container(count);
      case "ids":
        return await this.#all(this.gate.clearPlanned(this.plan), true);
    }
  }

  /** Deletes the container, in which `left` documents are known. */
  async container(left: number): Promise<Blow> {
    const container = this.gate.clearContainer(this.plan.containerTag, left);
    const answer = await attempt(async () => await this.tools.api.deleteContainer(container, this.context));
    const lost = { existed: this.plan.count > 0, memories: undefined };
    return this.#blow(answer.problem === undefined ? answer : { ...answer, container: lost });
  }

  /** Deletes documents that are left. */
  async ids(rest: Remainder): Promise<Blow> {
    this.gate.admitAgain({ ...this.plan, alsoCarried: rest.alsoCarried });
    return await this.#all(this.gate.clearLeft(this.plan, rest.ids, rest.ofPlan), false);
  }

  async #all(batches: Iterable<Cleared<DocumentIds>>, fresh: boolean): Promise<Blow> {
    const refusals = new Refusals();
    let problem: ApiError | undefined;
    let deletedById = 0;
    await inParallel(batches, this.tools.concurrency, async (batch) => {
      const answer = await attempt(async () => await this.tools.api.deleteIds(batch, this.context));
      this.tally.record(answer, fresh);
      refusals.add(answer.refused ?? []);
      deletedById += answer.deletedCount;
      problem ??= answer.problem;
    });
    return { problem, refusals, deletedById };
  }

  #blow(answer: Attempt): Blow {
    this.tally.record(answer, true);
    return { problem: answer.problem, refusals: new Refusals(), deletedById: 0 };
  }
}

async function attempt(send: () => Promise<DeleteAnswer>): Promise<Attempt> {
  try {
    return await send();
  } catch (error) {
    if (!(error instanceof ApiError) || !mayHaveTakenEffect(error.failure)) throw error;
    return { deletedCount: 0, problem: error };
  }
}
