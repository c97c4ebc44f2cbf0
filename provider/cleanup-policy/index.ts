/**
 * `pulumi-supermemory/policy`: tests of cleanup policies. It has an entry of its own, so that a program that only creates
 * resources does not load zod.
 */
export type { CleanupPlan, LeftOutContainer } from "./plan";
export type { PlannedContainer } from "./resource";
export { type CleanupContainer, type CleanupDecision, type CleanupRules, planCleanup } from "./plan-cleanup";
