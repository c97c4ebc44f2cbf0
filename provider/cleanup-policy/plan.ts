import { matches } from "../util/glob";
import { malformed, protectionOf, type TagRules } from "../purge/tag-rules";
import { span } from "../util/format";
import type { PlannedContainer } from "./resource";

/** Which containers a policy does not want. */
export interface PolicyRules {
  readonly match: readonly string[];
  readonly except: readonly string[];
  /** Containers that were active within this time are kept; undefined keeps none for their activity. */
  readonly inactiveForMs: number | undefined;
  /** This many of the containers with something to delete are kept, the newest by activity. */
  readonly keepLatest: number;
  readonly scope: "documents" | "container";
}

/** The guardrails for tags, and what the program manages elsewhere. */
export interface PolicyBounds extends TagRules {
  /** The resource that manages a tag, for a message. */
  readonly managedBy: (containerTag: string) => string | undefined;
}

/** A container as a policy sees it; times in milliseconds since the epoch. */
export interface SeenContainer {
  readonly containerTag: string;
  /** Documents that a purge would delete. */
  readonly documentCount: number;
  readonly createdAt: number | undefined;
  /** Null when it was never active, which counts from `createdAt`; undefined when that is not known. */
  readonly lastActivityAt: number | null | undefined;
  /** It is a source or the target of a running merge. */
  readonly isMerging?: boolean;
}

/** A container that matches and is kept, and why. */
export interface LeftOutContainer {
  readonly containerTag: string;
  /** As in "active 3 days ago". */
  readonly reason: string;
}

/** What a policy purges now, and what matches and is kept. */
export interface CleanupPlan {
  /** The longest inactive first. */
  readonly planned: readonly PlannedContainer[];
  readonly leftOut: readonly LeftOutContainer[];
}

/**
 * Decides which of these containers a policy purges now. Pure. `keepLatest` counts only containers with something to
 * delete, so that a container that a purge has emptied takes no place.
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
    const kept =
      reason ?? reasonByActivity(container, rules, now) ?? (newest.has(container) ? among(rules) : undefined);
    if (kept !== undefined) leftOut.push({ containerTag, reason: kept });
    else planned.push({ containerTag, documents: documentCount, reason: reasonToPurge(container, rules, now) });
  }
  return { planned, leftOut };
}

/** The glob of `match` that a container matches. */
function globOf(containerTag: string, { match }: PolicyRules): string | undefined {
  return match.find((glob) => matches(glob, containerTag));
}

/** Whether a policy may purge a container, judged by its name alone. */
export function isEligible(containerTag: string, rules: PolicyRules, bounds: PolicyBounds): boolean {
  return globOf(containerTag, rules) !== undefined && reasonByName(containerTag, rules, bounds) === undefined;
}

/** When a container was last active; undefined when that is not known. Its creation counts as activity. */
export function activeAt({
  createdAt,
  lastActivityAt,
}: Pick<SeenContainer, "createdAt" | "lastActivityAt">): number | undefined {
  if (lastActivityAt === null) return createdAt;
  return lastActivityAt === undefined ? undefined : Math.max(lastActivityAt, createdAt ?? lastActivityAt);
}

function longestInactiveFirst(a: SeenContainer, b: SeenContainer): number {
  const [left, right] = [activeAt(a) ?? Number.NEGATIVE_INFINITY, activeAt(b) ?? Number.NEGATIVE_INFINITY];
  if (left !== right) return left < right ? -1 : 1;
  return a.containerTag < b.containerTag ? -1 : 1;
}

function reasonByName(tag: string, rules: PolicyRules, bounds: PolicyBounds): string | undefined {
  if (malformed(tag) !== undefined) return "not a valid container tag";
  if (protectionOf(tag, "policy", bounds) !== undefined) return "protected";
  if (bounds.allowedTags?.some((glob) => matches(glob, tag)) === false) return "not in allowedTags";
  if (rules.except.some((glob) => matches(glob, tag))) return "listed in except";
  const personal = personalGlobOf(tag, rules);
  if (personal !== undefined) return `a person's coding memory; to purge it, add "${personal}" to match`;
  const owner = bounds.managedBy(tag);
  return owner === undefined ? undefined : `managed by ${owner}`;
}

/**
 * The glob of tools that a container's tag matches, unless `match` spells its beginning out: "co*" does not mean somebody's
 * memories.
 */
function personalGlobOf(tag: string, { match }: PolicyRules): string | undefined {
  const personal = personalGlobs.find((glob) => matches(glob, tag));
  if (personal === undefined) return undefined;
  const prefix = literalStart(personal);
  return match.some((glob) => literalStart(glob).startsWith(prefix) && matches(glob, tag)) ? undefined : personal;
}

function literalStart(glob: string): string {
  return glob.replace(/[*?].*$/, "");
}

/** Containers that tools create for one person's coding memory. */
const personalGlobs = [
  "user_project_*",
  "repo_*__*",
  "claudecode_*",
  "codex_*",
  "cursor_*",
  "opencode_*",
  "openclaw_*",
] as const;

/** A container that is being merged, or whose activity is not known, may be in use: it is always kept. */
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

/** "now", "3 hours ago", "12 days ago". */
function ago(ms: number): string {
  return ms < 60_000 ? "now" : `${span(ms)} ago`;
}

/**
 * Why every tag that a glob can match is protected; undefined when some may not be. A segment without a wildcard is part
 * of all of them.
 */
export function alwaysProtected(
  glob: string,
  { protectedTags, protectedTagSources }: Pick<TagRules, "protectedTags" | "protectedTagSources">,
): string | undefined {
  const sample = glob.replace(/[*?]/g, "x");
  const rules = { allowedTags: undefined, allowProtectedTags: { managed: [], removed: [] } };
  return protectionOf(sample, "policy", {
    ...rules,
    protectedTags: sample === glob ? protectedTags : [],
    protectedTagSources,
  });
}
