import { protectedSegmentOf } from "../config/protected-segments";
import { RefusedError } from "../errors";
import { names } from "../util/format";
import { matches } from "../util/glob";
import { textOfObject } from "../util/text-of-object";
import type { Guardrails, PurgeEvent, Target } from "./types";

/** Tags that the API accepts. Source: the vendor's OpenAPI document v3, deleteV3DocumentsBulk, containerTags. */
const tagPattern = /^[a-zA-Z0-9_:-]{1,100}$/;
const defaultProject = "sm_project_default";

/** The guardrails that need only tags. */
export type TagRules = Pick<
  Guardrails,
  "allowProtectedTags" | "protectedTags" | "protectedTagSources" | "allowedTags" | "except"
>;

/** Why a tag is refused: it is malformed, protected, or not allowed. Throws for the first such tag. */
export function guardTags(targets: readonly Target[], rules: TagRules): void {
  for (const { containerTag: tag, event } of targets) {
    const problem = malformed(tag);
    if (problem !== undefined) throw refused(`${shown(tag)} is not a valid container tag: ${problem}`);
    const reason = protectionOf(tag, event, rules);
    if (reason !== undefined) {
      throw refused(
        `"${tag}" is protected because ${reason}`,
        `to purge it anyway, add "${tag}" to allowProtectedTags`,
        ...(rules.protectedTagSources?.get(tag) === "SUPERMEMORY_PROTECTED_TAGS"
          ? ["for this command only, remove it from SUPERMEMORY_PROTECTED_TAGS"]
          : []),
      );
    }
    if (rules.allowedTags?.some((glob) => matches(glob, tag)) === false) {
      const allowed = rules.allowedTags.length === 0 ? ", which is empty" : ` (${names(rules.allowedTags, 5)})`;
      throw refused(`"${tag}" does not match allowedTags${allowed}`, "add a glob that matches it to allowedTags");
    }
  }
}

/** Why a tag is protected, as the end of "it is protected because ..."; undefined if it is not, or is allowed. */
export function protectionOf(tag: string, event: PurgeEvent, rules: TagRules): string | undefined {
  const { managed, removed } = rules.allowProtectedTags;
  if ((event === "delete" ? removed : managed).includes(tag)) return undefined;
  if (tag === defaultProject) return "it is the account's default container";
  if (rules.protectedTags.includes(tag)) return `${rules.protectedTagSources?.get(tag) ?? "protectedTags"} contains it`;
  const segment = protectedSegmentOf(tag);
  if (segment !== undefined) return `it contains the segment "${segment}"`;
  const glob = rules.except?.find((excepted) => matches(excepted, tag));
  return glob === undefined ? undefined : `it matches "${glob}" in except`;
}

/** Why a tag is malformed, or undefined. */
export function malformed(tag: string): string | undefined {
  if (tag.trim() === "") return "it is blank";
  const cause = textOfObject(tag);
  if (cause !== undefined) return cause;
  if (tag.includes("*")) return "wildcards are not supported. To clean up by pattern, use CleanupPolicy";
  if (tag.length > 100) return `it has ${tag.length} characters, and at most 100 are allowed`;
  return tagPattern.test(tag) ? undefined : 'only letters, digits, "_", ":" and "-" are allowed';
}

function refused(summary: string, ...hints: readonly string[]): RefusedError {
  return new RefusedError("containerTags", summary, hints);
}

/** A malformed tag may be long and may contain anything. */
function shown(tag: string): string {
  return JSON.stringify(tag.length > 120 ? `${tag.slice(0, 117)}...` : tag);
}
