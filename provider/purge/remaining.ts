import { type DocumentPage, type DocumentRow, pageSize } from "../client/api";
import { inParallel } from "../util/pool";
import { contextOf } from "./context";
import { NewestFirst, outOfOrder } from "./order";
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
  /** The whole container was listed, because kept documents or a wrong order may hide some of the plan. */
  readonly isWhole: boolean;
}

/** Lists what remains of a plan. `ownDeletions`: see `listAll`. */
export async function listRemaining(
  plan: TagPlan,
  session: PurgeSession,
  ownDeletions?: () => number,
): Promise<RemainingDocuments> {
  if (plan.ids !== undefined) return await listWhole(plan, plan.ids, session, ownDeletions);
  return (await listOlder(plan, session)) ?? (await listMembers(plan, session, ownDeletions));
}

/** The remaining documents with as many ids as are deleted between two lists. */
export async function nextPage(
  remaining: RemainingDocuments,
  plan: TagPlan,
  session: PurgeSession,
  ownDeletions?: () => number,
): Promise<RemainingDocuments> {
  if (remaining.isWhole) return remaining;
  const rows: DocumentRow[] = [];
  const pages: DocumentPage[] = [];
  const last = Math.min(Math.ceil(remaining.total / pageSize), remaining.page + windowSize / pageSize - 1);
  await inParallel(pagesAfter(remaining.page, last), session.concurrency, async (page) => {
    const response = await listPage(plan, page, session);
    pages[page] = response;
    rows.push(...ofPlan(plan, response));
  });
  const order = new NewestFirst();
  order.next(remaining);
  if (!pages.every((page) => order.next(page))) return await listMembers(plan, session, ownDeletions);
  const all = new Map([...remaining.rows, ...rows].map((row) => [row.id, row]));
  return { ...remaining, ...summary(plan, [...all.values()]) };
}

/**
 * Newest first, past the documents that were written since, to where the plan begins. Undefined if the pages are not in
 * that order.
 */
async function listOlder(plan: TagPlan, session: PurgeSession): Promise<RemainingDocuments | undefined> {
  let newer = 0;
  const order = new NewestFirst();
  for (let page = 1; ; page += 1) {
    const response = await listPage(plan, page, session);
    const isComplete = page === 1 && response.rows.length === response.total;
    if (!order.next(response) && !isComplete) return undefined;
    const rows = ofPlan(plan, response);
    newer += response.rows.length - rows.length;
    if (rows.length > 0 || response.rows.length === 0 || newer >= response.total) {
      const left = Math.max(0, response.total - newer);
      const numbers = { total: response.total, ofPlan: left, written: newer, others: 0 };
      return { ...numbers, page, isWhole: false, ...summary(plan, rows) };
    }
  }
}

/** @throws SupermemoryError if the plan did not see every document */
async function listMembers(
  plan: TagPlan,
  session: PurgeSession,
  ownDeletions?: () => number,
): Promise<RemainingDocuments> {
  if (plan.members === undefined) throw outOfOrder(plan.containerTag);
  const found = await listWhole(plan, plan.members, session, ownDeletions);
  // A purge by tag keeps no older documents, so all others came later.
  return { ...found, written: found.written + found.others, others: 0 };
}

/** Documents that are kept, or that came later, may be anywhere among those of the plan. */
async function listWhole(
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
  return { total, ofPlan: left, written, others, page: 1, isWhole: true, ...summary(plan, rows) };
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
