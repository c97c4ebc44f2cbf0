import type { Container } from "../client/api";
import type { Kept, Plan, PurgeOutcome, TagPlan, TagResult } from "../purge/types";
import { count, documents, duration, namesOf } from "../util/format";
import type { PlannedTarget } from "./lifecycle";

/** "will delete 12 documents in pr-42-cache (tag added; limit 10,000)" */
export function willDelete({ tags, total }: Plan, targets: readonly PlannedTarget[], limit: number): string {
  const keeps = keptPart("keeps", tags);
  if (total === 0) return `nothing to delete in ${namesOf(tags)}${keeps}`;
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
    return `will delete ${documents(total)} in ${namesOf(group)} (${note})${keeps}`;
  }
  const parts = [...groups].map(([words, tagsOfIt]) => {
    const sum = tagsOfIt.reduce((all, tag) => all + tag.count, 0);
    return `${count(sum)} in ${namesOf(tagsOfIt)}${words === "" ? "" : ` (${words})`}`;
  });
  return `will delete ${documents(total)}: ${parts.join(", ")} (${limited})${keeps}`;
}

/** "will delete the container pr-42 with its memories and 12 documents (limit 10,000)" */
export function willDeleteContainers({ tags, total }: Plan, limit: number): string {
  const [its, them] = tags.length === 1 ? ["its", "it is"] : ["their", "they are"];
  const containers = tags.length === 1 ? "the container" : "the containers";
  const what = `will delete ${containers} ${namesOf(tags)} with ${its} memories`;
  return total === 0
    ? `${what}, if ${them} there; no documents`
    : `${what} and ${documents(total)} (limit ${count(limit)})`;
}

/** "deleted 128 documents in pr-42 in 0.4 s, 5,128 over its life" */
export function deletedLine(outcome: PurgeOutcome, totalBefore: number): string {
  const { deleted, estimated, method, planned } = outcome;
  const tags = outcome.tags.filter(({ skipped }) => skipped === undefined);
  if (tags.length === 0) return "nothing was deleted";
  const life = totalBefore === 0 ? "" : `, ${count(totalBefore + deleted)} over its life`;
  const kept = keptPart("kept", tags);
  const absent = tags.filter((tag) => tag.absent);
  const isWhole = method.kind === "container";
  if (deleted === 0 && planned === 0 && (!isWhole || absent.length === tags.length)) {
    const none = isWhole
      ? `: ${absent.length === 1 ? "there is no such container" : "there are no such containers"}`
      : "";
    return `nothing to delete in ${namesOf(tags)}${none}${life}${kept}`;
  }
  const about = estimated ? "about " : "";
  const estimate = estimated ? "; an estimate, since an answer of the API was lost" : "";
  const written = tags.reduce((sum, tag) => sum + tag.written, 0);
  const stays = written === 0 ? "" : `; ${documents(written)} written meanwhile ${written === 1 ? "stays" : "stay"}`;
  const whole = isWhole ? withContainers(tags.length - absent.length, tags) : "";
  const none = absent.length === 0 ? "" : `; there is no container ${namesOf(absent)}`;
  return `deleted ${about}${documents(deleted)} in ${namesOf(tags)}${whole} in ${duration(outcome.durationMs)}${life}${estimate}${stays}${kept}${none}`;
}

/** " with the container and 7 memories"; without a number where it is not known. */
function withContainers(number: number, tags: readonly TagResult[]): string {
  if (number === 0) return "";
  const containers = ` with ${number === 1 ? "the container" : "the containers"}`;
  if (tags.some(({ memories }) => memories === undefined))
    return `${containers} and ${number === 1 ? "its" : "their"} memories`;
  const sum = tags.reduce((all, { memories = 0 }) => all + memories, 0);
  return sum === 0 ? containers : `${containers} and ${memoriesOf(sum)}`;
}

/** What stays in containers without documents, and what removes it; undefined when nothing does. */
export function memoriesLeftLine(tags: readonly string[], containers: readonly Container[]): string | undefined {
  const left = containers.filter(
    ({ containerTag, documentCount, memoryCount }) =>
      tags.includes(containerTag) && documentCount === 0 && memoryCount > 0,
  );
  if (left.length === 0) return undefined;
  const sum = left.reduce((all, { memoryCount }) => all + memoryCount, 0);
  const belong = sum === 1 ? "that belongs to no document stays" : "that belong to no document stay";
  return `${memoriesOf(sum)} ${belong} in ${namesOf(left)}; scope: "container" removes them with the container`;
}

function memoriesOf(number: number): string {
  return `${count(number)} ${number === 1 ? "memory" : "memories"}`;
}

/** "; kept 3 documents: 2 not selected, 1 also in "live", which is protected" */
function keptPart(verb: string, tags: readonly { readonly kept: readonly Kept[] }[]): string {
  const reasons = new Map<string, number>();
  for (const { documents: some, reason } of tags.flatMap(({ kept }) => kept)) {
    reasons.set(reason, (reasons.get(reason) ?? 0) + some);
  }
  if (reasons.size === 0) return "";
  const sum = [...reasons.values()].reduce((all, some) => all + some, 0);
  const parts = [...reasons].slice(0, maxReasons).map(([reason, some]) => `${count(some)} ${reason}`);
  const others = reasons.size - parts.length;
  const more = others > 0 ? `, and ${count(others)} more ${others === 1 ? "reason" : "reasons"}` : "";
  const [only = ""] = reasons.keys();
  return reasons.size === 1
    ? `; ${verb} ${documents(sum)}: ${only}`
    : `; ${verb} ${documents(sum)}: ${parts.join(", ")}${more}`;
}

/** Documents can share as many protected tags as there are. */
const maxReasons = 8;
