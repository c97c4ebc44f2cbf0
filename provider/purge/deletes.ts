import { setImmediate } from "node:timers/promises";
import { type DeleteResponse, pageSize } from "../client/api";
import type { CallContext } from "../client/call-context";
import { RepeatUnit } from "../client/place";
import { afterDelete } from "../client/retry";
import { ApiError } from "../errors";
import { inParallel } from "../util/pool";
import { type DeleteFact, unaccountedIn } from "./accounting";
import { contextOf } from "./context";
import type { Freshness, Look } from "./freshness";
import type { Gate } from "./gate";
import { otherTags } from "./plan";
import type { Recheck } from "./recheck";
import { Refusals } from "./refusals";
import { findDocuments, listRemaining, type RemainingDocuments, type Review, review } from "./remaining";
import type { Verdict } from "./select";
import type { PurgeMethod, PurgeSession, TagPlan } from "./types";
import type { DocumentRow } from "../client/api";

/** Deleting requests of one kind. */
export type DeleteBatch =
  /** `look`: list before the first of them, too. */
  | { readonly kind: "tag" | "container"; readonly look: boolean }
  | { readonly kind: "ids"; readonly ids: Iterable<string> };

/** What one batch did, besides the facts in the account. */
export interface DeleteResult {
  /** The error of a request whose effect is unknown, and that was not repeated. */
  lost: ApiError | undefined;
  readonly refusals: Refusals;
}

/** What the deletes of one container work with. */
export interface TagPurge {
  readonly gate: Gate;
  readonly session: PurgeSession;
  readonly freshness: Freshness;
  readonly recheck: Recheck;
  /** Decides again about a document of the plan, in a purge by ids. */
  readonly judge: (row: DocumentRow) => Verdict;
  /** When the container was counted. */
  readonly planned: Look;
  /** Called after each fact. */
  readonly onProgress: () => void;
  /** Called before a list that verifies deletes. */
  readonly onVerifying: () => void;
  /** Called when the response to a delete is missing. */
  readonly onLost: () => void;
}

/**
 * The deletes of one round: first by the method, then what a list still shows. `send` sends them.
 *
 * Every delete is sent in a unit. If something waited since the container was last listed, the unit lists again, records
 * what it sees, and decides again before the delete. A delete that the API does not accept ends the unit, which then
 * waits and starts again.
 */
export class RoundDeletes {
  #plan: TagPlan;
  #listed: Look;
  /** Whether a delete was sent in this round. */
  #sent = false;
  /** Planned ids whose delete was not sent, because a list did not contain them. */
  readonly #missed = new Set<string>();
  /** Documents whose tags may still be read. */
  #lookups = maxLookups;

  constructor(
    plan: TagPlan,
    private readonly purge: TagPurge,
  ) {
    this.#plan = plan;
    this.#listed = purge.planned;
  }

  /** Without the documents that are kept after all. */
  get plan(): TagPlan {
    return this.#plan;
  }

