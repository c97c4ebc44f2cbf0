import { idOfSlot } from "./store/ids";
import type { RouteName } from "./api/route-names";

/** What one request really removed. */
export interface Deletion {
  /** The sequence of the request in the log. */
  readonly request: number;
  readonly route: RouteName;
  /** The tag that the documents were deleted by; null for a deletion by ids. */
  readonly containerTag: string | null;
  readonly count: number;
  /** The ids of the documents that were removed. */
  readonly documentIds: readonly string[];
}

/** What somebody else removed while a request was served: a fault, not a request, did it. */
export interface LateDeletion {
  /** The sequence of that request in the log. */
  readonly request: number;
  readonly containerTag: string;
  readonly count: number;
  readonly documentIds: readonly string[];
}

/** Keeps slots, not ids: a million deletions cost four megabytes, and the ids are made when somebody asks. */
export function deletionOf(
  request: number,
  route: RouteName,
  containerTag: string | null,
  slots: Uint32Array,
): Deletion {
  return {
    request,
    route,
    containerTag,
    count: slots.length,
    get documentIds() {
      return Array.from(slots, (slot) => idOfSlot(slot));
    },
  };
}
