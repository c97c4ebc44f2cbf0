import { type Cleared, clear, type DocumentIds } from "../client/api";
import { RefusedError } from "../errors";
import { matches } from "./glob";
import type { Guardrails, Plan, PurgeEvent, PurgeRequest, TagPlan, Target } from "./types";
import { count, documents, names, nothingDeleted } from "./words";

/** Tags that the API accepts. Source: the vendor's OpenAPI document v3, deleteV3DocumentsBulk, containerTags. */
const tagPattern = /^[a-zA-Z0-9_:-]{1,100}$/;
const protectedSegments = new Set(["prod", "production", "live", "main"]);
const defaultProject = "sm_project_default";

/** The part of the guardrails that looks at tags alone. */
export type TagRules = Pick<Guardrails, "allowProtectedTags" | "protectedTags" | "allowedTags">;

/** Every rule that tags alone can break. Throws for the first tag that breaks one. */
export function guardTags(targets: readonly Target[], rules: TagRules): void {
  for (const { containerTag: tag, event } of targets) {
    const problem = malformed(tag);
    if (problem !== undefined) throw new RefusedError("containerTags", refusal(tag, problem));
    const reason = protectionOf(tag, event, rules);
    if (reason !== undefined) {
      throw new RefusedError(
        "containerTags",
        `refusing to purge "${tag}": ${reason}; nothing was deleted\nif it is meant, add "${tag}" to allowProtectedTags`,
      );
    }
    if (rules.allowedTags?.some((glob) => matches(glob, tag)) === false) {
      const allowed = rules.allowedTags.length === 0 ? "it is empty" : `it allows ${names(rules.allowedTags, 5)}`;
      throw new RefusedError("containerTags", refusal(tag, `no glob of allowedTags matches it (${allowed})`));
    }
  }
}

/** The API's address must be the one that the resource was purged at before. */
export function guardAddress(resource: string, { address }: Guardrails): void {
  const { accepted, now, recorded } = address;
  if (recorded === null || originOf(recorded) === originOf(now) || accepted === originOf(now)) return;
  throw new RefusedError(
    "baseUrl",
    `${resource} was purged at ${recorded} before, now the address is ${now}; nothing was deleted\nif it is meant: SUPERMEMORY_ACCEPT_BASE_URL=${originOf(now)}`,
  );
}

/** Every rule that needs the counts. Throws before anything is deleted. */
export function guardPlan(plan: Plan, rules: Guardrails): void {
  const deleteOnly = plan.tags.every((tag) => tag.event === "delete");
  const tags = plan.tags.filter((tag) => tag.count > 0).map((tag) => tag.containerTag);
  if (plan.total > rules.maxDeletions) {
    const raise = "raise maxDeletions or narrow containerTags";
    throw new RefusedError(
      "maxDeletions",
      `refusing to delete ${documents(plan.total)} in ${names(tags)}: the limit is ${count(rules.maxDeletions)}; nothing was deleted\n` +
        (deleteOnly ? `${raise}; for this command alone: SUPERMEMORY_PURGE_MAX_DELETIONS=${plan.total}` : raise),
    );
  }
  for (const tag of plan.tags) {
    const shared = sharedWithProtected(tag, rules);
    if (shared !== undefined) throw new RefusedError("containerTags", nothingDeleted(shared));
  }
}

/**
 * The one way to a delete: holds the limit as a running total, and alone makes the cleared values that the client's
 * deletes ask for.
 */
export class Gate {
  #deleted = 0;
  readonly #left = new Map<string, number>();

  private constructor(
    private readonly rules: Guardrails,
    plan: Plan,
  ) {
    for (const tag of plan.tags) this.#left.set(tag.containerTag, tag.count);
  }

  /** @throws RefusedError when any guardrail stops this plan; nothing was deleted then */
  static open(request: PurgeRequest, plan: Plan): Gate {
    const { guardrails, resource, targets } = request;
    guardTags(targets, guardrails);
    guardAddress(resource, guardrails);
    guardPlan(plan, guardrails);
    return new Gate(guardrails, plan);
  }

