import { RefusedError } from "../errors";
import { protectedSegmentOf } from "../config/protected-segments";
import { matches } from "../util/glob";
import type { Guardrails, PurgeEvent, Target } from "./types";
import { names, nothingDeleted } from "../util/format";

/** Tags that the API accepts. Source: the vendor's OpenAPI document v3, deleteV3DocumentsBulk, containerTags. */
const tagPattern = /^[a-zA-Z0-9_:-]{1,100}$/;
const defaultProject = "sm_project_default";

/** The part of the guardrails that looks at tags alone. */
export type TagRules = Pick<Guardrails, "allowProtectedTags" | "protectedTags" | "allowedTags" | "except">;

/** Every rule that tags alone can break. Throws for the first tag that breaks one. */
export function guardTags(targets: readonly Target[], rules: TagRules): void {
  for (const { containerTag: tag, event } of targets) {
    const problem = malformed(tag);
    if (problem !== undefined) throw new RefusedError("containerTags", refusal(tag, problem));
    const reason = protectionOf(tag, event, rules);
    if (reason !== undefined) {
      throw new RefusedError(
        "containerTags",
        `refusing to purge "${tag}": ${reason}; nothing was deleted\nif it is meant, add "${tag}" to allowProtectedTags`,
      );
    }
    if (rules.allowedTags?.some((glob) => matches(glob, tag)) === false) {
      const allowed = rules.allowedTags.length === 0 ? "it is empty" : `it allows ${names(rules.allowedTags, 5)}`;
      throw new RefusedError("containerTags", refusal(tag, `no glob of allowedTags matches it (${allowed})`));
    }
  }
}

/** Why a tag is protected, or undefined when it is not, or is allowed by name. */
export function protectionOf(tag: string, event: PurgeEvent, rules: TagRules): string | undefined {
  const { managed, removed } = rules.allowProtectedTags;
  if ((event === "delete" ? removed : managed).includes(tag)) return undefined;
  if (tag === defaultProject) return "it is the default container of the account";
  if (rules.protectedTags.includes(tag)) return "it is listed in protectedTags";
  const segment = protectedSegmentOf(tag);
  if (segment !== undefined) return `its segment "${segment}" marks it as protected`;
  const glob = rules.except?.find((excepted) => matches(excepted, tag));
  return glob === undefined ? undefined : `it is excepted by "${glob}"`;
}

/** Why a tag cannot be one, or undefined. */
export function malformed(tag: string): string | undefined {
  if (tag.trim() === "") return "it is blank";
  if (tag.includes("*"))
    return 'it holds a wildcard; tags are matched exactly, so "*" would not do what it seems to say';
  if (tag.length > 100) return `it has ${tag.length} characters; allowed are 1 to 100`;
  return tagPattern.test(tag) ? undefined : 'allowed are letters, digits, "_", ":" and "-"';
}

function refusal(tag: string, problem: string): string {
  const shown = tag.length > 120 ? `${tag.slice(0, 117)}...` : tag;
  return nothingDeleted(`refusing to purge ${JSON.stringify(shown)}: ${problem}`);
}
