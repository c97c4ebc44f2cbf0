import { type DocumentPage, type DocumentRow, pageSize } from "../client/api";
import { inParallel } from "../util/pool";
import { contextOf } from "./context";
import { NewestFirst, outOfOrder } from "./order";
import { listAll } from "./pages";
import { otherTags } from "./plan";
import type { Verdict } from "./select";
import type { PurgeSession, TagPlan } from "./types";

/** Documents that are deleted by id between two lists, so that memory stays flat. */
const windowSize = 1_600;

/** What remains of a plan in one list. Documents outside the plan, such as newer ones, are counted separately. */
export interface RemainingDocuments extends Omit<Review, "toDelete"> {
  /** Documents under the tag. */
  readonly total: number;
  readonly ofPlan: number;
  /** Documents that were written after the plan. */
  readonly written: number;
  /** Older documents that are not part of the plan, or not any more. */
  readonly others: number;
  /** Ids of some documents of the plan; `nextPage` finds more. */
  readonly ids: readonly string[];
  /** How many of those the API is still processing. */
  readonly processing: number;
  /** Other tags that those carry. */
  readonly alsoCarried: ReadonlyMap<string, number>;
  /** Other tags of all documents that were listed. */
  readonly carried: ReadonlyMap<string, number>;
  /** createdAt of the newest document that was listed. */
  readonly newest: number;
  /** Which of the `missed` documents the list contains. */
  readonly found: ReadonlySet<string>;
  /** Those documents, and the page that contained them. */
  readonly rows: readonly DocumentRow[];
  readonly page: number;
  /** The whole container was listed, because kept documents or a wrong order may hide some of the plan. */
  readonly isWhole: boolean;
}

/** What a second decision says about documents of a plan by ids. */
export interface Review {
  readonly toDelete: readonly DocumentRow[];
  /** Documents that must be kept now, and why. */
  readonly kept: ReadonlyMap<string, string>;
  /** With sharedDocuments "refuse", see `TagPlan`. */
  readonly outside: TagPlan["outside"];
}

export interface ListOptions {
  /** Decides again about a document of a plan by ids. */
  readonly judge: (row: DocumentRow) => Verdict;
  /** Ids to look for. */
  readonly missed: ReadonlySet<string>;
  /** See `listAll`. */
  readonly ownDeletions: () => number;
}

/** Lists what remains of a plan. */
export async function listRemaining(
  plan: TagPlan,
  session: PurgeSession,
  options: ListOptions,
): Promise<RemainingDocuments> {
  if (plan.ids !== undefined) return await listWhole(plan, plan.ids, session, options);
  return (await listOlder(plan, session)) ?? (await listMembers(plan, session, options.ownDeletions));
}

/** Lists a container until it has found these documents of a plan, and no further. */
export async function findDocuments(
  { containerTag, ids: planned }: TagPlan,
  ids: readonly string[],
  session: PurgeSession,
): Promise<{ readonly rows: readonly DocumentRow[]; readonly missing: ReadonlySet<string> }> {
  const missing = new Set(ids);
  const rows: DocumentRow[] = [];
  // A plan by ids is deleted from its oldest document on, what is left of another one from its newest.
  const order = planned === undefined ? "desc" : "asc";
  for (let [page, listed] = [1, 0]; ; page += 1) {
    const response = await session.api.list({ containerTag, page, order }, contextOf(session));
    listed += response.rows.length;
    rows.push(...response.rows.filter(({ id }) => missing.delete(id)));
    if (missing.size === 0 || response.rows.length === 0 || listed >= response.total) return { rows, missing };
  }
}

/** Decides again about documents of a plan by ids. What another container's plan includes is still to be deleted. */
export function review(rows: readonly DocumentRow[], judge: ListOptions["judge"]): Review {
  const toDelete: DocumentRow[] = [];
  const kept = new Map<string, string>();
  let outside: TagPlan["outside"];
  for (const row of rows) {
    const verdict = judge(row);
    if (verdict.kind === "keep") kept.set(row.id, verdict.reason);
    else toDelete.push(row);
    if (verdict.kind === "delete" && verdict.outside !== undefined) {
      outside = {
        documents: (outside?.documents ?? 0) + 1,
        containerTag: outside?.containerTag ?? verdict.outside,
      };
    }
  }
  return { toDelete, kept, outside };
}