  /** Undefined by tag on API v5, which has no such delete: the documents are listed and deleted by ids. */
  first(kind: PurgeMethod["kind"]): DeleteBatch | undefined {
    if (kind === "ids") return { kind, ids: this.#plan.ids ?? [] };
    return kind === "tag" && this.purge.session.api.version === "v5" ? undefined : { kind, look: false };
  }

  /** Remaining documents, by id. */
  ids(remaining: RemainingDocuments): DeleteBatch {
    const { gate } = this.purge;
    const { alsoCarried, ids, ofPlan, outside } = remaining;
    gate.admitAgain({ ...this.#plan, alsoCarried, outside });
    // A stale list also shows documents that a response confirmed as deleted. The limit need not cover them twice.
    const { containerTag } = this.#plan;
    const unaccounted = unaccountedIn(gate.account(containerTag));
    const most = gate.hasRoomFor(containerTag, ofPlan) ? ofPlan : Math.min(ofPlan, unaccounted || ofPlan);
    gate.admitLeft(containerTag, most);
    return { kind: "ids", ids: ids.slice(0, most) };
  }

  /** Lists what remains of the plan, and records it. */
  async list(session: PurgeSession): Promise<RemainingDocuments> {
    const { gate, judge, freshness, onProgress } = this.purge;
    const { containerTag } = this.#plan;
    const missed = new Set(this.#missed);
    const begun = freshness.now();
    const list = await listRemaining(this.#plan, session, { judge, missed, ownDeletions: () => gate.deleted });
    this.#listed = begun;
    this.#keep(list.kept);
    this.#settleMissed([...missed].filter((id) => !list.found.has(id)));
    gate.record(containerTag, { kind: "listed", listing: list });
    onProgress();
    return list;
  }

  async send(batch: DeleteBatch): Promise<DeleteResult> {
    const result: DeleteResult = { lost: undefined, refusals: new Refusals() };
    if (batch.kind === "ids") {
      const repeated = this.#sent;
      await inParallel(batchesOf(batch.ids), this.purge.session.concurrency, async (ids) => {
        if (result.lost === undefined || afterDelete(result.lost.failure) !== "give up") {
          await this.#sendIds(ids, repeated, result);
        }
      });
    } else await this.#sendWhole(batch.kind, batch.look, result);
    return result;
  }

  async #sendWhole(kind: "tag" | "container", look: boolean, result: DeleteResult): Promise<void> {
    const { gate, session } = this.purge;
    const { containerTag } = this.#plan;
    const attempt = { repeated: this.#sent, sent: false };
    await this.#inUnit(async (held, isStale) => {
      let plan = this.#plan;
      if (isStale || look || attempt.sent) {
        const before = unaccountedIn(gate.account(containerTag));
        const now = await this.list(held);
        if (!isStillToSend(kind, now, attempt.sent, before)) return;
        const { carried, newest, total } = now;
        plan = { ...plan, count: total, listed: total, newest: Math.max(plan.newest, newest), alsoCarried: carried };
        gate.admitAgain(plan);
      }
      await this.purge.recheck.ask(plan, held);
      await this.#attempt(kind, held, attempt, result, (context) =>
        kind === "tag"
          ? session.api.deleteByTag(gate.clearTag(containerTag, plan.count), context)
          : session.api.deleteContainer(gate.clearContainer(containerTag, plan.count), context),
      );
    });
  }

  async #sendIds(ids: readonly string[], repeated: boolean, result: DeleteResult): Promise<void> {
    const { gate, recheck, session } = this.purge;
    const attempt = { repeated, sent: false };
    let left = ids;
    await this.#inUnit(async (held, isStale) => {
      if (isStale || attempt.sent) left = await this.#lookFor(left, attempt.sent, held);
      if (left.length === 0) return;
      await recheck.ask(this.#plan, held);
      await this.#attempt("ids", held, attempt, result, (context) =>
        session.api.deleteIds(gate.clearIds(this.#plan, left), context),
      );
    });
  }

  /** Which of these documents are still to be deleted. Lists until it has found them, and no further. */
  async #lookFor(ids: readonly string[], wereSent: boolean, session: PurgeSession): Promise<readonly string[]> {
    const { gate, judge } = this.purge;
    const { missing, rows } = await findDocuments(this.#plan, ids, session);
    if (this.#plan.ids === undefined) {
      gate.admitAgain({ ...this.#plan, alsoCarried: otherTags(rows, this.#plan.containerTag) });
      return rows.map(({ id }) => id);
    }
    const now = review(rows, judge);
    gate.admitAgain({ ...this.#plan, outside: now.outside });
    this.#keep(now.kept);
    // A delete that was sent before may have deleted them. Otherwise a later list shows whether they are really gone.
    if (wereSent) this.#leave(await this.#movedOf([...missing], session));
    else for (const id of missing) this.#missed.add(id);
    return now.toDelete.map(({ id }) => id);
  }

  async #inUnit(work: (held: PurgeSession, isStale: boolean) => Promise<void>): Promise<void> {
    const { freshness, session } = this.purge;
    await session.api.unit(contextOf(session), async (place) => {
      if (place.waited) freshness.waited();
      await work({ ...session, place, concurrency: 1 }, !freshness.isFresh(this.#listed));
    });
  }

  /** Sends one delete, and records what it did. @throws RepeatUnit if it has to be decided and sent again */
  async #attempt(
    target: DeleteFact["target"],
    held: PurgeSession,
    attempt: { readonly repeated: boolean; sent: boolean },
    result: DeleteResult,
    request: (context: CallContext) => Promise<DeleteResponse>,
  ): Promise<void> {
    const repeated = attempt.repeated || attempt.sent;
    const recordLost = (): void => {
      this.purge.onLost();
      this.#record({ target, repeated, lost: true, deletedCount: 0, absent: 0, memories: undefined });
    };
    try {
      const { absent = 0, deletedCount, memories, notFound = false, refused = [] } = await request(this.#context(held));
      this.#sent = attempt.sent = true;
      result.refusals.add(refused);
      // Documents that the plan contains existed, so an earlier copy of this request may have deleted them.
      if (notFound && this.#unaccounted() > 0) recordLost();
      else this.#record({ target, repeated, lost: false, deletedCount, absent, memories });
    } catch (error) {
      if (held.place?.deleteSent === true) {
        this.#sent = attempt.sent = true;
        recordLost();
      } else if (error instanceof RepeatUnit) throw error;
      const cause: unknown = error instanceof RepeatUnit ? error.cause : error;
      if (!(cause instanceof ApiError)) throw cause;
      const next = afterDelete(cause.failure);
      if (next === "repeat") throw new RepeatUnit(cause);
      if (next === "give up" || result.lost === undefined) result.lost = cause;
    }
  }

  #record(fact: Omit<DeleteFact, "kind">): void {
    this.purge.gate.record(this.#plan.containerTag, { kind: "deleted", ...fact });
    this.purge.onProgress();
  }

  #unaccounted(): number {
    return unaccountedIn(this.purge.gate.account(this.#plan.containerTag));
  }

  /** Removes documents from the plan that a later list shows as protected, shared or not selected any more. */
  #keep(kept: Review["kept"]): void {
    const { containerTag, ids } = this.#plan;
    if (ids === undefined || kept.size === 0) return;
    const numbers = new Map<string, number>();
    for (const reason of kept.values()) numbers.set(reason, (numbers.get(reason) ?? 0) + 1);
    for (const [reason, documents] of numbers) {
      this.purge.gate.record(containerTag, { kind: "kept", kept: { reason, documents } });
    }
    this.#forget(ids, (id) => kept.has(id));
  }

  /** Documents that no delete was sent for and that are in no complete list have left the container. */
  #settleMissed(gone: readonly string[]): void {
    this.#missed.clear();
    this.#leave(gone);
  }

  /** Which of these documents exist in other containers: the delete that was sent for them did not delete them. */
  async #movedOf(ids: readonly string[], session: PurgeSession): Promise<readonly string[]> {
    const moved: string[] = [];
    if (ids.length > this.#lookups) return moved;
    this.#lookups -= ids.length;
    try {
      for (const id of ids) {
        const tags = await session.api.tagsOf?.(id, contextOf(session));
        if (tags?.includes(this.#plan.containerTag) === false) moved.push(id);
      }
    } catch (error) {
      // Without a response they count as gone.
      if (!(error instanceof ApiError || error instanceof RepeatUnit)) throw error;
    }
    return moved;
  }

  #leave(gone: readonly string[]): void {
    const { containerTag, ids } = this.#plan;
    if (ids === undefined || gone.length === 0) return;
    this.purge.gate.record(containerTag, { kind: "left", documents: gone.length });
    const without = new Set(gone);
    this.#forget(ids, (id) => without.has(id));
  }

  #forget(ids: ReadonlySet<string>, isForgotten: (id: string) => boolean): void {
    this.#plan = { ...this.#plan, ids: new Set([...ids].filter((id) => !isForgotten(id))) };
  }

  /** The one place before a delete is sent. */
  #context(held: PurgeSession): CallContext {
    const { gate, session } = this.purge;
    return {
      ...contextOf(held),
      beforeMutation: async () => {
        await session.beforeMutation();
        // The response that made room for this request is recorded first.
        await setImmediate();
        gate.confirm(this.#plan.containerTag);
      },
    };
  }
}

/** The most documents of one round that are looked up one by one. */
const maxLookups = 100;

/**
 * Whether a whole delete is still right after a list. What a delete by tag has left is deleted by ids. A container may
 * still exist when it is empty.
 */
function isStillToSend(
  kind: "tag" | "container",
  { ofPlan, total }: RemainingDocuments,
  wasSent: boolean,
  unaccounted: number,
): boolean {
  if (kind === "container") return !wasSent || ofPlan > 0 || total === 0;
  return ofPlan > 0 && !(wasSent && ofPlan < unaccounted);
}

function* batchesOf(ids: Iterable<string>): Generator<readonly string[]> {
  let batch: string[] = [];
  for (const id of ids) {
    batch.push(id);
    if (batch.length < pageSize) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
