import { segmentsOf } from "../config/protected-segments";
import { hintsOf, summaryOf } from "../errors";
import { alsoInPart, keptPart } from "../host/messages";
import { shortUrn } from "../host/job";
import { alsoPlanned } from "../purge/also-in";
import { countOnce, type DistinctCount } from "../purge/distinct";
import type { Plan, PurgeOutcome, TagPlan } from "../purge/types";
import { count, documents, documentsIn, names, namesOf, sharesOf } from "../util/format";
import { wasTextOfObject } from "../util/text-of-object";
import type { PurgeInputs } from "./args";
import type { Lifecycle, PlannedTarget } from "./lifecycle";

/** "will delete 12 documents in pr-42-cache (tag added; limit 10,000)", "will delete 117 documents (pr-42: 113, ...)" */
export function willDelete(plan: Plan, targets: readonly PlannedTarget[], limit: number): string {
  const { tags } = plan;
  const keeps = keptPart("keeps", tags);
  const once = countOnce(plan);
  if (once.total === 0) return `nothing to delete in ${namesOf(tags)}${keeps}`;
  const sum = `${once.isMost ? "at most " : ""}${documents(once.total)}`;
  const rest = alsoPart(tags, once.total) + keeps;
  const why = new Map(targets.map((target) => [target.containerTag, target.why]));
  const groups = new Map<string, Counted[]>();
  for (const tag of once.tags) {
    if (tag.documents === 0) continue;
    const reason = why.get(tag.containerTag) ?? "";
    groups.set(reason, [...(groups.get(reason) ?? []), tag]);
  }
  const limited = `limit ${count(limit)}`;
  const [[reason, group] = ["", []], ...more] = [...groups];
  if (more.length === 0) {
    return `will delete ${sum}${inTags(group, [reason, limited])}${rest}`;
  }
  const parts = [...groups].map(([cause, members]) => `${count(documentsIn(members))}${inTags(members, [cause])}`);
  return `will delete ${sum} (${limited}): ${parts.join(", ")}${rest}`;
}

type Counted = DistinctCount["tags"][number];

/** " in pr-42 (tag added)", " (pr-42: 113, pr-43: 4; tag added)" */
function inTags(tags: readonly Counted[], notes: readonly string[]): string {
  const [place, shares] = tags.length === 1 ? [` in ${namesOf(tags)}`, ""] : ["", sharesOf(tags)];
  const note = [shares, ...notes].filter((some) => some !== "").join("; ");
  return note === "" ? place : `${place} (${note})`;
}

/** "will delete the container pr-42 with its memories and 12 documents (limit 10,000)" */
export function willDeleteContainers(plan: Plan, limit: number): string {
  const { tags } = plan;
  const once = countOnce(plan);
  const [its, exist] = tags.length === 1 ? ["its", "it exists"] : ["their", "they exist"];
  const containers = tags.length === 1 ? "the container" : "the containers";
  const what = `will delete ${containers} ${namesOf(tags)} with ${its} memories`;
  if (once.total === 0) return `${what}, if ${exist}; there are no documents`;
  const shares = tags.length === 1 ? "" : `${sharesOf(once.tags)}; `;
  return `${what} and ${once.isMost ? "at most " : ""}${documents(once.total)} (${shares}limit ${count(limit)})${alsoPart(tags, once.total)}`;
}

/** What becomes of the documents that a refresh counted. */
export interface Fate {
  /** What a destroy deletes; undefined if it would be refused, which a warning reports. */
  readonly destroy: { readonly documents: number; readonly why?: string } | undefined;
  /** What the next up deletes because of drift. */
  readonly up: number;
  /** The purge deletes the container itself. */
  readonly isWhole: boolean;
}

/** "77 documents in shop:pr-42; destroy will delete them" */
export function countedLine(tags: readonly TagPlan[], { destroy, isWhole, up }: Fate): string {
  const listed = tags.reduce((sum, tag) => sum + tag.listed, 0);
  const deleting = (command: string, number: number): string =>
    `${command} will delete ${isWhole ? "the container with its memories and documents" : someOf(number, listed)}`;
  const clauses = [
    ...(up > 0 ? [`${deleting("up", up)} (drift)`] : []),
    ...(destroy === undefined || listed === 0 ? [] : [destroyClause(destroy, listed, deleting)]),
  ];
  if (listed === 0) return `no documents in ${namesOf(tags)}`;
  const where = tags.length === 1 ? ` in ${namesOf(tags)}` : ` (${listedByTag(tags)})`;
  const deletes = up > 0 || destroy === undefined || destroy.documents > 0;
  const rest = (deletes ? alsoPart(tags, listed) : "") + keptPart("keeps", tags);
  return [`${documents(listed)}${where}`, ...clauses].join("; ") + rest;
}

function alsoPart(tags: readonly TagPlan[], total: number): string {
  return alsoInPart(
    tags.map((tag) => ({ containerTag: tag.containerTag, alsoIn: alsoPlanned(tag) })),
    total,
  );
}

function destroyClause(
  { documents: number, why }: NonNullable<Fate["destroy"]>,
  listed: number,
  deleting: (command: string, number: number) => string,
): string {
  if (number > 0) return deleting("destroy", number);
  return `destroy will keep ${listed === 1 ? "it" : "them"}${why === undefined ? "" : ` (${why})`}`;
}

function someOf(number: number, listed: number): string {
  if (number < listed) return `${count(number)} of them`;
  return listed === 1 ? "it" : "them";
}

function listedByTag(tags: readonly TagPlan[]): string {
  return sharesOf(tags.map(({ containerTag, listed }) => ({ containerTag, documents: listed })));
}