/** The remaining documents with as many ids as are deleted between two lists. */
export async function nextPage(
  remaining: RemainingDocuments,
  plan: TagPlan,
  session: PurgeSession,
  ownDeletions: () => number,
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
  const listed: DocumentRow[] = [];
  const order = new NewestFirst();
  for (let page = 1; ; page += 1) {
    const response = await listPage(plan, page, session);
    const isComplete = page === 1 && response.rows.length === response.total;
    if (!order.next(response) && !isComplete) return undefined;
    listed.push(...response.rows);
    const rows = ofPlan(plan, response);
    const newer = listed.length - rows.length;
    if (rows.length > 0 || response.rows.length === 0 || newer >= response.total) {
      const left = Math.max(0, response.total - newer);
      const numbers = { total: response.total, ofPlan: left, written: newer, others: 0, isWhole: false };
      return { ...nothingDecided, ...numbers, page, ...overview(plan, listed), ...summary(plan, rows) };
    }
  }
}

/** @throws SupermemoryError if the plan did not see every document */
async function listMembers(
  plan: TagPlan,
  session: PurgeSession,
  ownDeletions: () => number,
): Promise<RemainingDocuments> {
  if (plan.members === undefined) throw outOfOrder(plan.containerTag);
  const judge = (): Verdict => ({ kind: "delete" });
  const found = await listWhole(plan, plan.members, session, { judge, missed: new Set(), ownDeletions });
  // A purge by tag keeps no older documents, so all others came later.
  return { ...found, written: found.written + found.others, others: 0 };
}

/** Documents that are kept, or that came later, may be anywhere among those of the plan. */
async function listWhole(
  plan: TagPlan,
  planned: ReadonlySet<string>,
  session: PurgeSession,
  { judge, missed, ownDeletions }: ListOptions,
): Promise<RemainingDocuments> {
  const start = () => ({
    ...{ left: 0, written: 0, others: 0, newest: plan.newest },
    ...{ rows: [] as DocumentRow[], kept: new Map<string, string>(), found: new Set<string>() },
    carried: new Map<string, number>(),
    outside: undefined as TagPlan["outside"],
  });
  let now = start();
  const total = await listAll(
    plan.containerTag,
    session,
    {
      begin: () => {
        now = start();
      },
      row: (row) => {
        now.newest = Math.max(now.newest, row.createdAt);
        // By ids, `judge` reads the tags.
        if (plan.ids === undefined) {
          for (const tag of otherTags([row], plan.containerTag).keys()) {
            now.carried.set(tag, (now.carried.get(tag) ?? 0) + 1);
          }
        }
        if (missed.has(row.id)) now.found.add(row.id);
        if (row.createdAt > plan.newest) now.written += 1;
        else if (!planned.has(row.id)) now.others += 1;
        else {
          const { kept, outside } = review([row], judge);
          for (const [id, reason] of kept) now.kept.set(id, reason);
          if (outside !== undefined) now.outside = { ...outside, documents: (now.outside?.documents ?? 0) + 1 };
          if (kept.size > 0) now.others += 1;
          else {
            now.left += 1;
            if (now.rows.length < windowSize) now.rows.push(row);
          }
        }
      },
    },
    ownDeletions,
  );
  const { carried, found, kept, left, newest, others, outside, rows, written } = now;
  const lists = { total, ofPlan: left, written, others, page: 1, isWhole: true, newest, carried };
  return { ...lists, found, kept, outside, ...summary(plan, rows) };
}

/** Without a plan by ids there is nothing to decide about single documents. */
const nothingDecided = {
  kept: new Map<string, string>(),
  outside: undefined,
  found: new Set<string>(),
} as const;

function overview(
  { containerTag, newest }: TagPlan,
  rows: readonly DocumentRow[],
): Pick<RemainingDocuments, "carried" | "newest"> {
  return {
    carried: otherTags(rows, containerTag),
    newest: rows.reduce((latest, { createdAt }) => Math.max(latest, createdAt), newest),
  };
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
