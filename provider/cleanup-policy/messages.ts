import { containers, excess } from "./limits";
import type { CleanupPlan, LeftOutContainer, PlannedContainer } from "./plan";
import { count, documents, documentsIn, names } from "../util/format";
import type { PolicyInputs } from "./args";

/** Longer lists are cut. */
const maxShown = 20;
/** Where several stay for one reason, so many are named, of so many reasons. */
const maxPerReason = 5;
const maxReasons = 8;

/** A policy's plan for the person who previews it: what goes, by name, and in one line what matches and stays. */
export function planLines({ leftOut, planned }: CleanupPlan, inputs: PolicyInputs): string {
  const lines = [headline(planned, inputs), ...planned.slice(0, maxShown).map(plannedLine)];
  if (planned.length > maxShown) lines.push(`  and ${count(planned.length - maxShown)} more`);
  if (leftOut.length > 0) lines.push(leftOutLine(leftOut));
  return lines.join("\n");
}

/** "kept pr-42: active just now" */
export function keptLine({ containerTag, reason }: LeftOutContainer): string {
  return `kept ${containerTag}: ${reason}`;
}

function headline(planned: readonly PlannedContainer[], inputs: PolicyInputs): string {
  const { maxContainers, maxDeletions, mode, scope } = inputs;
  if (planned.length === 0) return "nothing to delete";
  const [number, total] = [planned.length, documentsIn(planned)];
  const what =
    scope === "container"
      ? `${containers(number)} with ${number === 1 ? "its" : "their"} memories and ${documents(total)}`
      : `${documents(total)} in ${containers(number)}`;
  const limits = `limits ${count(maxDeletions)} and ${count(maxContainers)}`;
  if (mode === "purge") return `will delete ${what} (${limits})`;
  const over = excess(planned, inputs) === undefined ? "" : `; mode "purge" would refuse this: ${limits}`;
  return `a report only, nothing is deleted: ${what}${over}`;
}

function plannedLine({ containerTag, documents: number, reason }: PlannedContainer): string {
  return `  ${containerTag}: ${documents(number)}, ${reason}`;
}

/** "left out: eu-prod (protected), pr-1, pr-2 and pr-3 (active 3 days ago)" */
function leftOutLine(leftOut: readonly LeftOutContainer[]): string {
  const groups = new Map<string, string[]>();
  for (const { containerTag, reason } of leftOut) groups.set(reason, [...(groups.get(reason) ?? []), containerTag]);
  const shown = [...groups].slice(0, maxReasons);
  const told = shown.reduce((sum, [, tags]) => sum + tags.length, 0);
  const parts = shown.map(([reason, tags]) => `${names(tags, maxPerReason)} (${reason})`);
  const more = leftOut.length > told ? `, and ${count(leftOut.length - told)} more` : "";
  return `left out: ${parts.join(", ")}${more}`;
}
