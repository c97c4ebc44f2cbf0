import type { DocumentPage, DocumentRow } from "../client/api";
import { keepDocuments, SupermemoryError } from "../errors";

/**
 * The order of the pages of one list, newest first. A delete by tag reads only the first pages, so it relies on the
 * order in its request. A server may ignore that order.
 */
export class NewestFirst {
  readonly #seen = new Set<string>();
  #oldest = Number.POSITIVE_INFINITY;
  #firstTotal: number | undefined;

  /**
   * Reads the next page.
   *
   * @returns whether it is in order. It may contain as many new documents as were written since the first page
   */
  next({ rows, total }: DocumentPage): boolean {
    this.#firstTotal ??= total;
    const early = rows.filter(({ createdAt, id }) => createdAt > this.#oldest && !this.#seen.has(id));
    for (const { createdAt, id } of rows) {
      this.#seen.add(id);
      this.#oldest = Math.min(this.#oldest, createdAt);
    }
    return isNewestFirst(rows) && early.length <= Math.max(0, total - this.#firstTotal);
  }
}

export function isNewestFirst(rows: readonly Pick<DocumentRow, "createdAt">[]): boolean {
  return rows.every(({ createdAt }, index) => createdAt <= (rows[index - 1]?.createdAt ?? Infinity));
}

/** The pages of a list contradict its order, and the ids of the plan are not known, so nothing shows what remains. */
export function outOfOrder(containerTag: string): SupermemoryError {
  return new SupermemoryError(`the list of ${containerTag} is not in the order of the request (newest first)`, [
    'to delete exactly the listed documents, set deleteBy: "ids"',
    keepDocuments,
  ]);
}
