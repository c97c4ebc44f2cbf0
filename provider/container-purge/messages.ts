import { segmentsOf } from "../config/protected-segments";
import { keptPart } from "../host/messages";
import { shortUrn } from "../host/job";
import { countOnce, type DistinctCount } from "../purge/distinct";
import type { Plan } from "../purge/types";
import { count, documents, documentsIn, names, namesOf, sharesOf } from "../util/format";
import type { PurgeInputs } from "./args";
import type { Lifecycle, PlannedTarget } from "./lifecycle";

/** "will delete 12 documents in pr-42-cache (tag added; limit 10,000)", "will delete 117 documents (pr-42: 113, ...)" */
export function willDelete(plan: Plan, targets: readonly PlannedTarget[], limit: number): string {
  const { tags } = plan;
  const keeps = keptPart("keeps", tags);
  const once = countOnce(plan);
  if (once.total === 0) return `nothing to delete in ${namesOf(tags)}${keeps}`;
  const sum = `${once.isMost ? "at most " : ""}${documents(once.total)}`;
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
    return `will delete ${sum}${inTags(group, [reason, limited])}${keeps}`;
  }
  const parts = [...groups].map(([cause, members]) => `${count(documentsIn(members))}${inTags(members, [cause])}`);
  return `will delete ${sum} (${limited}): ${parts.join(", ")}${keeps}`;
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
  return `${what} and ${once.isMost ? "at most " : ""}${documents(once.total)} (${shares}limit ${count(limit)})`;
}

export const createPurgesToo =
  'creating this resource deletes existing documents. To keep them, set purgeOn: ["delete"]. If you renamed or moved the resource, set aliases';

/** The provider does not receive resource options, and Pulumi applies these to the removal of a whole resource. */
export const optionsKeepNoTag =
  'the options retainOnDelete and protect do not keep a removed tag. To keep its documents, remove "delete" from purgeOn';

/** What becomes of a purge that SUPERMEMORY_PURGE=skip skips. */
export const later = {
  pending: "the next pulumi up resumes this purge",
  never: "the resource is removed from the stack, and this purge will not be resumed",
};

/** A line for each tag that is kept although it left the program, and for each pending purge that no longer applies. */
export function leftAloneLines(
  urn: string | undefined,
  { dropped, kept }: Pick<Lifecycle, "dropped" | "kept">,
): { readonly kept: readonly string[]; readonly dropped: readonly string[] } {
  return {
    kept: kept.map(({ claimedBy, containerTag }) => {
      const owner =
        claimedBy === urn
          ? "this resource still manages it"
          : `another resource in this program manages it (${shortUrn(claimedBy)})`;
      return `kept the documents in ${containerTag}: ${owner}`;
    }),
    dropped: dropped.map(
      ({ containerTag, event, reason }) => `dropped the pending purge of ${containerTag} (${event}): ${reason}`,
    ),
  };
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

/** What JavaScript writes into a text for a missing value. */
const unset: ReadonlySet<string> = new Set(["undefined", "null", "NaN"]);

export function changeArguments(urn: string): string {
  return `to change the program's arguments first, run: pulumi up --target '${urn}'`;
}
