import type { Wait } from "../client/call-context";
import { messageOf } from "../errors";
import type { Target } from "../purge/types";
import { duration, names, namesOf } from "../util/format";
import type { EngineLog } from "./engine-log";
import type { Lifecycle } from "../container-purge/lifecycle";

/** Says which containers are left alone although they left the program, and which unfinished work is given up. */
export function announceLeftAlone(log: EngineLog, urn: string | undefined, { dropped, kept }: Lifecycle): void {
  for (const { claimedBy, containerTag } of kept) {
    const owner =
      claimedBy === urn
        ? "this resource still manages it"
        : `another resource of this program still manages it (${shortUrn(claimedBy)}), whatever key either of them uses`;
    log.warn(urn, `kept ${containerTag}: ${owner}`);
  }
  for (const { containerTag, event, reason } of dropped) {
    log.info(urn, `the unfinished purge of ${containerTag} (${event}) is given up: ${reason}`);
  }
}

/** "SUPERMEMORY_PURGE=skip: nothing was deleted in pr-42" */
export function skippedLine(what: string, targets: readonly Pick<Target, "containerTag">[]): string {
  return `SUPERMEMORY_PURGE=skip: ${what} in ${namesOf(targets)}`;
}

/** "cannot count the documents in pr-42: cannot reach https://api.supermemory.ai: the connection was refused" */
export function cannotCount(what: string, containerTags: readonly string[], error: unknown): string {
  return `cannot count ${what} in ${names(containerTags)}: ${messageOf(error).replace("; nothing was deleted", "")}`;
}

/** "rate limited, going on in 12 s" */
export function waitLine({ ms, ...wait }: Wait): string {
  return `${waitReason(wait)}, going on in ${duration(Math.max(ms, 100))}`;
}

function waitReason({ reason, status }: Omit<Wait, "ms">): string {
  switch (reason) {
    case "limited":
      return "rate limited";
    case "conflict":
      return "the API says that documents are in use (409)";
    case "server":
      return status === 503 ? "the API is busy (503)" : "the API failed with an error of its own";
    case "unreachable":
      return "the API cannot be reached";
    case "no-response":
    case "interrupted-response":
      return "the API gave no whole answer";
    default:
      return "the API failed";
  }
}

/** The name of a resource, from its URN. */
export function nameOf(urn: string | undefined): string {
  return urn?.split("::").slice(3).join("::") ?? "this resource";
}

/** "shop::ContainerPurge::memory2", from a whole URN. */
export function shortUrn(urn: string): string {
  const [, project, type, ...name] = urn.split("::");
  return project === undefined || type === undefined || name.length === 0
    ? urn
    : `${project}::${type.split(":").at(-1) ?? type}::${name.join("::")}`;
}
