import { hintsOf, RefusedError, summaryOf, SupermemoryError } from "../errors";
import { count, documents, documentsIn, names, namesOf } from "../util/format";
import type { PolicyInputs } from "./args";
import type { CleanupPlan, LeftOutContainer } from "./plan";
import type { PlannedContainer } from "./resource";

/** The most that one run of a policy may purge. */
export type PolicyLimits = Pick<PolicyInputs, "maxContainers" | "maxDeletions">;

/** Longer lists of planned containers are cut. */
const maxShown = 20;
/** Kept containers are grouped by reason, and named up to this many per reason. */
const maxPerReason = 5;
const maxReasons = 8;

/** A policy's plan for a preview: each planned container on a line, and one line for what matches and is kept. */
export function planLines({ leftOut, planned }: CleanupPlan, inputs: PolicyInputs): string {
  const lines = [headline(planned, inputs), ...planned.slice(0, maxShown).map(plannedLine)];
  if (planned.length > maxShown) lines.push(`  and ${count(planned.length - maxShown)} more`);
  if (leftOut.length > 0) lines.push(leftOutLine(leftOut));
  return lines.join("\n");
}

/** "kept pr-42: active now" */
export function keptLine({ containerTag, reason }: LeftOutContainer): string {
  return `kept ${containerTag}: ${reason}`;
}

/** What becomes of a run that SUPERMEMORY_PURGE=skip skips. */
export const laterRun = "the next pulumi up makes a new plan";

/** The refusal of a plan that exceeds a policy's limits; undefined when it does not. */
export function excess(planned: readonly PlannedContainer[], limits: PolicyLimits): RefusedError | undefined {
  const refused = (property: keyof PolicyLimits, what: string): RefusedError =>
    new RefusedError(property, `this would ${what}, more than ${property} (${count(limits[property])})`, [
      `raise ${property}, or narrow match`,
    ]);
  if (planned.length > limits.maxContainers) {
    return refused("maxContainers", `purge ${containers(planned.length)} (${namesOf(planned)})`);
  }
  const total = documentsIn(planned);
  return total > limits.maxDeletions
    ? refused("maxDeletions", `delete ${documents(total)} in ${namesOf(planned)}`)
    : undefined;
}

/** What to do if a resource claims a container that a policy would already have purged. */
export function claimEarlier(tag: string): string {
  return `make the policy depend on this resource (dependsOn), or add ${tag} to its except`;
}

/** A glob that matches protected tags alone would never purge anything, and nobody would notice. */
export function onlyProtected(glob: string, reason: string): string {
  return `"${glob}" can only match protected tags (${reason}), which a policy never purges`;
}

/** The containers could not be listed, so there is no plan: that is not an empty plan. Any other error is a bug. */
export function cannotPlan(error: unknown): SupermemoryError {
  if (!(error instanceof SupermemoryError)) throw error;
  const summary = `cannot decide which containers to purge: ${summaryOf(error)}`;
  return error instanceof RefusedError
    ? new RefusedError(error.property, summary, hintsOf(error))
    : new SupermemoryError(summary, hintsOf(error));
}

function headline(planned: readonly PlannedContainer[], inputs: PolicyInputs): string {
  const { maxContainers, maxDeletions, mode, scope } = inputs;
  if (planned.length === 0) return "nothing to delete";
  const [number, total] = [planned.length, documentsIn(planned)];
  const what =
    scope === "container"
      ? `${containers(number)} with ${number === 1 ? "its" : "their"} memories and ${documents(total)}`
      : `${documents(total)} in ${containers(number)}`;
  const limits = `limits: ${documents(maxDeletions)}, ${containers(maxContainers)}`;
  if (mode === "purge") return `will delete ${what} (${limits})`;
  const over = excess(planned, inputs) === undefined ? "" : `; mode "purge" would refuse this (${limits})`;
  return `report only, nothing is deleted: ${what}${over}`;
}

function plannedLine({ containerTag, documents: number, reason }: PlannedContainer): string {
  return `  ${containerTag}: ${documents(number)}, ${reason}`;
}

/** "kept: eu-prod (protected), pr-1, pr-2 and pr-3 (active 3 days ago)" */
function leftOutLine(leftOut: readonly LeftOutContainer[]): string {
  const groups = new Map<string, string[]>();
  for (const { containerTag, reason } of leftOut) groups.set(reason, [...(groups.get(reason) ?? []), containerTag]);
  const shown = [...groups].slice(0, maxReasons);
  const named = shown.reduce((sum, [, tags]) => sum + tags.length, 0);
  const parts = shown.map(([reason, tags]) => `${names(tags, maxPerReason)} (${reason})`);
  const more = leftOut.length > named ? `, and ${count(leftOut.length - named)} more` : "";
  return `kept: ${parts.join(", ")}${more}`;
}

function containers(number: number): string {
  return `${count(number)} ${number === 1 ? "container" : "containers"}`;
}
