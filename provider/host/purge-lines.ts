import type { Container } from "../client/api";
import { memoriesIn } from "../purge/receipt";
import type { Kept, Plan, PurgeOutcome, TagPlan, TagResult } from "../purge/types";
import { count, documents, duration, names } from "../purge/words";
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
  const what = `will delete ${containersOf(tags)} with ${its} memories`;
  return total === 0
    ? `${what}, if ${them} there; no documents`
    : `${what} and ${documents(total)} (limit ${count(limit)})`;
}

/** "deleted 128 documents in pr-42 in 0.4 s, 5,128 over its life" */
export function deletedLine(outcome: PurgeOutcome, totalBefore: number): string {
  const { deleted, durationMs, estimated, planned } = outcome;
  const tags = outcome.tags.filter(({ heldBack }) => heldBack === undefined);
  if (tags.length === 0) return "nothing was deleted";
  const life = totalBefore === 0 ? "" : `, ${count(totalBefore + deleted)} over its life`;
  const kept = keptPart("kept", tags);
  const gone = tags.filter(({ container }) => container?.existed === true);
  if (deleted === 0 && planned === 0 && gone.length === 0) return `nothing to delete in ${namesOf(tags)}${life}${kept}`;
  const what = `${estimated ? "about " : ""}${documents(deleted)}`;
  const where = gone.length === 0 ? `${what} in ${namesOf(tags)}` : withContainers(what, gone, tags);
  const estimate = estimated ? "; an estimate, since an answer of the API was lost" : "";
  const written = tags.reduce((sum, tag) => sum + tag.written, 0);
  const stays = written === 0 ? "" : `; ${documents(written)} written meanwhile ${written === 1 ? "stays" : "stay"}`;
  return `deleted ${where} in ${duration(durationMs)}${life}${estimate}${stays}${kept}`;
}

/** "the container pr-42 with 12 documents and 3 memories" */
function withContainers(what: string, gone: readonly TagResult[], tags: readonly TagResult[]): string {
  const memories = memoriesIn(tags);
  const theirs = memories === undefined ? "an unknown number of memories" : memoriesOf(memories);
  return `${containersOf(gone)} with ${what} and ${theirs}`;
}

function containersOf(tags: readonly { readonly containerTag: string }[]): string {
  return `the container${tags.length === 1 ? "" : "s"} ${namesOf(tags)}`;
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
  const parts = [...reasons].map(([reason, some]) => `${count(some)} ${reason}`);
  const [only = ""] = reasons.keys();
  return reasons.size === 1
    ? `; ${verb} ${documents(sum)}: ${only}`
    : `; ${verb} ${documents(sum)}: ${parts.join(", ")}`;
}

function namesOf(tags: readonly { readonly containerTag: string }[]): string {
  return names(tags.map(({ containerTag }) => containerTag));
}
