import { setImmediate } from "node:timers/promises";
import type { Cleared, DeleteResponse, DocumentIds, WholeContainer } from "../client/api";
import type { CallContext } from "../client/call-context";
import { mayHaveTakenEffect } from "../client/retry";
import { ApiError } from "../errors";
import { inParallel } from "../util/pool";
import { unaccountedIn, type DeleteFact } from "./accounting";
import { contextOf } from "./context";
import type { Gate } from "./gate";
import { planTag } from "./plan";
import { Refusals } from "./refusals";
import type { RemainingDocuments } from "./remaining";
import type { PurgeMethod, PurgeSession, TagPlan } from "./types";

/** Deleting requests that the gate has cleared. */
export type DeleteBatch =
  | { readonly kind: "tag"; readonly tag: Cleared<string> }
  | { readonly kind: "container"; readonly container: Cleared<WholeContainer> }
  | { readonly kind: "ids"; readonly batches: Iterable<Cleared<DocumentIds>> };

/** What one batch did, besides the facts in the account. */
export interface DeleteResult {
  /** The error of a request whose effect is unknown, so that lists have to show it. */
  readonly lost: ApiError | undefined;
  readonly refusals: Refusals;
}

/** What the deletes of one container work with. */
export interface TagPurge {
  readonly gate: Gate;
  readonly session: PurgeSession;
  /** Called after each fact. */
  readonly onProgress: () => void;
}

/** The batches of one round: first by the method, then what a list still shows. `send` sends them. */
export class RoundDeletes {
  /** Whether a delete was sent in this round. */
  #sent = false;

  constructor(
    private readonly plan: TagPlan,
    private readonly purge: TagPurge,
  ) {}

  /** Undefined by tag on API v5, which has no such delete: the documents are listed and deleted by ids. */
  first(kind: PurgeMethod["kind"]): DeleteBatch | undefined {
    const { containerTag, count } = this.plan;
    const { gate, session } = this.purge;
    switch (kind) {
      case "tag":
        return session.api.version === "v5" ? undefined : { kind, tag: gate.clearTag(containerTag, count) };
      case "container":
        return { kind, container: gate.clearContainer(containerTag, count) };
      case "ids":
        return { kind, batches: gate.clearPlanned(this.plan) };
    }
  }

  /** Deletes the container again, with everything that it now contains. */
  async container(): Promise<DeleteBatch> {
    const { gate, session } = this.purge;
    const now = await planTag(this.plan, session);
    gate.admitAgain(now);
    return { kind: "container", container: gate.clearContainer(now.containerTag, now.count) };
  }

  /** Remaining documents, by id. */
  ids({ alsoCarried, ids, ofPlan }: RemainingDocuments): DeleteBatch {
    const { gate } = this.purge;
    const { containerTag } = this.plan;
    gate.admitAgain({ ...this.plan, alsoCarried });
    // A stale list also shows documents that a response confirmed as deleted. The limit need not cover them twice.
    const unaccounted = unaccountedIn(gate.account(containerTag));
    const most = gate.hasRoomFor(containerTag, ofPlan) ? ofPlan : Math.min(ofPlan, unaccounted || ofPlan);
    return { kind: "ids", batches: gate.clearLeft(this.plan, ids, most) };
  }

  async send(batch: DeleteBatch): Promise<DeleteResult> {
    const { api, concurrency } = this.purge.session;
    const context = this.#context();
    const repeated = this.#sent;
    this.#sent = true;
    const refusals = new Refusals();
    let lost: ApiError | undefined;
    const sendOne = async (target: DeleteFact["target"], request: () => Promise<DeleteResponse>): Promise<void> => {
      const response = await settled(request);
      lost ??= response.lost;
      refusals.add(response.refused ?? []);
      this.#record(target, response, repeated);
    };
    switch (batch.kind) {
      case "tag":
        await sendOne("tag", () => api.deleteByTag(batch.tag, context));
        break;
      case "container":
        await sendOne("container", () => api.deleteContainer(batch.container, context));
        break;
      case "ids":
        await inParallel(batch.batches, concurrency, (ids) => sendOne("ids", () => api.deleteIds(ids, context)));
    }
    return { lost, refusals };
  }

  #record(
    target: DeleteFact["target"],
    { absent = 0, deletedCount, lost, memories }: Attempt,
    repeated: boolean,
  ): void {
    const numbers = { deletedCount, absent, memories, repeated, lost: lost !== undefined };
    this.purge.gate.record(this.plan.containerTag, { kind: "deleted", target, ...numbers });
    this.purge.onProgress();
  }

  /** The one place before a delete is sent, which the client also passes before each retry. */
  #context(): CallContext {
    const { gate, session } = this.purge;
    return {
      ...contextOf(session),
      beforeMutation: async () => {
        await session.beforeMutation();
        // The response that made room for this request is recorded first.
        await setImmediate();
        gate.confirm(this.plan.containerTag);
      },
    };
  }
}

/** The response to a delete, or the error of one whose effect is unknown. */
interface Attempt extends DeleteResponse {
  readonly lost?: ApiError;
}

async function settled(request: () => Promise<DeleteResponse>): Promise<Attempt> {
  try {
    return await request();
  } catch (error) {
    if (!(error instanceof ApiError) || !mayHaveTakenEffect(error.failure)) throw error;
    return { deletedCount: 0, lost: error };
  }
}