  /** Holds a further round of a container, counted anew, against protected tags; `clearTag` holds it to the limit. */
  admitAgain(plan: TagPlan): void {
    const shared = sharedWithProtected(plan, this.rules);
    if (shared !== undefined) throw new RefusedError("containerTags", shared);
  }

  /** Clears a whole container, of which `left` documents are known. */
  clearTag(tag: string, left: number): Cleared<string> {
    this.#admit(tag, left);
    return clear(tag);
  }

  /** Clears single documents of a container, of which `left` are known to remain. */
  clearIds(tag: string, ids: readonly string[], left: number): Cleared<DocumentIds> {
    this.#admit(tag, left);
    return clear({ containerTag: tag, ids });
  }

  /** Holds a cleared delete against the limit once more, right before it is sent. */
  confirm(tag: string): void {
    this.#admit(tag, this.#left.get(tag) ?? 0);
  }

  /** Whether a container is part of this purge. */
  covers(tag: string): boolean {
    return this.#left.has(tag);
  }

  /** How many containers are part of this purge. */
  get containers(): number {
    return this.#left.size;
  }

  /** Whether the limit lets `left` documents of a container go. */
  hasRoomFor(tag: string, left: number): boolean {
    return this.#totalWith(tag, left) <= this.rules.maxDeletions;
  }

  /** Says what a request deleted and what the container holds of the plan after it. */
  settle(tag: string, deleted: number, left: number): void {
    this.#deleted += deleted;
    this.#left.set(tag, Math.max(0, left));
  }

  #admit(tag: string, left: number): void {
    if (!this.covers(tag)) throw new RefusedError("containerTags", `${tag} is not part of this purge`);
    const total = this.#totalWith(tag, left);
    if (total > this.rules.maxDeletions) {
      throw new RefusedError(
        "maxDeletions",
        `the limit of ${documents(this.rules.maxDeletions)} would be exceeded: ${count(this.#deleted)} deleted, ${count(total - this.#deleted)} still to go, because documents were written meanwhile\nraise maxDeletions, or stop what writes there`,
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

/** Why a tag is protected, or undefined when it is not, or is allowed by name. */
export function protectionOf(tag: string, event: PurgeEvent, rules: TagRules): string | undefined {
  const { managed, removed } = rules.allowProtectedTags;
  if ((event === "delete" ? removed : managed).includes(tag)) return undefined;
  if (tag === defaultProject) return "it is the default container of the account";
  if (rules.protectedTags.includes(tag)) return "it is listed in protectedTags";
  const segment = tag.split(/[-_:]/).find((part) => protectedSegments.has(part.toLowerCase()));
  return segment === undefined ? undefined : `its segment "${segment}" marks it as protected`;
}

/** Why a tag cannot be one, or undefined. */
export function malformed(tag: string): string | undefined {
  if (tag.trim() === "") return "it is blank";
  if (tag.includes("*"))
    return 'it holds a wildcard; tags are matched exactly, so "*" would not do what it seems to say';
  if (tag.length > 100) return `it has ${tag.length} characters; allowed are 1 to 100`;
  return tagPattern.test(tag) ? undefined : 'allowed are letters, digits, "_", ":" and "-"';
}

function sharedWithProtected(tag: TagPlan, rules: Guardrails): string | undefined {
  for (const [other, number] of tag.alsoCarried) {
    const reason = protectionOf(other, tag.event, rules);
    if (reason === undefined) continue;
    const belong = number === 1 ? "belongs" : "belong";
    return `refusing to purge ${tag.containerTag}: ${documents(number)} in it also ${belong} to "${other}", and ${reason}\nif it is meant, add "${other}" to allowProtectedTags`;
  }
  return undefined;
}

function refusal(tag: string, problem: string): string {
  const shown = tag.length > 120 ? `${tag.slice(0, 117)}...` : tag;
  return nothingDeleted(`refusing to purge ${JSON.stringify(shown)}: ${problem}`);
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : url;
}
