import { type Cleared, clear, type DocumentIds, pageSize, type WholeContainer } from "../client/api";
import { RefusedError } from "../errors";
import { guardAddress, guardPlan, sharedWith } from "./guard";
import { guardTags } from "./tag-rules";
import type { Plan, PurgeRequest, TagPlan } from "./types";
import { count, documents } from "../util/format";

/**
 * The one way to a delete: holds the limit as a running total, and alone makes the cleared values that the client's
 * deletes ask for.
 */
export class Gate {
  #deleted = 0;
  readonly #left = new Map<string, number>();

  private constructor(
    private readonly request: PurgeRequest,
    plan: Plan,
  ) {
    for (const tag of plan.tags) this.#left.set(tag.containerTag, tag.count);
  }

  /** @throws RefusedError when any guardrail stops this plan; nothing was deleted then */
  static open(request: PurgeRequest, plan: Plan): Gate {
    const { guardrails, method, resource, targets } = request;
    guardTags(targets, guardrails);
    guardAddress(resource, guardrails);
    guardPlan(plan, method, guardrails);
    return new Gate(request, plan);
  }

  /** Holds what a further count shows of a container against protected tags; `clearTag` holds it to the limit. */
  admitAgain(plan: TagPlan): void {
    const problem = sharedWith(plan, this.request.method, this.request.guardrails);
    if (problem !== undefined) throw problem;
  }

  /** Clears all documents of a container, of which `left` are known. */
  clearTag(tag: string, left: number): Cleared<string> {
    this.#admit(tag, left, "tag");
    return clear(tag);
  }

  /** Clears a container itself, in which `left` documents are known. */
  clearContainer(tag: string, left: number): Cleared<WholeContainer> {
    this.#admit(tag, left, "container");
    return clear({ container: tag });
  }

  /** Clears exactly the documents of a plan, as many at a time as a request may name. */
  *clearPlanned({ containerTag, ids, count: left }: TagPlan): Generator<Cleared<DocumentIds>> {
    for (const batch of ids?.batches(pageSize) ?? []) {
      this.#admit(containerTag, this.#left.get(containerTag) ?? left);
      yield clear({ containerTag, ids: batch });
    }
  }

  /** Clears some of what is left of a plan, no more than the `left` documents that may still go. */
  clearLeft({ containerTag, ids: planned }: TagPlan, ids: readonly string[], left: number): Cleared<DocumentIds>[] {
    this.#admit(containerTag, left);
    if (planned !== undefined && planned.only(ids).length !== ids.length) {
      throw new RefusedError("containerTags", `some documents of ${containerTag} are not part of this purge`);
    }
    return batchesOf(ids.slice(0, left)).map((batch) => clear({ containerTag, ids: batch }));
  }

  /** Holds a cleared delete against the limit once more, right before it is sent. */
  confirm(tag: string): void {
    this.#admit(tag, this.#left.get(tag) ?? 0);
  }

  /** Takes a container out of this purge: nothing more of it is cleared. */
  release(tag: string): void {
    this.#left.delete(tag);
  }

  /** Whether a container is part of this purge. */
  covers(tag: string): boolean {
    return this.#left.has(tag);
  }

  /** How many containers are part of this purge. */
  get containers(): number {
    return this.#left.size;
  }

  /** Documents deleted so far, in all containers. */
  get deleted(): number {
    return this.#deleted;
  }

  /** Whether the limit lets `left` documents of a container go. */
  hasRoomFor(tag: string, left: number): boolean {
    return this.#totalWith(tag, left) <= this.#limit;
  }

  /** Says what a request deleted and what the container holds of the plan after it. */
  settle(tag: string, deleted: number, left: number): void {
    this.#deleted += deleted;
    this.#left.set(tag, Math.max(0, left));
  }

  get #limit(): number {
    return this.request.guardrails.maxDeletions;
  }

  /** @param kind what the purge has to be for this clearance; none for single documents */
  #admit(tag: string, left: number, kind?: "tag" | "container"): void {
    if (!this.covers(tag)) throw new RefusedError("containerTags", `${tag} is not part of this purge`);
    if (kind !== undefined && this.request.method.kind !== kind) {
      throw new RefusedError("scope", `this purge does not delete ${tag} as a whole`);
    }
    const total = this.#totalWith(tag, left);
    if (total > this.#limit) {
      throw new RefusedError(
        "maxDeletions",
        `the limit of ${documents(this.#limit)} would be exceeded: ${count(this.#deleted)} deleted, ${count(total - this.#deleted)} still to go, because documents were written meanwhile\nraise maxDeletions, or stop what writes there`,
      );
    }
    this.#left.set(tag, left);
  }

  #totalWith(tag: string, left: number): number {
    let total = this.#deleted + left;
    for (const [other, value] of this.#left) if (other !== tag) total += value;
    return total;
  }
}

function batchesOf(ids: readonly string[]): readonly (readonly string[])[] {
  return Array.from({ length: Math.ceil(ids.length / pageSize) }, (_, index) =>
    ids.slice(index * pageSize, (index + 1) * pageSize),
  );
}
