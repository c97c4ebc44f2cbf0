/** What a purge knows about one container after a list that followed its deletes. */
export interface View {
  /** The documents under the tag in that list, whatever their age. */
  readonly listed: number;
  /** Those of them that are part of the plan, and how many of these the list named by id. */
  readonly planned: number;
  readonly named: number;
  /** Planned documents that no response and no list accounts for. */
  readonly unaccounted: number;
  /** The list shows fewer planned documents than the list before. */
  readonly progressed: boolean;
  /** A delete was repeated since the last wait. */
  readonly retried: boolean;
  /** The list had time to catch up with the deletes. */
  readonly settled: boolean;
  /** The limit allows deleting what the list shows once more. */
  readonly hasRoom: boolean;
  /** The purge deletes the container itself. */
  readonly wholeContainer: boolean;
  /** The effect of the last delete is unknown. */
  readonly lost: boolean;
  /** A delete left planned documents that no response accounts for, so the container may still exist. */
  readonly leftSome: boolean;
}

export type Step = "done" | "wait" | "delete-ids" | "delete-container";

/** Decides what follows a list. After "wait" the purge lists again, so that no delete rests on a list from before a wait. */
export function nextStep(view: View): Step {
  const { hasRoom, listed, named, planned, progressed, retried, settled, unaccounted } = view;
  const deleteContainer = mayStillExist(view) && (listed === 0 || planned > 0);
  if (planned === 0 && !deleteContainer) return "done";
  if (retried && !progressed) return "wait";
  // Responses confirmed every planned document, so the list is probably stale.
  const stale = unaccounted === 0 && planned > 0;
  if (stale && !(settled && hasRoom)) return "wait";
  if (deleteContainer) return "delete-container";
  return named > 0 ? "delete-ids" : "wait";
}

/** New documents alone do not count: someone wrote them into the container after it was deleted. */
function mayStillExist({ leftSome, listed, lost, wholeContainer }: View): boolean {
  return wholeContainer && (lost || (leftSome && listed === 0));
}
