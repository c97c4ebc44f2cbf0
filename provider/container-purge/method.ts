import type { PurgeMethod } from "../purge/types";
import { parseDuration } from "../util/duration";
import type { PurgeInputs } from "./args";

/** How a purge by these arguments deletes. `select`, and `sharedDocuments` other than delete, imply single ids. */
export function methodOf({ deleteBy, scope, select, sharedDocuments }: PurgeInputs): PurgeMethod {
  if (scope === "container") return { kind: "container" };
  if (deleteBy === "tag" && select === undefined && sharedDocuments === "delete") return { kind: "tag" };
  const { metadata, newerThan, olderThan, status } = select ?? {};
  return {
    kind: "ids",
    sharedDocuments,
    select: select && { metadata, status, newerThanMs: msOf(newerThan), olderThanMs: msOf(olderThan) },
  };
}

function msOf(duration: string | undefined): number | undefined {
  return duration === undefined ? undefined : parseDuration(duration);
}
