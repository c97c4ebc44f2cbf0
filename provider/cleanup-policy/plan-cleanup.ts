import { ConfigError } from "../errors";
import { parseDuration } from "../util/duration";
import type { CleanupPolicyArgs } from "./resource";
import { alwaysProtected, globProblem, lengthProblem, matchProblem } from "./globs";
import { defaultLimits, excess } from "./limits";
import { type CleanupPlan, planContainers, type SeenContainer } from "./plan";
import { malformed } from "../purge/tag-rules";
import { parseTimestamp } from "../util/timestamp";
import { unknownArgument } from "../util/unknown-argument";

export type { CleanupPlan, LeftOutContainer, PlannedContainer } from "./plan";

/**
 * The arguments of a {@link CleanupPolicy} that decide which containers it purges, as plain values. Its others may be
 * there, too, and change nothing.
 */
export interface CleanupRules {
  readonly match: readonly string[];
  readonly except?: readonly string[] | undefined;
  readonly inactiveFor?: string | undefined;
  readonly keepLatest?: number | undefined;
  readonly scope?: "documents" | "container" | undefined;
  /** @default 20 */
  readonly maxContainers?: number | undefined;
  /** @default 10000 */
  readonly maxDeletions?: number | undefined;
  /** As in the stack's configuration. @default [] */
  readonly protectedTags?: readonly string[] | undefined;
  /** As in the stack's configuration. @default all tags */
  readonly allowedTags?: readonly string[] | undefined;
}

/** A container of an account, with the fields that the API's list has (`GET /v3/container-tags/list`). */
export interface CleanupContainer {
  readonly containerTag: string;
  /** Documents in it; with `select`, those that are selected. */
  readonly documentCount: number;
  /** Memories in it; the plan does not depend on them. */
  readonly memoryCount: number;
  /** RFC 3339. */
  readonly createdAt: string;
  /** RFC 3339; null when nothing ever happened in it, undefined when that is not known. */
  readonly lastActivityAt: string | null | undefined;
  /** There while the container is part of a merge; it then stays. */
  readonly mergeStatus?: "source" | "target" | null | undefined;
}

/** What a {@link CleanupPolicy} would do. */
export interface CleanupDecision extends CleanupPlan {
  /** Why the whole plan would be refused, and nothing purged: it exceeds `maxContainers` or `maxDeletions`. */
  readonly refused: string | undefined;
}

/**
 * What a {@link CleanupPolicy} with these rules would purge, and what matches and stays, with the reasons: for tests of
 * a policy, without an account. Pure; sends nothing. It knows nothing of what other resources of the program manage.
 *
 * @throws ConfigError for rules that the resource would refuse
 * @example
 * ```ts
 * const rules = { match: ["pr-*"], inactiveFor: "14 days" };
 * const { planned, leftOut, refused } = planCleanup(rules, containers, new Date("2026-01-31T12:00:00Z"));
 * ```
 */
export function planCleanup(rules: CleanupRules, containers: readonly CleanupContainer[], now: Date): CleanupDecision {
  refuseUnknown(rules);
  if (Number.isNaN(now.getTime())) throw new ConfigError("now is not a date that can be read");
  const { allowedTags, protectedTags = [], scope = "documents" } = rules;
  const [match, except] = [globsOf("match", rules.match), globsOf("except", rules.except ?? [])];
  if (match.length === 0) throw new ConfigError("match is empty; name 1 to 100 globs");
  for (const glob of match) refuse("match", glob, matchProblem(glob));
  for (const glob of except) refuse("except", glob, globProblem(glob));
  refuseScope(scope);
  refuseNoTags(protectedTags);
  const [keepLatest, maxContainers, maxDeletions] = [
    wholeNumber("keepLatest", rules.keepLatest ?? 0),
    wholeNumber("maxContainers", rules.maxContainers ?? defaultLimits.maxContainers),
    wholeNumber("maxDeletions", rules.maxDeletions ?? defaultLimits.maxDeletions),
  ];
  const bounds = { protectedTags, allowedTags, allowProtectedTags: { managed: [], removed: [] } };
  const idle = match.find((glob) => alwaysProtected(glob, bounds) !== undefined);
  if (idle !== undefined) throw new ConfigError(`match: "${idle}" can match protected tags only`);
  const plan = planContainers(
    { match, except, inactiveForMs: inactivity(rules.inactiveFor), keepLatest, scope },
    { ...bounds, managedBy: () => undefined },
    containers.map(seen),
    now.getTime(),
  );
  return { ...plan, refused: excess(plan.planned, { maxContainers, maxDeletions })?.reason };
}

function seen({
  containerTag,
  createdAt,
  documentCount,
  lastActivityAt,
  mergeStatus,
}: CleanupContainer): SeenContainer {
  return {
    containerTag,
    documentCount,
    createdAt: timeOf(createdAt),
    lastActivityAt: lastActivityAt === null ? null : timeOf(lastActivityAt),
    isMerging: mergeStatus !== undefined && mergeStatus !== null,
  };
}

const names: Readonly<Record<keyof CleanupRules | keyof CleanupPolicyArgs, true>> = {
  match: true,
  except: true,
  inactiveFor: true,
  keepLatest: true,
  scope: true,
  select: true,
  maxContainers: true,
  maxDeletions: true,
  timeout: true,
  mode: true,
  protectedTags: true,
  allowedTags: true,
};

/** A rule that is spelled wrong would be tested as if it were not there. */
function refuseUnknown(rules: object): void {
  const problem = unknownArgument(rules, names);
  if (problem !== undefined) throw new ConfigError(problem);
}

function globsOf(name: string, globs: unknown): readonly string[] {
  if (!Array.isArray(globs) || !globs.every((glob) => typeof glob === "string")) {
    throw new ConfigError(`${name}: expected a list of globs, such as ["pr-*"]`);
  }
  const problem = lengthProblem(globs);
  if (problem !== undefined) throw new ConfigError(`${name}: ${problem}`);
  return globs;
}

/** JavaScript lets any text pass, and each that is not "documents" would plan whole containers. */
function refuseScope(scope: string): void {
  if (scope === "documents" || scope === "container") return;
  throw new ConfigError('scope: allowed are "documents" and "container"');
}

/** A glob among protected tags would protect nothing, in the stack's configuration as well. */
function refuseNoTags(protectedTags: readonly string[]): void {
  const wrong = protectedTags.find((tag) => malformed(tag) !== undefined);
  if (wrong === undefined) return;
  throw new ConfigError(`protectedTags holds ${JSON.stringify(wrong.slice(0, 120))}: ${malformed(wrong) ?? ""}`);
}

function refuse(name: string, glob: string, problem: string | undefined): void {
  if (problem !== undefined) throw new ConfigError(`${name}: ${JSON.stringify(glob.slice(0, 120))}: ${problem}`);
}

function wholeNumber(name: string, value: number): number {
  if (Number.isInteger(value) && value >= 0) return value;
  throw new ConfigError(`${name} is ${value}; allowed is a whole number, 0 or more`);
}

function inactivity(duration: unknown): number | undefined {
  if (duration === undefined || duration === null) return undefined;
  const ms = typeof duration === "string" ? parseDuration(duration) : undefined;
  if (ms !== undefined && ms > 0) return ms;
  throw new ConfigError(
    `inactiveFor is ${JSON.stringify(duration).slice(0, 40)}, which is not a duration such as "14 days"`,
  );
}

/** A date that cannot be read is unknown. */
function timeOf(date: string | undefined): number | undefined {
  return date === undefined ? undefined : parseTimestamp(date);
}
