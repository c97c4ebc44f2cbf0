import type { SortField } from "../store/container";
import type { StoredDocument } from "../store/documents";
import type { Order } from "../store/ordered-index";
import type { World } from "./call";

/** Which documents a list asks for. */
export interface PageQuery {
  /** Documents with any of these tags; of all when it is empty. */
  readonly tags: readonly string[];
  readonly page: number;
  readonly limit: number;
  readonly sort: SortField;
  readonly order: Order;
  /** Narrows the documents; undefined: all of them. */
  readonly fits: ((document: StoredDocument) => boolean) | undefined;
}

interface Page {
  readonly documents: readonly StoredDocument[];
  readonly total: number;
}

/** One page of documents, lagging deletions included. Counts as one list for those. */
export function pageOf({ store, ghosts }: World, query: PageQuery): Page {
  const { tags, page, limit } = query;
  const shown = ghosts.appear(tags);
  const [tag, ...others] = tags;
  if (others.length > 0 || shown.length > 0 || query.fits !== undefined) return searchedPage(store, query, shown);
  const listing = tag === undefined ? store.everything : store.containers.get(tag)?.documents;
  if (listing === undefined) return { documents: [], total: 0 };
  const slots = listing.page(query.sort, query.order, (page - 1) * limit, limit, store.updatedAtOf);
  return { documents: slots.map((slot) => store.read(slot)), total: listing.size };
}

/** The `pagination` of an answer. */
export function paginationOf({ page, limit }: Pick<PageQuery, "page" | "limit">, total: number) {
  return { currentPage: page, limit, totalItems: total, totalPages: Math.ceil(total / limit) };
}

/** Several tags, filters and lagging deletions are looked up by going through the containers: exact, but linear. */
function searchedPage(store: World["store"], query: PageQuery, shown: readonly StoredDocument[]): Page {
  const { tags, fits, sort, order, page, limit } = query;
  const listings = tags.length === 0 ? [store.everything] : tags.map((tag) => store.containers.get(tag)?.documents);
  const slots = new Set(listings.flatMap((listing) => listing?.all() ?? []));
  const found = [...shown, ...Array.from(slots, (slot) => store.read(slot))].filter(fits ?? (() => true));
  const direction = order === "asc" ? 1 : -1;
  found.sort((left, right) => direction * (left[sort] - right[sort]));
  const offset = (page - 1) * limit;
  return { documents: found.slice(offset, offset + limit), total: found.length };
}
