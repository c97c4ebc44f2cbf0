import type { Plan, TagPlan } from "./types";

/** The documents of a plan, each counted once. */
export interface DistinctCount {
  readonly total: number;
  /** By container. A document in several containers counts only in the first one that the program names. */
  readonly tags: readonly { readonly containerTag: string; readonly documents: number }[];
  /** The total is an upper bound: some documents carry two of the tags, and not all of them were listed. */
  readonly isMost: boolean;
}

/**
 * Counts each document of a plan once. A plan by ids already does. A plan by tag counts a document under each of its tags,
 * because any of the deletes may delete it. The ids are known if one page contained every document.
 */
export function countOnce({ tags: planned }: Pick<Plan, "tags">): DistinctCount {
  const known = planned.flatMap(({ members }) => (members === undefined ? [] : [members]));
  const isKnown = known.length === planned.length;
  const seen = new Set<string>();
  const tags = planned.map(({ containerTag, count, ids, members }) => {
    if (!isKnown || ids !== undefined || members === undefined) return { containerTag, documents: count };
    const before = seen.size;
    for (const id of members) seen.add(id);
    return { containerTag, documents: seen.size - before };
  });
  const total = tags.reduce((sum, { documents }) => sum + documents, 0);
  return { total, tags, isMost: !isKnown && planned.some((tag) => isShared(tag, planned)) };
}

function isShared({ alsoCarried, ids }: TagPlan, planned: readonly TagPlan[]): boolean {
  return ids === undefined && planned.some(({ containerTag }) => alsoCarried.has(containerTag));
}
