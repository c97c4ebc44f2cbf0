import { type DocumentPage, type DocumentRow, pageSize } from "../client/api";
import { contextOf } from "./context";
import { seeAll } from "./pages";
import { otherTags } from "./plan";
import { inParallel } from "../util/pool";
import type { PackedIds } from "./packed-ids";
import type { PurgeSession, TagPlan } from "./types";

/** Documents that are deleted by their ids between two looks at what is left, so that memory stays flat. */
const windowSize = 1_600;

/** What is left of a plan. Documents that are no part of it, such as newer ones, are counted apart. */
export interface RemainingDocuments {
  /** Documents under the tag. */
  readonly total: number;
  readonly ofPlan: number;
  /** Documents that were written after the plan. */
  readonly written: number;
  /** Documents that were there when it was made, and are no part of it. */
  readonly others: number;
  /** Ids of some documents of the plan; `moreOf` finds more. */
  readonly ids: readonly string[];
  /** How many of those are still being processed by the API. */
  readonly processing: number;
  /** Other tags that those carry. */
  readonly alsoCarried: ReadonlyMap<string, number>;
  /** Those documents, and the page on which they were found. */
  readonly rows: readonly DocumentRow[];
  readonly page: number;
}

/** Lists what is left of a plan. `ownDeletions`: see `seeAll`. */
export async function listRemaining(
  plan: TagPlan,
  session: PurgeSession,
  ownDeletions?: () => number,
): Promise<RemainingDocuments> {
  return plan.ids === undefined
    ? await listOlder(plan, session)
    : await listPlanned(plan, plan.ids, session, ownDeletions);
}

/** The remainder with as many ids as are deleted at a time. */
export async function nextPage(
  rest: RemainingDocuments,
  plan: TagPlan,
  session: PurgeSession,
): Promise<RemainingDocuments> {
  if (plan.ids !== undefined) return rest;
  const rows: DocumentRow[] = [];
  const last = Math.min(Math.ceil(rest.total / pageSize), rest.page + windowSize / pageSize - 1);
  await inParallel(pagesAfter(rest.page, last), session.concurrency, async (page) => {
    rows.push(...ofPlan(plan, await listPage(plan, page, session)));
  });
  const all = new Map([...rest.rows, ...rows].map((row) => [row.id, row]));
  return { ...rest, ...summary(plan, [...all.values()]) };
}

/** Newest first, past the documents that were written since, to where the plan begins. */
async function listOlder(plan: TagPlan, session: PurgeSession): Promise<RemainingDocuments> {
  let newer = 0;
  for (let page = 1; ; page += 1) {
    const answer = await listPage(plan, page, session);
    const rows = ofPlan(plan, answer);
    newer += answer.rows.length - rows.length;
    if (rows.length > 0 || answer.rows.length === 0 || newer >= answer.total) {
      const left = Math.max(0, answer.total - newer);
      return { total: answer.total, ofPlan: left, written: newer, others: 0, page, ...summary(plan, rows) };
    }
  }
}

/** All of the container, since documents that are kept may lie anywhere among those of the plan. */
async function listPlanned(
  plan: TagPlan,
  planned: PackedIds,
  session: PurgeSession,
  ownDeletions?: () => number,
): Promise<RemainingDocuments> {
  let rows: DocumentRow[] = [];
  let [left, written, others] = [0, 0, 0];
  const total = await seeAll(
    plan.containerTag,
    session,
    {
      begin: () => {
        rows = [];
        [left, written, others] = [0, 0, 0];
      },
      row: (row) => {
        if (row.createdAt > plan.newest) written += 1;
        else if (!planned.mayHold(row.id)) others += 1;
        else {
          left += 1;
          if (rows.length < windowSize) rows.push(row);
        }
      },
    },
    ownDeletions,
  );
  const certain = new Set(planned.only(rows.map(({ id }) => id)));
  const found = rows.filter(({ id }) => certain.has(id));
  left -= rows.length - found.length;
  return { total, ofPlan: left, written, others, page: 1, ...summary(plan, found) };
}

async function listPage({ containerTag }: TagPlan, page: number, session: PurgeSession): Promise<DocumentPage> {
  return await session.api.list({ containerTag, page, order: "desc" }, contextOf(session));
}

function ofPlan({ newest }: TagPlan, { rows }: DocumentPage): readonly DocumentRow[] {
  return rows.filter((row) => row.createdAt <= newest);
}

function summary(
  { containerTag, ids }: TagPlan,
  rows: readonly DocumentRow[],
): Pick<RemainingDocuments, "ids" | "processing" | "alsoCarried" | "rows"> {
  return {
    rows,
    ids: rows.map(({ id }) => id),
    processing: rows.filter(({ status }) => status !== "done" && status !== "failed").length,
    alsoCarried: ids === undefined ? otherTags(rows, containerTag) : new Map(),
  };
}

function* pagesAfter(first: number, last: number): Generator<number> {
  for (let page = first + 1; page <= last; page += 1) yield page;
}
