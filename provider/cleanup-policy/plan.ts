import { matches } from "../util/glob";
import { malformed, protectionOf, type TagRules } from "../purge/tag-rules";
import { span } from "../util/format";

/** Which containers a policy does not want. */
export interface PolicyRules {
  readonly match: readonly string[];
  readonly except: readonly string[];
  /** Containers that were in use less long ago than this stay; undefined lets their use not count. */
  readonly inactiveForMs: number | undefined;
  /** So many of the containers that hold something to delete stay, the newest by activity. */
  readonly keepLatest: number;
  readonly scope: "documents" | "container";
}

/** What surrounds a policy: the guardrails for tags, and what the program manages elsewhere. */
export interface PolicyBounds extends TagRules {
  /** Who manages a tag, for a message. */
  readonly managedBy: (containerTag: string) => string | undefined;
}

/** A container as a policy sees it; times in milliseconds since the epoch. */
export interface SeenContainer {
  readonly containerTag: string;
  /** Documents that a purge would delete. */
  readonly documentCount: number;
  readonly createdAt: number | undefined;
  /** Null when it was never in use, which counts from `createdAt`; undefined when that is not known. */
  readonly lastActivityAt: number | null | undefined;
  /** It is a source or the target of a merge that runs. */
  readonly isMerging?: boolean;
}

/** A container that is to be purged, and why. */
export interface PlannedContainer {
  readonly containerTag: string;
  /** How many documents the purge would delete. */
  readonly documents: number;
  /** As in "matches pr-*, last active 20 days ago". */
  readonly reason: string;
}

/** A container that matches and stays, and why. */
export interface LeftOutContainer {
  readonly containerTag: string;
  /** As in "active 3 days ago". */
  readonly reason: string;
}

/** What a policy purges now, and what matches and stays. */
export interface CleanupPlan {
  /** The longest inactive first. */
  readonly planned: readonly PlannedContainer[];
  readonly leftOut: readonly LeftOutContainer[];
}

/**
 * Which of these containers a policy purges now. Pure. The newest that `keepLatest` keeps are counted among those that
 * hold something to delete, so that one which a purge has emptied takes no place from one which is to stay.
 */
export function planContainers(
  rules: PolicyRules,
  bounds: PolicyBounds,
  containers: readonly SeenContainer[],
  now: number,
): CleanupPlan {
  const matching = containers.filter(({ containerTag }) => globOf(containerTag, rules) !== undefined);
  const judged = [...matching].sort(longestInactiveFirst).map((container) => ({
    container,
    reason: reasonByName(container.containerTag, rules, bounds) ?? reasonByContent(container, rules),
  }));
  const candidates = judged.filter(({ reason }) => reason === undefined).map(({ container }) => container);
  const newest = new Set(rules.keepLatest === 0 ? [] : candidates.slice(-rules.keepLatest));
  const planned: PlannedContainer[] = [];
  const leftOut: LeftOutContainer[] = [];
  for (const { container, reason } of judged) {
    const { containerTag, documentCount } = container;
    const stays =
      reason ?? reasonByActivity(container, rules, now) ?? (newest.has(container) ? among(rules) : undefined);
    if (stays !== undefined) leftOut.push({ containerTag, reason: stays });
    else planned.push({ containerTag, documents: documentCount, reason: reasonToPurge(container, rules, now) });
  }
  return { planned, leftOut };
}

/** The glob that makes a container a policy's business. */
function globOf(containerTag: string, { match }: PolicyRules): string | undefined {
  return match.find((glob) => matches(glob, containerTag));
}

/** Whether a policy may purge a container as far as its name tells. */
export function isEligible(containerTag: string, rules: PolicyRules, bounds: PolicyBounds): boolean {
  return globOf(containerTag, rules) !== undefined && reasonByName(containerTag, rules, bounds) === undefined;
}

/** When a container was last in use; undefined when that is not known. */
export function activeAt({
  createdAt,
  lastActivityAt,
}: Pick<SeenContainer, "createdAt" | "lastActivityAt">): number | undefined {
  return lastActivityAt === null ? createdAt : lastActivityAt;
}

function longestInactiveFirst(a: SeenContainer, b: SeenContainer): number {
  const [left, right] = [activeAt(a) ?? Number.NEGATIVE_INFINITY, activeAt(b) ?? Number.NEGATIVE_INFINITY];
  if (left !== right) return left < right ? -1 : 1;
  return a.containerTag < b.containerTag ? -1 : 1;
}

function reasonByName(tag: string, { except }: PolicyRules, bounds: PolicyBounds): string | undefined {
  if (malformed(tag) !== undefined) return "not a tag that can be purged";
  if (protectionOf(tag, "policy", bounds) !== undefined) return "protected";
  if (bounds.allowedTags?.some((glob) => matches(glob, tag)) === false) return "not in allowedTags";
  if (except.some((glob) => matches(glob, tag))) return "excepted";
  const owner = bounds.managedBy(tag);
  return owner === undefined ? undefined : `managed by ${owner}`;
}

/** A container that is merged, or cannot be dated, stays whatever the policy says: it is in use, or may be. */
function reasonByContent(container: SeenContainer, { scope }: PolicyRules): string | undefined {
  if (scope === "documents" && container.documentCount === 0) return "empty";
  if (container.isMerging === true) return "being merged";
  return activeAt(container) === undefined ? "unknown activity" : undefined;
}

function reasonByActivity(container: SeenContainer, { inactiveForMs }: PolicyRules, now: number): string | undefined {
  const idle = now - (activeAt(container) ?? now);
  return inactiveForMs !== undefined && idle < inactiveForMs ? `active ${ago(idle)}` : undefined;
}

function among({ keepLatest }: PolicyRules): string {
  return keepLatest === 1 ? "the newest" : `one of the ${keepLatest} newest`;
}

function reasonToPurge(container: SeenContainer, rules: PolicyRules, now: number): string {
  const when = ago(now - (activeAt(container) ?? now));
  const use = container.lastActivityAt === null ? `never active, created ${when}` : `last active ${when}`;
  return `matches ${globOf(container.containerTag, rules) ?? ""}, ${use}`;
}

/** "just now", "3 hours ago", "12 days ago". */
function ago(ms: number): string {
  return ms < 60_000 ? "just now" : `${span(ms)} ago`;
}
