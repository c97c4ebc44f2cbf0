import type { Container } from "../client/api";
import type { Wait } from "../client/call-context";
import { hintsOf, RefusedError, summaryOf } from "../errors";
import type { AlsoIn, Kept, PurgeOutcome, TagResult } from "../purge/types";
import { count, documents, duration, names, namesOf, sharesOf, wholeTime } from "../util/format";

/**
 * The last line of a purge, which outlives the outputs: "deleted 117 documents in 0.4 s (pr-42: 113, pr-43: 4)".
 *
 * @param deletedBefore documents that earlier purges of the resource deleted
 */
export function deletedLine(outcome: PurgeOutcome, deletedBefore: number): string {
  const { deleted, durationMs, estimated, method, planned } = outcome;
  // A container that was kept in the middle of its purge may have lost documents before.
  const tags = outcome.tags.filter(({ deleted: some, skipped }) => skipped === undefined || some > 0);
  if (tags.length === 0) return "nothing was deleted";
  const existing = tags.filter(({ absent }) => !absent);
  const isWhole = method.kind === "container";
  const kept = keptPart("kept", tags);
  if (deleted === 0 && planned === 0 && (!isWhole || existing.length === 0)) {
    return nothingLine(tags, isWhole, deletedBefore) + kept;
  }
  const about = estimated ? "about " : "";
  const what =
    isWhole && existing.length > 0
      ? `${containersIn(existing)} with ${about}${documents(deleted)}${memoriesPart(existing)}`
      : `${about}${documents(deleted)}${tags.length === 1 ? ` in ${namesOf(tags)}` : ""}`;
  const total = deletedBefore === 0 ? "" : `${count(deletedBefore + deleted)} in total`;
  const notes = [shares(isWhole ? existing : tags), total];
  const note = notes.filter((some) => some !== "").join("; ");
  const written = tags.reduce((sum, tag) => sum + tag.written, 0);
  const missing = tags.filter(({ absent }) => absent);
  return [
    `deleted ${what} in ${duration(durationMs)}${note === "" ? "" : ` (${note})`}`,
    gonePart(tags, estimated),
    alsoInPart(tags, deleted),
    written === 0 ? "" : `; kept ${documents(written)} written during the purge`,
    kept,
    isWhole && missing.length > 0 ? `; ${doNotExist(missing)}` : "",
  ].join("");
}

/** "; the number is an estimate, because 7 documents were gone without a response" */
function gonePart(tags: readonly TagResult[], estimated: boolean): string {
  const gone = tags.reduce((sum, tag) => sum + tag.goneWithoutResponse, 0);
  const number = `${documents(gone)} ${gone === 1 ? "was" : "were"} gone without a response`;
  if (!estimated) return gone === 0 ? "" : `; ${number}`;
  const beside = tags.find(({ lostBeside }) => lostBeside)?.containerTag;
  const why =
    gone > 0
      ? number
      : beside === undefined
        ? "the API counted some documents twice"
        : `another purge of ${beside} missed a response at the same time`;
  return `; the number is an estimate, because ${why}`;
}

/**
 * "; 3 of them also in tenant-7": documents that other containers lose too.
 *
 * @param total the number of documents that the line is about
 */
export function alsoInPart(tags: readonly Pick<TagResult, "alsoIn" | "containerTag">[], total: number): string {
  const own = new Set(tags.map(({ containerTag }) => containerTag));
  const byTag = new Map<string, number>();
  const certainties = new Set<AlsoIn["certainty"]>();
  for (const { alsoIn } of tags) {
    if (alsoIn !== undefined) certainties.add(alsoIn.certainty);
    for (const [tag, number] of alsoIn?.byTag ?? []) {
      // A document in two containers of the purge is in the lists of both.
      if (own.has(tag)) certainties.add("about");
      else byTag.set(tag, (byTag.get(tag) ?? 0) + number);
    }
  }
  const sorted = [...byTag]
    .sort(([one, a], [other, b]) => b - a || (one < other ? -1 : 1))
    .slice(0, maxOtherContainers);
  const [[first, number], ...others] = [sorted[0] ?? ["", 0], ...sorted.slice(1)];
  if (number === 0) return "";
  if (total === 1) return `; also in ${names(sorted.map(([tag]) => tag))}`;
  const about = certainties.has("about") ? "about " : certainties.has("least") ? "at least " : "";
  const rest = others.map(([tag, some]) => `, ${count(some)} in ${tag}`).join("");
  const more = byTag.size > sorted.length ? " and others in more containers" : "";
  return `; ${about}${count(number)} of them also in ${first}${rest}${more}`;
}

const maxOtherContainers = 3;

/** What is left in containers without documents, and what deletes it; undefined when nothing is. */
export function memoriesLeftLine(
  emptied: readonly Pick<Container, "containerTag" | "memoryCount">[],
): string | undefined {
  const left = emptied.filter(({ memoryCount }) => memoryCount > 0);
  if (left.length === 0) return undefined;
  const memories = memoriesOf(left.reduce((all, { memoryCount }) => all + memoryCount, 0));
  const have = left.length === 1 ? "has" : "have";
  return `${namesOf(left)} still ${have} ${memories} without a document. To delete memories, set scope: "container"`;
}

