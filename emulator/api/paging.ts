import type { SortField } from "../store/container";
import type { StoredDocument } from "../store/documents";
import type { Order } from "../store/ordered-index";
import type { Behaviour } from "./behaviour";
import type { World } from "./call";

/** The documents that a list asks for. */
export interface PageQuery {
  /** Documents with any of these tags; all documents when it is empty. */
  readonly tags: readonly string[];
  readonly page: number;
  readonly limit: number;
  readonly sort: SortField;
  readonly order: Order;
  /** Which documents to include; undefined: all of them. */
  readonly fits: ((document: StoredDocument) => boolean) | undefined;
}

interface Page {
  readonly documents: readonly StoredDocument[];
  readonly total: number;
}

/** One page of documents, including the deleted ones of the stale index, for which it counts as one list. */
export function pageOf({ behaviour, store, staleIndex }: World, asked: PageQuery): Page {
  const query = { ...asked, sort: sortedBy(behaviour, asked.sort) };
  const { tags, page, limit } = query;
  const stale = staleIndex.list(tags);
  const [tag, ...others] = tags;
  if (others.length > 0 || stale.length > 0 || query.fits !== undefined) return searchedPage(store, query, stale);
  const listing = tag === undefined ? store.everything : store.containers.get(tag)?.documents;
  if (listing === undefined) return { documents: [], total: 0 };
  const slots = listing.page(query.sort, query.order, (page - 1) * limit, limit, store.updatedAtOf);
  return { documents: slots.map((slot) => store.read(slot)), total: listing.size };
}

/** The `pagination` of a response. */
export function paginationOf({ page, limit }: Pick<PageQuery, "page" | "limit">, total: number) {
  return { currentPage: page, limit, totalItems: total, totalPages: Math.ceil(total / limit) };
}

/** The order of a list: the one asked for, unless `updatedOrder` makes the API ignore it. */
export function sortedBy({ updatedOrder }: Behaviour, sort: SortField): SortField {
  return updatedOrder === "ignored" ? "createdAt" : sort;
}

/** Reads every document of the containers, as several tags, filters and stale documents need. Exact, but linear. */
function searchedPage(store: World["store"], query: PageQuery, stale: readonly StoredDocument[]): Page {
  const { tags, fits, sort, order, page, limit } = query;
  const listings = tags.length === 0 ? [store.everything] : tags.map((tag) => store.containers.get(tag)?.documents);
  const slots = new Set(listings.flatMap((listing) => listing?.all() ?? []));
  const found = [...stale, ...Array.from(slots, (slot) => store.read(slot))].filter(fits ?? (() => true));
  const direction = order === "asc" ? 1 : -1;
  found.sort((left, right) => direction * (left[sort] - right[sort]));
  const offset = (page - 1) * limit;
  return { documents: found.slice(offset, offset + limit), total: found.length };
}
