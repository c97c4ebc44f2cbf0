import { type Cleared, clear, type DocumentIds, type WholeContainer } from "../client/api";
import { RefusedError } from "../errors";
import { count, documents } from "../util/format";
import { type DeletionAccount, deletedIn, type Fact, openAccount, record } from "./accounting";
import { guardAddress, guardPlan, sharedWith } from "./guard";
import { guardTags } from "./tag-rules";
import type { Plan, PurgeRequest, TagPlan } from "./types";

/**
 * Every delete passes this gate. It keeps an account of every container in the purge, keeps their sum within the limit,
 * and is the only code that creates the cleared values that the client's deletes accept.
 */
export class Gate {
  readonly #accounts = new Map<string, DeletionAccount>();
  readonly #released = new Set<string>();

  private constructor(
    private readonly request: PurgeRequest,
    plan: Plan,
  ) {
    const tags = plan.tags.map(({ containerTag }) => containerTag);
    for (const tag of plan.tags) this.#accounts.set(tag.containerTag, openAccount(tag, mayOverlap(tag, tags)));
  }

  /** @throws RefusedError if a guardrail stops this plan */
  static open(request: PurgeRequest, plan: Plan): Gate {
    const { guardrails, method, resource, targets } = request;
    guardTags(targets, guardrails);
    guardAddress(resource, guardrails);
    guardPlan(plan, method, guardrails);
    return new Gate(request, plan);
  }

  /** Checks what a later list shows of a container for protected tags. The clearance that follows checks the limit. */
  admitAgain(plan: TagPlan): void {
    const problem = sharedWith(plan, this.request.method, this.request.guardrails);
    if (problem !== undefined) throw problem;
  }

  /** Clears all documents of a container; `known` is how many it contains. */
  clearTag(tag: string, known: number): Cleared<string> {
    this.#admit(tag, known, "tag");
    return clear(tag);
  }

  /** Clears the container itself; `known` is how many documents it contains. */
  clearContainer(tag: string, known: number): Cleared<WholeContainer> {
    this.#admit(tag, known, "container");
    return clear({ container: tag });
  }

  /** Clears these documents of a plan, for one request. */
  clearIds({ containerTag, ids: planned }: TagPlan, ids: readonly string[]): Cleared<DocumentIds> {
    this.confirm(containerTag);
    if (planned !== undefined && !ids.every((id) => planned.has(id))) {
      throw new RefusedError("containerTags", `some documents in ${containerTag} are not part of this purge`);
    }
    return clear({ containerTag, ids });
  }

  /** Admits that at most `most` documents are deleted that a list still shows. */
  admitLeft(tag: string, most: number): void {
    this.#admit(tag, most);
  }

  /** Checks the limit again, right before a cleared delete is sent. */
  confirm(tag: string): void {
    this.#admit(tag, this.#accounts.get(tag)?.reserved ?? 0);
  }

  /** Removes a container from this purge: nothing in it is cleared any more. */
  release(tag: string): void {
    this.#released.add(tag);
  }

  /** Starts a further round in a container, with a new count of it. */
  recount(plan: TagPlan): void {
    this.record(plan.containerTag, { kind: "counted", plan, overlaps: mayOverlap(plan, [...this.#accounts.keys()]) });
  }

  /** Records a fact in the account of a container. */
  record(tag: string, fact: Fact): void {
    this.#accounts.set(tag, record(this.account(tag), fact));
  }

  account(tag: string): DeletionAccount {
    const account = this.#accounts.get(tag);
    if (account === undefined) throw notInPurge(tag);
    return account;
  }

  /** Documents deleted so far, in all containers. */
  get deleted(): number {
    return this.#sum(deletedIn);
  }

  /** Whether the limit allows `more` deletions in a container. */
  hasRoomFor(tag: string, more: number): boolean {
    return this.#totalWith(tag, more) <= this.#limit;
  }

  get #limit(): number {
    return this.request.guardrails.maxDeletions;
  }

  /** @param whole the purge must be of this kind; omitted for single documents */
  #admit(tag: string, more: number, whole?: "tag" | "container"): void {
    if (!this.#accounts.has(tag) || this.#released.has(tag)) throw notInPurge(tag);
    if (whole !== undefined && this.request.method.kind !== whole) {
      throw new RefusedError("scope", `this purge does not delete ${tag} as a whole`);
    }
    if (!this.hasRoomFor(tag, more)) {
      const left = this.#totalWith(tag, more) - this.deleted;
      throw new RefusedError(
        "maxDeletions",
        `new documents were written, so this would delete ${documents(this.deleted + left)}, more than maxDeletions (${count(this.#limit)}): ${count(this.deleted)} deleted so far, ${count(left)} left to delete`,
        ["raise maxDeletions, or stop the writer"],
      );
    }
    this.record(tag, { kind: "cleared", documents: more });
  }

  #totalWith(tag: string, more: number): number {
    return (
      this.deleted + more + this.#sum(({ plan, reserved }) => (this.#isReserved(plan.containerTag, tag) ? reserved : 0))
    );
  }

  /** Whether the reserve of a container counts beside the deletes of another. */
  #isReserved(tag: string, beside: string): boolean {
    return tag !== beside && !this.#released.has(tag);
  }

  #sum(numberOf: (account: DeletionAccount) => number): number {
    let sum = 0;
    for (const account of this.#accounts.values()) sum += numberOf(account);
    return sum;
  }
}

/** Whether a document of this container may also carry another of these tags, so that either delete may delete it. */
function mayOverlap({ allTagsSeen, alsoCarried, containerTag }: TagPlan, tags: readonly string[]): boolean {
  return allTagsSeen ? tags.some((tag) => alsoCarried.has(tag)) : tags.some((tag) => tag !== containerTag);
}

function notInPurge(tag: string): RefusedError {
  return new RefusedError("containerTags", `${tag} is not part of this purge`);
}
