import type { PlannedContainer } from "./plan";
import { count, documents, documentsIn, namesOf } from "../util/format";

/** The most that one run of a policy may purge. */
export interface PolicyLimits {
  readonly maxContainers: number;
  readonly maxDeletions: number;
}

/** Those of a policy that names none. */
export const defaultLimits: PolicyLimits = { maxContainers: 20, maxDeletions: 10_000 };

/** Why a plan is too large for a policy's limits, and by which of them; undefined when it is not. */
export function excess(
  planned: readonly PlannedContainer[],
  { maxContainers, maxDeletions }: PolicyLimits,
): { readonly property: keyof PolicyLimits; readonly reason: string } | undefined {
  const where = namesOf(planned);
  const total = documentsIn(planned);
  if (planned.length > maxContainers) {
    return {
      property: "maxContainers",
      reason: `refusing to purge ${containers(planned.length)} (${where}): the limit is ${count(maxContainers)}; nothing was deleted\nraise maxContainers or narrow match`,
    };
  }
  if (total <= maxDeletions) return undefined;
  return {
    property: "maxDeletions",
    reason: `refusing to delete ${documents(total)} in ${where}: the limit is ${count(maxDeletions)}; nothing was deleted\nraise maxDeletions or narrow match`,
  };
}

/** "5 containers" */
export function containers(number: number): string {
  return `${count(number)} ${number === 1 ? "container" : "containers"}`;
}
