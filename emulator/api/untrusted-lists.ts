import type { StoredDocument } from "../store/documents";
import type { Store } from "../store/store";
import type { Behaviour } from "./behaviour";
import type { SortField } from "../store/container";
import type { Order } from "../store/ordered-index";

interface Sorting {
  readonly sort: SortField;
  readonly order: Order;
}

/** The total of every list that is not empty, with `listTotals` huge. */
const HUGE_TOTAL = 10 ** 12;

/** Whether a list of documents under `asked` includes those under `stored`. */
export function matchesTag({ listFilter }: Behaviour, asked: string, stored: string): boolean {
  switch (listFilter) {
    case "exact":
      return stored === asked;
    case "none":
      return true;
    case "prefix":
      return stored.startsWith(asked);
    case "ignoreCase":
      return stored.toLowerCase() === asked.toLowerCase();
  }
}

/** The containers that a list of these tags includes; none: all documents. */
export function tagsListed(behaviour: Behaviour, { containers }: Store, tags: readonly string[]): readonly string[] {
  if (behaviour.listFilter === "exact" || tags.length === 0) return tags;
  if (behaviour.listFilter === "none") return [];
  const found = [...containers.keys()].filter((stored) => tags.some((asked) => matchesTag(behaviour, asked, stored)));
  // An empty list would stand for all documents.
  return found.length === 0 ? tags : found;
}

/** The order of a list, which may ignore what the request asks for. */
export function orderOf({ listOrder }: Behaviour, query: Sorting): Sorting {
  switch (listOrder) {
    case "kept":
    case "byId":
      return query;
    case "oldestFirst":
      return { sort: "createdAt", order: "asc" };
    case "newestFirst":
      return { sort: "createdAt", order: "desc" };
  }
}

/** Sorts by id, which has nothing to do with dates. */
export function byId(left: StoredDocument, right: StoredDocument): number {
  return left.id < right.id ? -1 : 1;
}

export function totalOf({ listTotals }: Behaviour, total: number): number {
  return listTotals === "huge" && total > 0 ? HUGE_TOTAL : total;
}
