import type { DocumentPage } from "../client/api";
import type { CallContext } from "../client/http";
import type { Plan, PurgeTools, TagPlan, Target } from "./types";

/** Counts each container with one request: how much is there, how new, and which other tags it carries. */
export async function makePlan(targets: readonly Target[], tools: PurgeTools): Promise<Plan> {
  const tags = await Promise.all(targets.map(async (target) => await planTag(target, tools)));
  return { tags, total: tags.reduce((sum, tag) => sum + tag.count, 0) };
}

export async function planTag(target: Target, tools: PurgeTools): Promise<TagPlan> {
  const page = await tools.api.list({ containerTag: target.containerTag, page: 1, order: "desc" }, contextOf(tools));
  return {
    ...target,
    count: page.total,
    newest: page.rows.reduce((newest, row) => Math.max(newest, row.createdAt), Number.NEGATIVE_INFINITY),
    alsoCarried: otherTags(page, target.containerTag),
    allTagsSeen: page.rows.length === page.total && page.rows.every((row) => row.containerTags !== undefined),
  };
}

/** What is left of a plan. Rows newer than the plan belong to whoever wrote them and are counted apart. */
export interface Remainder {
  readonly total: number;
  readonly ofPlan: number;
  /** Ids of documents of the plan, of the page where they begin. */
  readonly ids: readonly string[];
  /** How many of those are still being processed by the API. */
  readonly processing: number;
}

/** Lists newest first, past the documents that were written since, to where the plan begins. */
export async function listRemainder(plan: TagPlan, tools: PurgeTools): Promise<Remainder> {
  const { containerTag, newest } = plan;
  let newer = 0;
  for (let page = 1; ; page += 1) {
    const { rows, total } = await tools.api.list({ containerTag, page, order: "desc" }, contextOf(tools));
    const ofPlan = rows.filter((row) => row.createdAt <= newest);
    newer += rows.length - ofPlan.length;
    if (ofPlan.length > 0 || rows.length === 0 || newer >= total) {
      return {
        total,
        ofPlan: Math.max(0, total - newer),
        ids: ofPlan.map((row) => row.id),
        processing: ofPlan.filter((row) => row.status !== "done" && row.status !== "failed").length,
      };
    }
  }
}

export function contextOf({ beforeMutation, deadline, onAttempt, onWait, policy }: PurgeTools): CallContext {
  return { beforeMutation, deadline, onAttempt, onWait, policy };
}

function otherTags(page: DocumentPage, containerTag: string): ReadonlyMap<string, number> {
  const carried = new Map<string, number>();
  for (const row of page.rows) {
    for (const tag of row.containerTags ?? []) {
      if (tag !== containerTag) carried.set(tag, (carried.get(tag) ?? 0) + 1);
    }
  }
  return carried;
}
