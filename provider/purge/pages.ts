import type { DocumentPage, DocumentRow } from "../client/api";
import { keepDocuments, SupermemoryError } from "../errors";
import { count, documents } from "../util/format";
import { inParallel } from "../util/pool";
import { contextOf } from "./context";
import type { PurgeSession } from "./types";

/** How often a list is tried whose pages shift because documents disappear. The waits in between take half a minute. */
const tries = 8;

/** The most documents of one list. A list that reports more is not believed, nor kept in memory. */
const maxDocuments = 1_000_000;

/** What a list calls. */
export interface Listener {
  /** Called before the first row, and again each time the list starts over. */
  readonly begin: () => void;
  /** Called with the total of the first page, before its rows. Throws to stop. */
  readonly total?: (total: number) => void;
  readonly row: (row: DocumentRow) => void;
}

/**
 * Lists every document under a tag once, oldest first, so that new documents shift no page. Pages are requested in
 * parallel.
 *
 * @param ownDeletions how many documents this purge has deleted so far
 * @returns the number of documents under the tag, from the first page
 * @throws SupermemoryError if documents keep disappearing during the list, so that it could skip some
 */
export async function listAll(
  containerTag: string,
  session: PurgeSession,
  on: Listener,
  ownDeletions: () => number = () => 0,
): Promise<number> {
  for (let [attempt, pass] = [1, 1]; ; pass += 1) {
    on.begin();
    const before = ownDeletions();
    const { least, seen, total } = await listOnce(containerTag, session, on);
    if (seen >= total && least >= total) return total;
    const [problem, hints] =
      least < total
        ? [
            `documents in ${containerTag} kept disappearing while they were listed`,
            ["stop whatever deletes them, then run the same command again"],
          ]
        : [
            `the list of ${containerTag} reports ${documents(total)} (pagination.totalItems) but contains ${count(seen)}`,
          ];
    // Deletes of this purge in another container may shift these pages too. Only deletes of others use up the tries.
    if (ownDeletions() === before && attempt++ === tries) throw new SupermemoryError(problem, hints);
    session.onStatus(`listing ${containerTag} again, because it changed`);
    await session.deadline.sleep(Math.min(250 * 2 ** (pass - 1), 16_000), problem);
  }
}

interface Pass {
  readonly total: number;
  /** The lowest total of any page. A lower one than the first means that documents moved to other pages. */
  readonly least: number;
  /** Different documents. Of many with the same date, one may be on two pages and another on none. */
  readonly seen: number;
}

async function listOnce(containerTag: string, session: PurgeSession, on: Listener): Promise<Pass> {
  const seen = new Set<string>();
  const list = async (page: number): Promise<DocumentPage> =>
    await session.api.list({ containerTag, page, order: "asc" }, contextOf(session));
  /** Returns whether the page has a row that no page before it had. */
  const read = ({ rows }: DocumentPage): boolean => {
    const before = seen.size;
    for (const row of rows) {
      if (seen.has(row.id)) continue;
      seen.add(row.id);
      on.row(row);
    }
    return seen.size > before;
  };
  const first = await list(1);
  const { total } = first;
  session.onListed?.(containerTag, total);
  on.total?.(total);
  refuseEndless(containerTag, total);
  read(first);
  let [least, goesOn] = [total, true];
  // The API may return smaller pages than requested.
  await inParallel(
    pagesAfterFirst(total, first.rows.length, () => goesOn),
    session.concurrency,
    async (page) => {
      const response = await list(page);
      least = Math.min(least, response.total);
      // After an empty page, or one that only repeats others, no total is a reason to go on.
      goesOn = read(response) && goesOn;
    },
  );
  return { total, least, seen: seen.size };
}

function refuseEndless(containerTag: string, total: number): void {
  if (total <= maxDocuments) return;
  throw new SupermemoryError(
    `the list of ${containerTag} reports ${documents(total)} (pagination.totalItems), more than the ${count(maxDocuments)} that a purge by ids lists`,
    ["check that the base URL is the address of the API", keepDocuments],
  );
}

function* pagesAfterFirst(total: number, step: number, goesOn: () => boolean): Generator<number> {
  for (let page = 2; (page - 1) * step < total && goesOn(); page += 1) yield page;
}
