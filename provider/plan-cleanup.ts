import { ConfigError } from "./errors";
import { parseDuration } from "./duration";
import { globProblem, matchProblem } from "./purge/policy-globs";
import { type CleanupPlan, planContainers } from "./purge/policy-plan";
import { parseTimestamp } from "./timestamp";

export type { CleanupPlan, LeftOutContainer, PlannedContainer } from "./purge/policy-plan";

/** The part of a {@link CleanupPolicy}'s arguments that decides which containers it purges, as plain values. */
export interface CleanupRules {
  readonly match: readonly string[];
  readonly except?: readonly string[] | undefined;
  readonly inactiveFor?: string | undefined;
  readonly keepLatest?: number | undefined;
  readonly scope?: "documents" | "container" | undefined;
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
  readonly memoryCount: number;
  /** RFC 3339. */
  readonly createdAt: string;
  /** RFC 3339; null when nothing ever happened in it, undefined when that is not known. */
  readonly lastActivityAt: string | null | undefined;
  /** There while the container is part of a merge; it then stays. */
  readonly mergeStatus?: "source" | "target" | null | undefined;
}

/**
 * What a {@link CleanupPolicy} with these rules would purge, and what matches and stays, with the reasons: for tests of
 * a policy, without an account. Pure; sends nothing.
 *
 * @throws ConfigError for rules that the resource would refuse
 * @example
 * ```ts
 * const rules = { match: ["pr-*"], inactiveFor: "14 days" };
 * const { planned, leftOut } = planCleanup(rules, containers, new Date("2026-01-31T12:00:00Z"));
 * ```
 */
export function planCleanup(rules: CleanupRules, containers: readonly CleanupContainer[], now: Date): CleanupPlan {
  const { allowedTags, except = [], keepLatest = 0, match, protectedTags = [], scope = "documents" } = rules;
  if (match.length === 0) throw new ConfigError("match is empty; name 1 to 100 globs");
  for (const glob of match) refuse("match", glob, matchProblem(glob));
  for (const glob of except) refuse("except", glob, globProblem(glob));
  if (!Number.isInteger(keepLatest) || keepLatest < 0) {
    throw new ConfigError(`keepLatest is ${keepLatest}; allowed is a whole number, 0 or more`);
  }
  return planContainers(
    { match, except, inactiveForMs: inactivity(rules.inactiveFor), keepLatest, scope },
    {
      protectedTags,
      allowedTags,
      allowProtectedTags: { managed: [], removed: [] },
      managedBy: () => undefined,
    },
    containers.map(({ containerTag, createdAt, documentCount, lastActivityAt, mergeStatus }) => ({
      containerTag,
      documentCount,
      createdAt: timeOf(createdAt),
      lastActivityAt: lastActivityAt === null ? null : timeOf(lastActivityAt),
      isMerging: mergeStatus !== undefined && mergeStatus !== null,
    })),
    now.getTime(),
  );
}

function refuse(name: string, glob: string, problem: string | undefined): void {
  if (problem !== undefined) throw new ConfigError(`${name}: ${JSON.stringify(glob.slice(0, 120))}: ${problem}`);
}

function inactivity(duration: string | undefined): number | undefined {
  if (duration === undefined) return undefined;
  const ms = parseDuration(duration);
  if (ms !== undefined && ms > 0) return ms;
  throw new ConfigError(`inactiveFor is "${duration.slice(0, 40)}", which is not a duration such as "14 days"`);
}

/** A date that cannot be read is unknown. */
function timeOf(date: string | undefined): number | undefined {
  return date === undefined ? undefined : parseTimestamp(date);
}
