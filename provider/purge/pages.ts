import type { DocumentPage, DocumentRow, ListQuery } from "../client/api";
import { SupermemoryError } from "../errors";
import { contextOf } from "./context";
import { differentAmong, hash } from "./packed-ids";
import { inParallel } from "../util/pool";
import type { PurgeSession } from "./types";
import { count, documents } from "../util/format";

/** A list whose pages shift, because documents vanish, is made anew this often; the waits between take half a minute. */
const tries = 8;

/**
 * Shows `see` every document under a tag, oldest first, so that what is written meanwhile shifts no page; pages at the
 * same time. `begin` is called before the first row, again each time the list has to be begun anew.
 *
 * @param ownDeletions how many documents this purge has deleted so far
 * @returns the documents under the tag, by the first page
 * @throws SupermemoryError when documents keep vanishing while they are listed, so that some could be overlooked
 */
export async function seeAll(
  containerTag: string,
  session: PurgeSession,
  see: { readonly begin: () => void; readonly row: (row: DocumentRow) => void },
  ownDeletions: () => number = () => 0,
): Promise<number> {
  for (let [attempt, pass] = [1, 1]; ; pass += 1) {
    see.begin();
    const before = ownDeletions();
    const { least, seen, total } = await seeOnce(containerTag, session, see.row);
    if (seen >= total && least >= total) return total;
    const problem =
      least < total
        ? `documents of ${containerTag} vanished while it was listed: something else deletes there; run the command again when that is done`
        : `the list of ${containerTag} says ${documents(total)} (pagination.totalItems) and shows ${count(seen)}`;
    // Another container of this purge may share documents with this one; only what others do is given up on.
    if (ownDeletions() === before && attempt++ === tries) throw new SupermemoryError(problem);
    session.onStatus(`listing ${containerTag} anew, since it changed meanwhile`);
    await session.deadline.sleep(Math.min(250 * 2 ** (pass - 1), 16_000), problem);
  }
}

/** What one pass through the pages came to: fewer documents in the end than at first shift the rest to other pages. */
interface Pass {
  readonly total: number;
  readonly least: number;
  /** Different documents: where many have the same date, one may come on two pages, and another then on none. */
  readonly seen: number;
}

async function seeOnce(containerTag: string, session: PurgeSession, see: (row: DocumentRow) => void): Promise<Pass> {
  const hashes: number[] = [];
  const list = async (page: number): Promise<DocumentPage> => {
    const query: ListQuery = { containerTag, page, order: "asc" };
    const answer = await session.api.list(query, contextOf(session));
    for (const row of answer.rows) {
      hashes.push(hash(row.id));
      see(row);
    }
    return answer;
  };
  const { rows, total } = await list(1);
  let least = total;
  // The API may page in smaller steps than it was asked to.
  await inParallel(pagesAfterFirst(total, rows.length), session.concurrency, async (page) => {
    const answer = await list(page);
    least = Math.min(least, answer.total);
  });
  return { total, least, seen: differentAmong(hashes) };
}

function* pagesAfterFirst(total: number, step: number): Generator<number> {
  for (let page = 2; (page - 1) * step < total; page += 1) yield page;
}
