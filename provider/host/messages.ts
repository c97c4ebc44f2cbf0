import type { PurgeOutcome, TagPlan } from "../purge/types";
import { count, documents, duration, names } from "../purge/words";
import type { EngineLog } from "./engine-log";
import type { Lifecycle, PlannedTarget } from "./lifecycle";

/** "will delete 12 documents in pr-42-cache (tag added; limit 10,000)" */
export function willDelete(tags: readonly TagPlan[], targets: readonly PlannedTarget[], limit: number): string {
  const total = tags.reduce((sum, tag) => sum + tag.count, 0);
  if (total === 0) return `nothing to delete in ${names(tags.map((tag) => tag.containerTag))}`;
  const why = new Map(targets.map((target) => [target.containerTag, target.why]));
  const groups = new Map<string, TagPlan[]>();
  for (const tag of tags) {
    if (tag.count === 0) continue;
    const reason = why.get(tag.containerTag) ?? "";
    groups.set(reason, [...(groups.get(reason) ?? []), tag]);
  }
  const limited = `limit ${count(limit)}`;
  const [[reason, group] = ["", []], ...more] = [...groups];
  if (more.length === 0) {
    const note = reason === "" ? limited : `${reason}; ${limited}`;
    return `will delete ${documents(total)} in ${names(group.map((tag) => tag.containerTag))} (${note})`;
  }
  const parts = [...groups].map(([words, tagsOfIt]) => {
    const sum = tagsOfIt.reduce((all, tag) => all + tag.count, 0);
    return `${count(sum)} in ${names(tagsOfIt.map((tag) => tag.containerTag))}${words === "" ? "" : ` (${words})`}`;
  });
  return `will delete ${documents(total)}: ${parts.join(", ")} (${limited})`;
}

/** "deleted 128 documents in pr-42 in 0.4 s, 5,128 over its life" */
export function deletedLine(outcome: PurgeOutcome, totalBefore: number): string {
  const tags = names(outcome.tags.map((tag) => tag.containerTag));
  const total = totalBefore + outcome.deleted;
  const life = totalBefore === 0 ? "" : `, ${count(total)} over its life`;
  if (outcome.deleted === 0 && outcome.planned === 0) return `nothing to delete in ${tags}${life}`;
  const about = outcome.estimated ? "about " : "";
  const estimate = outcome.estimated ? "; an estimate, since an answer was lost while others wrote" : "";
  const written = outcome.tags.reduce((sum, tag) => sum + tag.lastSeen, 0);
  const stays = written === 0 ? "" : `; ${documents(written)} written meanwhile ${written === 1 ? "stays" : "stay"}`;
  return `deleted ${about}${documents(outcome.deleted)} in ${tags} in ${duration(outcome.durationMs)}${life}${estimate}${stays}`;
}

/** Says which containers are left alone although they left the program, and which unfinished work is given up. */
export function announceLeftAlone(log: EngineLog, urn: string | undefined, { dropped, kept }: Lifecycle): void {
  for (const { claimedBy, containerTag } of kept) {
    const owner = `${shortUrn(claimedBy)}${claimedBy === urn ? ", this one" : ""}`;
    log.warn(
      urn,
      `kept ${containerTag}: another resource of this program still manages it (${owner}), whatever key either of them uses`,
    );
  }
  for (const { containerTag, event, reason } of dropped) {
    log.info(urn, `the unfinished purge of ${containerTag} (${event}) is given up: ${reason}`);
  }
}

/** "shop::ContainerPurge::memory2", from a whole URN. */
export function shortUrn(urn: string): string {
  const [, project, type, name] = urn.split("::");
  return project === undefined || type === undefined || name === undefined
    ? urn
    : `${project}::${type.split(":").at(-1) ?? type}::${name}`;
}
