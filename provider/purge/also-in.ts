import type { AlsoIn, TagPlan, TagResult } from "./types";

/** Documents could have as many other tags as there are documents. */
const maxTags = 1_000;

/** Counts one more document of a tag. */
export function countTag(byTag: Map<string, number>, tag: string): void {
  if (byTag.has(tag) || byTag.size < maxTags) byTag.set(tag, (byTag.get(tag) ?? 0) + 1);
}

/** The other tags of the planned documents, as far as the listed rows show them. API v5 returns none. */
export function alsoPlanned({ allTagsSeen, alsoCarried }: TagPlan): AlsoIn | undefined {
  return alsoCarried.size === 0 && allTagsSeen
    ? undefined
    : { byTag: alsoCarried, certainty: allTagsSeen ? "exact" : "least" };
}

/** The other tags of the deleted documents. The lists before the delete showed them. */
export function alsoDeleted(
  plan: TagPlan,
  { deleted, estimated }: Pick<TagResult, "deleted" | "estimated">,
): AlsoIn | undefined {
  const seen = deleted === 0 ? undefined : alsoPlanned(plan);
  if (seen === undefined || (deleted === plan.count && !estimated)) return seen;
  return { ...seen, certainty: estimated || deleted < plan.count ? "about" : "least" };
}