/** "; kept 3 documents: 2 not selected, 1 also in "live", which is protected" */
export function keptPart(verb: string, tags: readonly { readonly kept: readonly Kept[] }[]): string {
  const reasons = new Map<string, number>();
  for (const { documents: some, reason } of tags.flatMap(({ kept }) => kept)) {
    reasons.set(reason, (reasons.get(reason) ?? 0) + some);
  }
  if (reasons.size === 0) return "";
  const sum = documents([...reasons.values()].reduce((all, some) => all + some, 0));
  const [only = ""] = reasons.keys();
  if (reasons.size === 1) return `; ${verb} ${sum}: ${only}`;
  const parts = [...reasons].slice(0, maxReasons).map(([reason, some]) => `${count(some)} ${reason}`);
  const others = reasons.size - parts.length;
  const more = others > 0 ? `, and ${count(others)} more ${others === 1 ? "reason" : "reasons"}` : "";
  return `; ${verb} ${sum}: ${parts.join(", ")}${more}`;
}

/** "SUPERMEMORY_PURGE=skip: nothing was deleted in pr-42; the next pulumi up resumes this purge" */
export function skippedLine(
  what: string,
  targets: readonly { readonly containerTag: string }[],
  later: string,
): string {
  const where = targets.length === 0 ? "" : ` in ${namesOf(targets)}`;
  return `SUPERMEMORY_PURGE=skip: ${what}${where}; ${later}`;
}

/** @param owner the resource that may manage these tags */
export function argumentsOfOther(owner: string, targets: readonly { readonly containerTag: string }[]): RefusedError {
  return new RefusedError("", `${owner} may manage ${namesOf(targets)}, because its arguments are not known`, [
    `fix the resource that ${owner} depends on, then run pulumi up again`,
  ]);
}

export function keyChanged(before: string, now: string): string {
  return `the API key changed since the last purge (${before} -> ${now}). Check that it belongs to the same organization`;
}

/** @param isPolicy which checks are named */
export function movedToV5(isPolicy: boolean): string {
  const checks = isPolicy
    ? "documents that also carry a protected tag or one in except, and running merges"
    : "documents that also carry a protected tag";
  return `this resource was last purged on API v3 and is now purged on API v5, which does not return a document's tags. Checks that API v5 cannot make: ${checks}`;
}

/** "cannot count the documents in pr-42: cannot reach https://api.supermemory.ai: the connection was refused" */
export function cannotCount(what: string, containerTags: readonly string[], error: unknown): string {
  return [`cannot count ${what} in ${names(containerTags)}: ${summaryOf(error)}`, ...hintsOf(error)].join("\n");
}

/** "waiting 12 s: rate limited" */
export function waitLine({ ms, ...wait }: Wait): string {
  return `waiting ${wholeTime(ms)}: ${waitReason(wait)}`;
}

function waitReason({ foreign, problem, reason, status }: Omit<Wait, "ms">): string {
  if (foreign === true) return `a firewall or proxy returned an HTML page (${status})`;
  switch (reason) {
    case "limited":
      return "rate limited";
    case "conflict":
      return "documents are still being processed (409)";
    case "server":
      return status === 503 ? "the API is unavailable (503)" : "the API returned a server error";
    case "unreachable":
      return `the API cannot be reached${problem === undefined ? "" : ` (${problem})`}`;
    case "no-response":
    case "interrupted-response":
      return "the API sent no complete response";
    default:
      return status === undefined ? "the API failed" : `API v3 returned ${status}`;
  }
}

/** Documents can share as many protected tags as there are. */
const maxReasons = 8;

/** "pr-42: 113, pr-43: 4", the largest first where they do not all fit; empty for one container. */
function shares(tags: readonly TagResult[]): string {
  if (tags.length < 2) return "";
  return sharesOf(tags.map(({ containerTag, deleted }) => ({ containerTag, documents: deleted })));
}

function nothingLine(tags: readonly TagResult[], isWhole: boolean, deletedBefore: number): string {
  const note = deletedBefore === 0 ? "" : ` (${documents(deletedBefore)} deleted in total)`;
  if (isWhole) return `nothing to delete: ${doNotExist(tags)}${note}`;
  if (tags.some(({ kept }) => kept.length > 0)) return `nothing to delete in ${namesOf(tags)}${note}`;
  return `${namesOf(tags)} ${tags.length === 1 ? "is" : "are"} already empty${note}`;
}

function doNotExist(tags: readonly TagResult[]): string {
  return tags.length === 1 ? `container ${namesOf(tags)} does not exist` : `containers ${namesOf(tags)} do not exist`;
}

function containersIn(tags: readonly TagResult[]): string {
  return tags.length === 1 ? `container ${namesOf(tags)}` : `${count(tags.length)} containers`;
}

/** " and 7 memories"; without a number where it is not known. */
function memoriesPart(tags: readonly TagResult[]): string {
  if (tags.some(({ memories }) => memories === undefined)) return " and an unknown number of memories";
  const sum = tags.reduce((all, { memories = 0 }) => all + memories, 0);
  return sum === 0 ? "" : ` and ${memoriesOf(sum)}`;
}

function memoriesOf(number: number): string {
  return `${count(number)} ${number === 1 ? "memory" : "memories"}`;
}
