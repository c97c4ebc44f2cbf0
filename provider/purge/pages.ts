import { type DocumentRow, type ListQuery, pageSize } from "../client/api";
import { SupermemoryError } from "../errors";
import { contextOf } from "./context";
import { inParallel } from "./pool";
import type { PurgeTools } from "./types";

/** A list whose pages shift, because documents vanish, is made anew this often; the waits between take half a minute. */
const tries = 8;

/**
 * Shows `see` every document under a tag, oldest first, so that what is written meanwhile shifts no page; pages at the
 * same time. `begin` is called before the first row, again each time the list has to be begun anew.
 *
 * @returns the documents under the tag, by the first page
 * @throws SupermemoryError when documents keep vanishing while they are listed, so that some could be overlooked
 */
export async function seeAll(
  containerTag: string,
  tools: PurgeTools,
  see: { readonly begin: () => void; readonly row: (row: DocumentRow) => void },
): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    see.begin();
    const total = await seeOnce(containerTag, tools, see.row);
    if (total !== undefined) return total;
    const vanished = `documents of ${containerTag} vanished while it was listed: something else deletes there`;
    if (attempt === tries) throw new SupermemoryError(`${vanished}; run the command again when it is done`);
    tools.onStatus(`listing ${containerTag} anew: documents vanish from it`);
    await tools.deadline.sleep(250 * 2 ** (attempt - 1), vanished);
  }
}

/** Undefined when documents vanished meanwhile, so that others moved to a page that was listed before. */
async function seeOnce(
  containerTag: string,
  tools: PurgeTools,
  see: (row: DocumentRow) => void,
): Promise<number | undefined> {
  const list = async (page: number): Promise<number> => {
    const query: ListQuery = { containerTag, page, order: "asc" };
    const { rows, total } = await tools.api.list(query, contextOf(tools));
    rows.forEach(see);
    return total;
  };
  const total = await list(1);
  let least = total;
  await inParallel(pagesAfterFirst(total), tools.concurrency, async (page) => {
    least = Math.min(least, await list(page));
  });
  return least < total ? undefined : total;
}

function* pagesAfterFirst(total: number): Generator<number> {
  for (let page = 2; (page - 1) * pageSize < total; page += 1) yield page;
}