const createPurges = "creating this resource deletes existing documents";
const keepOnCreate = 'set purgeOn: ["delete"]. If you renamed or moved the resource, set aliases';

export const createPurgesToo = `${createPurges}. To keep them, ${keepOnCreate}`;

/** For a create whose documents could not be counted. */
export function uncountedCreate(error: unknown): string {
  const line = `${createPurges}; they could not be counted: ${summaryOf(error)}`;
  return [line, ...hintsOf(error), `to keep them, ${keepOnCreate}`].join("\n");
}

/** @param unknown the arguments that a preview does not know; `purgeOn` may be among them */
export function unknownCreate(unknown: readonly string[]): string {
  const what = unknown.includes("purgeOn") ? createPurges.replace("deletes", "may delete") : createPurges;
  const reason = `${names(unknown)} ${unknown.length === 1 ? "is" : "are"} not known before the update`;
  return `${what}; they could not be counted: ${reason}\nto keep them, ${keepOnCreate}`;
}

/** The provider does not receive resource options, and Pulumi applies these to the removal of a whole resource. */
export const optionsKeepNoTag =
  'the options retainOnDelete and protect do not keep a removed tag. To keep its documents, remove "delete" from purgeOn';

/** What becomes of a purge that SUPERMEMORY_PURGE=skip skips. */
export const later = {
  pending: "the next pulumi up resumes this purge",
  never: "the resource is removed from the stack, and this purge will not be resumed",
};

/**
 * A warning for each tag that is kept although it left the program. A line for each pending purge that no longer applies,
 * and one for the tags that the successor of a replaced resource manages.
 */
export function leftAloneLines(
  urn: string | undefined,
  { dropped, kept }: Pick<Lifecycle, "dropped" | "kept">,
): { readonly warnings: readonly string[]; readonly infos: readonly string[] } {
  const handedOver = kept.filter(({ claimedBy }) => claimedBy === urn);
  return {
    warnings: kept
      .filter(({ claimedBy }) => claimedBy !== urn)
      .map(({ claimedBy, containerTag }) => {
        return `kept the documents in ${containerTag}: another resource in this program manages it (${shortUrn(claimedBy)})`;
      }),
    infos: [
      ...(handedOver.length === 0
        ? []
        : [`the replaced resource purges nothing; its successor manages ${namesOf(handedOver)}`]),
      ...dropped.map(
        ({ containerTag, event, reason }) => `dropped the pending purge of ${containerTag} (${event}): ${reason}`,
      ),
    ],
  };
}

/** A stack that leaves its container behind leaves one for each environment. Undefined if the purge left none empty. */
export function containerLeft({ deleted, method, tags }: PurgeOutcome): string | undefined {
  const isEmptied = tags.every(({ event, kept, written }) => event === "delete" && kept.length === 0 && written === 0);
  return method.kind === "container" || deleted === 0 || !isEmptied
    ? undefined
    : 'the empty container still exists. To delete it too, set scope: "container"';
}

export function managedTwice(tag: string, other: string): string {
  return `two resources manage ${tag}: this one and ${other}\nremove it from one of them`;
}

export function claimedTooLate(tag: string, planner: string, wayOut: string): string {
  return `${planner} would purge ${tag} before this resource claims it\n${wayOut}`;
}

/** What to do if a resource claims a removed tag that another resource would already have purged. */
export function claimEarlier(tag: string): string {
  return `make that resource depend on this one (dependsOn), or remove ${tag} from it in a separate up`;
}

export function refusedOnV5(sharedDocuments: string): string {
  return `sharedDocuments: "${sharedDocuments}" is not supported on API v5, which responds now, so a destroy will be refused\nremove sharedDocuments from the program, or destroy with SUPERMEMORY_PURGE=skip, which keeps all documents`;
}

/** A misspelt tag allows nothing, and nobody would notice. */
export function idleAllowances({ allowProtectedTags, containerTags }: PurgeInputs): string | undefined {
  const idle = allowProtectedTags.filter((tag) => !containerTags.includes(tag));
  if (idle.length === 0) return undefined;
  const [are, they, carry] =
    idle.length === 1 ? ["is", "It only applies", idle[0] ?? ""] : ["are", "They only apply", "them"];
  return `allowProtectedTags contains ${names(idle)}, which ${are} not in containerTags. ${they} to documents that also carry ${carry}`;
}

/** `pr-${process.env.PR}` is a valid tag, but the wrong one, when the variable is not set. */
export function unsetVariables({ containerTags }: PurgeInputs): string | undefined {
  const doubtful = containerTags.filter((tag) => segmentsOf(tag).some((segment) => unset.has(segment)));
  if (doubtful.length === 0) return undefined;
  const quoted = names(doubtful.map((tag) => `"${tag}"`));
  return doubtful.length === 1
    ? `the tag ${quoted} looks like an unset variable`
    : `the tags ${quoted} look like unset variables`;
}

/** A tag that was made valid after an Output or an object was put into it would be the same one in every stack. */
export function objectsInTags({ containerTags }: PurgeInputs): string | undefined {
  const doubtful = containerTags.filter(wasTextOfObject).map((tag) => `"${tag}"`);
  if (doubtful.length === 0) return undefined;
  const [tags, look] = doubtful.length === 1 ? ["tag", "looks"] : ["tags", "look"];
  return `the ${tags} ${names(doubtful)} ${look} like an Output or an object in a string\nuse pulumi.interpolate for an Output, or the value of the object`;
}

/** What JavaScript writes into a text for a missing value. */
const unset: ReadonlySet<string> = new Set(["undefined", "null", "NaN"]);

export function changeArguments(urn: string): string {
  return `to change the program's arguments first, run: pulumi up --target '${urn}'`;
}
