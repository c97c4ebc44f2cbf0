import type { Cleared, DeleteResponse, DocumentIds } from "../client/api";
import type { CallContext } from "../client/call-context";
import { mayHaveTakenEffect } from "../client/retry";
import { ApiError } from "../errors";
import type { Gate } from "./gate";
import { planTag } from "./plan";
import { inParallel } from "../util/pool";
import { Refusals } from "./refusals";
import type { RemainingDocuments } from "./remaining";
import type { Tally } from "./accounting";
import type { PurgeMethod, PurgeSession, TagPlan } from "./types";

/** One or more deleting requests and what they came to. */
export interface Blow {
  /** Why an answer is missing: then listing has to tell what the request did. */
  readonly problem: ApiError | undefined;
  readonly refusals: Refusals;
}

/** A delete whose answer may be missing. */
export interface Attempt extends DeleteResponse {
  readonly problem?: ApiError;
}

/** The deleting requests of one round, each cleared by the gate and counted by the tally. */
export class Blows {
  /** No document of this round was part of a delete yet, so that one that is absent went by another hand. */
  #fresh = true;

  constructor(
    private readonly plan: TagPlan,
    private readonly tally: Tally,
    private readonly gate: Gate,
    private readonly session: PurgeSession,
    private readonly context: CallContext,
  ) {}

  /** The requests that a purge begins with. */
  async first(kind: PurgeMethod["kind"]): Promise<Blow> {
    const { containerTag, count } = this.plan;
    switch (kind) {
      case "tag": {
        const tag = this.gate.clearTag(containerTag, count);
        const { api } = this.session;
        const answer: Attempt =
          api.version === "v5"
            ? { deletedCount: 0 }
            : await attempt(async () => await api.deleteByTag(tag, this.context));
        this.#fresh = api.version === "v5";
        this.tally.record(answer, false);
        return { problem: answer.problem, refusals: new Refusals() };
      }
      case "container":
        return await this.container(count);
      case "ids":
        return await this.#all(this.gate.clearPlanned(this.plan));
    }
  }

  /** Deletes the container, in which `left` documents are known. */
  async container(left: number): Promise<Blow> {
    const container = this.gate.clearContainer(this.plan.containerTag, left);
    const answer = await attempt(async () => await this.session.api.deleteContainer(container, this.context));
    this.#fresh = false;
    this.tally.recordContainer(answer);
    return { problem: answer.problem, refusals: new Refusals() };
  }

  /** Deletes the container once more, with all that is in it now. */
  async containerAgain(): Promise<Blow> {
    const now = await planTag(this.plan, this.session);
    this.gate.admitAgain(now);
    return await this.container(now.count);
  }

  /** Deletes documents that are left. */
  async ids(rest: RemainingDocuments): Promise<Blow> {
    this.gate.admitAgain({ ...this.plan, alsoCarried: rest.alsoCarried });
    // A list that lags shows documents that are gone by an answer: they take no room that is not there.
    const left = this.gate.hasRoomFor(this.plan.containerTag, rest.ofPlan)
      ? rest.ofPlan
      : Math.min(rest.ofPlan, this.tally.unaccounted || rest.ofPlan);
    return await this.#all(this.gate.clearLeft(this.plan, rest.ids, left));
  }

  async #all(batches: Iterable<Cleared<DocumentIds>>): Promise<Blow> {
    const fresh = this.#fresh;
    this.#fresh = false;
    const refusals = new Refusals();
    let problem: ApiError | undefined;
    await inParallel(batches, this.session.concurrency, async (batch) => {
      const answer = await attempt(async () => await this.session.api.deleteIds(batch, this.context));
      this.tally.record(answer, fresh);
      refusals.add(answer.refused ?? []);
      problem ??= answer.problem;
    });
    return { problem, refusals };
  }
}

async function attempt(send: () => Promise<DeleteResponse>): Promise<Attempt> {
  try {
    return await send();
  } catch (error) {
    if (!(error instanceof ApiError) || !mayHaveTakenEffect(error.failure)) throw error;
    return { deletedCount: 0, problem: error };
  }
}
