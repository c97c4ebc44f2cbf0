import { count } from "../util/format";
import type { TagResult } from "./types";

/** More deletions than were planned. */
export interface Excess {
  readonly summary: string;
  readonly hints: readonly string[];
  /** Too many to be explained by documents that were written during the purge. */
  readonly isFar: boolean;
}

/** Whether responses reported more deletions than were planned or allowed. Undefined if they did not. */
export function excessOf(
  tags: readonly Pick<TagResult, "beyondPlan" | "deleted" | "planned">[],
  maxDeletions: number,
): Excess | undefined {
  const sum = (of: "beyondPlan" | "deleted" | "planned"): number => tags.reduce((all, tag) => all + tag[of], 0);
  const [beyond, deleted, planned] = [sum("beyondPlan"), sum("deleted"), sum("planned")];
  if (beyond === 0) return undefined;
  const limit = deleted > maxDeletions ? `, and maxDeletions is ${count(maxDeletions)}` : "";
  return {
    summary: `the API reported ${count(deleted)} deleted documents, ${count(beyond)} more than planned (${count(planned)})${limit}`,
    hints: ["check which documents are missing, and what writes to these containers"],
    isFar: deleted > 2 * maxDeletions || (beyond >= 100 && deleted > 10 * planned),
  };
}
