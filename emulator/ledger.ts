import { idOfSlot } from "./store/ids";
import type { RouteName } from "./api/route-names";

/** The documents that one request deleted. */
export interface Deletion {
  /** The sequence of the request in the log. */
  readonly request: number;
  readonly route: RouteName;
  /** The tag of a deletion by tag or of a container; null for a deletion by ids. */
  readonly containerTag: string | null;
  readonly count: number;
  /** The ids of the deleted documents. */
  readonly documentIds: readonly string[];
}

/** The documents that another client deleted during a request. A fault does this. */
export interface LateDeletion {
  /** The sequence of that request in the log. */
  readonly request: number;
  readonly containerTag: string;
  readonly count: number;
  readonly documentIds: readonly string[];
}

/** Documents that another client tagged or moved while the client of a refused request waited. A fault does this. */
export interface LateTagging {
  /** The sequence of the refused request in the log. */
  readonly request: number;
  readonly to: string;
  /** They are only in that container now. */
  readonly isMove: boolean;
  readonly documentIds: readonly string[];
}

/** It stores slots, so a million deletions take four megabytes. The ids are computed on demand. */
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
