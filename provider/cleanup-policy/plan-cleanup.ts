import { withoutDoubt, withoutDuplicates } from "../client/activity";
import type { Container } from "../client/api";
import { readSettings } from "../config/settings";
import { ConfigError } from "../errors";
import { parseTimestamp } from "../util/timestamp";
import { hasUnknown } from "../util/values";
import { checkPolicyArgs, policyArgumentNames, readPolicyArgs } from "./args";
import { failureOf } from "../host/handler";
import { excess, onlyProtected } from "./messages";
import { alwaysProtected, type CleanupPlan, planContainers } from "./plan";

/**
 * The arguments of a `CleanupPolicy` that decide which containers it purges, as plain values. Its other arguments
 * are validated too, but have no effect.
 */
export interface CleanupRules {
  readonly match: readonly string[];
  readonly except?: readonly string[] | undefined;
  /** This or `keepLatest` is required. */
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
  /** Documents in the container; with `select`, the selected ones. */
  readonly documentCount: number;
  /** Memories in the container. */
  readonly memoryCount: number;
  /** RFC 3339. */
  readonly createdAt: string;
  /**
   * RFC 3339; null if the container was never active, undefined if that is not known. It also counts as unknown if it
   * cannot be right: null with documents or memories, before 2020, or before `createdAt`.
   */
  readonly lastActivityAt: string | null | undefined;
  /** Set while the container is part of a merge; it is then kept. */
  readonly mergeStatus?: "source" | "target" | null | undefined;
}

/** What a `CleanupPolicy` would do. */
export interface CleanupDecision extends CleanupPlan {
  /** Why the whole plan would be refused: it exceeds `maxContainers` or `maxDeletions`. */
  readonly refused: string | undefined;
}

/**
 * Decides what a `CleanupPolicy` with these rules would purge, and what matches and is kept, with the reasons. Use
 * it to test a policy without an account: it is pure and sends no requests. It does not know which tags other resources
 * of the program manage.
 *
 * @throws ConfigError for rules that the resource would refuse, with the same message, and for counts that are not whole numbers
 * @example
 * ```ts
 * const rules = { match: ["pr-*"], inactiveFor: "14 days" };
 * const { planned, leftOut, refused } = planCleanup(rules, containers, new Date("2026-01-31T12:00:00Z"));
 * ```
 */
export function planCleanup(rules: CleanupRules, containers: readonly CleanupContainer[], now: Date): CleanupDecision {
  if (Number.isNaN(now.getTime())) throw new ConfigError("now is not a valid date");
  const { allowedTags: allowed, protectedTags: listed, ...given } = rules;
  const settings = readSettings({ allowedTags: allowed, protectedTags: listed }, {});
  const { allowedTags, protectedTags } = settings;
  const { failures, inputs } = checkPolicyArgs({ ...given });
  const [failure] = failures;
  if (failure !== undefined) refuse(failure.property, failure.reason);
  const unknown = policyArgumentNames.find((name) => hasUnknown(inputs[name]));
  if (unknown !== undefined) refuse(unknown, "the value is not known");
  const uncounted = containers.find(
    (container) => !isWhole(container.documentCount) || !isWhole(container.memoryCount),
  );
  if (uncounted !== undefined) refuse(uncounted.containerTag, "documentCount and memoryCount must be whole numbers");
  const args = readPolicyArgs(inputs);
  for (const glob of args.rules.match) {
    const reason = alwaysProtected(glob, settings);
    if (reason !== undefined) refuse("match", onlyProtected(glob, reason));
  }
  const bounds = { protectedTags, allowedTags, allowProtectedTags: { managed: [], removed: [] } };
  const plan = planContainers(
    args.rules,
    { ...bounds, managedBy: () => undefined },
    withoutDuplicates(containers.map(seen)),
    now.getTime(),
  );
  const refused = excess(plan.planned, args.inputs);
  return { ...plan, refused: refused === undefined ? undefined : failureOf(refused).reason };
}

function isWhole(value: number): boolean {
  return Number.isInteger(value) && value >= 0;
}

function refuse(property: string, reason: string): never {
  throw new ConfigError(property === "" ? reason : `${property}: ${reason}`);
}

/** The resource asks for the newest update of a container whose activity cannot be right. Here it is not known. */
function seen({ createdAt, lastActivityAt, mergeStatus, ...counts }: CleanupContainer): Container {
  return withoutDoubt({
    ...counts,
    createdAt: timeOf(createdAt),
    lastActivityAt: lastActivityAt === null ? null : timeOf(lastActivityAt),
    isMerging: mergeStatus !== undefined && mergeStatus !== null,
  });
}

/** A date that cannot be read is unknown. */
function timeOf(date: string | undefined): number | undefined {
  return date === undefined ? undefined : parseTimestamp(date);
}
