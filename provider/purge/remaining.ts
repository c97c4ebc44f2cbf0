import { type DocumentPage, type DocumentRow, pageSize } from "../client/api";
import { inParallel } from "../util/pool";
import { contextOf } from "./context";
import { listAll } from "./pages";
import { otherTags } from "./plan";
import type { PurgeSession, TagPlan } from "./types";

/** Documents that are deleted by id between two lists, so that memory stays flat. */
const windowSize = 1_600;

/** What remains of a plan in one list. Documents outside the plan, such as newer ones, are counted separately. */
export interface RemainingDocuments {
  /** Documents under the tag. */
  readonly total: number;
  readonly ofPlan: number;
  /** Documents that were written after the plan. */
  readonly written: number;
  /** Older documents that are not part of the plan. */
  readonly others: number;
  /** Ids of some documents of the plan; `nextPage` finds more. */
  readonly ids: readonly string[];
  /** How many of those the API is still processing. */
  readonly processing: number;
  /** Other tags that those carry. */
  readonly alsoCarried: ReadonlyMap<string, number>;
  /** Those documents, and the page that contained them. */
  readonly rows: readonly DocumentRow[];
  readonly page: number;
}

/** Lists what remains of a plan. `ownDeletions`: see `listAll`. */
export async function listRemaining(
  plan: TagPlan,
  session: PurgeSession,
  ownDeletions?: () => number,
): Promise<RemainingDocuments> {
  return plan.ids === undefined
    ? await listOlder(plan, session)
    : await listPlanned(plan, plan.ids, session, ownDeletions);
}

/** The remaining documents with as many ids as are deleted between two lists. */
export async function nextPage(
  remaining: RemainingDocuments,
  plan: TagPlan,
  session: PurgeSession,
): Promise<RemainingDocuments> {
  if (plan.ids !== undefined) return remaining;
  const rows: DocumentRow[] = [];
  const last = Math.min(Math.ceil(remaining.total / pageSize), remaining.page + windowSize / pageSize - 1);
  await inParallel(pagesAfter(remaining.page, last), session.concurrency, async (page) => {
    rows.push(...ofPlan(plan, await listPage(plan, page, session)));
  });
  const all = new Map([...remaining.rows, ...rows].map((row) => [row.id, row]));
  return { ...remaining, ...summary(plan, [...all.values()]) };
}

/** Newest first, past the documents that were written since, to where the plan begins. */
async function listOlder(plan: TagPlan, session: PurgeSession): Promise<RemainingDocuments> {
  let newer = 0;
  for (let page = 1; ; page += 1) {
    const response = await listPage(plan, page, session);
    const rows = ofPlan(plan, response);
    newer += response.rows.length - rows.length;
    if (rows.length > 0 || response.rows.length === 0 || newer >= response.total) {
      const left = Math.max(0, response.total - newer);
      return { total: response.total, ofPlan: left, written: newer, others: 0, page, ...summary(plan, rows) };
    }
  }
}

/** The whole container, since kept documents may be anywhere among those of the plan. */
async function listPlanned(
  plan: TagPlan,
  planned: ReadonlySet<string>,
  session: PurgeSession,
  ownDeletions?: () => number,
): Promise<RemainingDocuments> {
  let rows: DocumentRow[] = [];
  let [left, written, others] = [0, 0, 0];
  const total = await listAll(
    plan.containerTag,
    session,
    {
      begin: () => {
        rows = [];
        [left, written, others] = [0, 0, 0];
      },
      row: (row) => {
        if (row.createdAt > plan.newest) written += 1;
        else if (!planned.has(row.id)) others += 1;
        else {
          left += 1;
          if (rows.length < windowSize) rows.push(row);
        }
      },
    },
    ownDeletions,
  );
  return { total, ofPlan: left, written, others, page: 1, ...summary(plan, rows) };
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
