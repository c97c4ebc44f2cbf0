import { type Answer, HttpProblem, json } from "../http/answer";
import { requireTags } from "../http/keys";
import type { StoredDocument } from "../store/documents";
import { type Call, parseBody } from "./call";
import { filepathFits, metadataFilter } from "./filters";
import { listRow, processingRow } from "./rows";
import { type ListBody, listBody } from "./schemas";
import { maySee } from "./visibility";

/** POST /v3/documents/list. */
export function listDocuments(call: Call): Answer {
  const { rows: memories, pagination } = list(call);
  return json({ memories, pagination });
}

/** POST /v3/documents/documents: not in the OpenAPI document; the vendor's command line lists with it. */
export function listForCommandLine(call: Call): Answer {
  const { rows: documents, pagination } = list(call);
  return json({ documents, pagination });
}

/** GET /v3/documents/processing. */
export function listProcessing(call: Call): Answer {
  const { store } = call.world;
  const slots = store.processing.slots().filter((slot) => maySee(call, slot));
  return json({ documents: slots.map((slot) => processingRow(store.read(slot))), totalCount: slots.length });
}

function list(call: Call): { readonly rows: readonly unknown[]; readonly pagination: unknown } {
  const body = parseBody(listBody, call.body ?? {});
  const { maxListLimit } = call.world.behaviour;
  if (body.limit > maxListLimit) {
    throw new HttpProblem(400, "Invalid request parameters", `limit: ${body.limit} is more than ${maxListLimit}`);
  }
  requireTags(call.key, body.containerTags ?? []);
  const { documents, total } = pageOf(call, body);
  return {
    rows: documents.map((document) => listRow(document, body.includeContent)),
    pagination: {
      currentPage: body.page,
      limit: body.limit,
      totalItems: total,
      totalPages: Math.ceil(total / body.limit),
    },
  };
}

interface Page {
  readonly documents: readonly StoredDocument[];
  readonly total: number;
}

/** A scoped key that names no tag lists its own. */
function pageOf(call: Call, body: ListBody): Page {
  const { store, ghosts } = call.world;
  const tags = [...new Set(body.containerTags?.length ? body.containerTags : (call.key.containerTags ?? []))];
  const shown = ghosts.appear(tags);
  if (tags.length > 1 || shown.length > 0 || body.filters !== undefined || body.filepath !== undefined) {
    return searchedPage(call, body, tags, shown);
  }
  const [tag] = tags;
  const listing = tag === undefined ? store.everything : store.containers.get(tag)?.documents;
  if (listing === undefined) return { documents: [], total: 0 };
  const slots = listing.page(body.sort, body.order, (body.page - 1) * body.limit, body.limit, store.updatedAtOf);
  return { documents: slots.map((slot) => store.read(slot)), total: listing.size };
}

/** Several tags, filters and lagging deletions are looked up by going through the containers: exact, but linear. */
function searchedPage(call: Call, body: ListBody, tags: readonly string[], shown: readonly StoredDocument[]): Page {
  const { store } = call.world;
  const listings = tags.length === 0 ? [store.everything] : tags.map((tag) => store.containers.get(tag)?.documents);
  const slots = new Set(listings.flatMap((listing) => listing?.all() ?? []));
  const fits = metadataFilter(body.filters);
  const found = [...shown, ...Array.from(slots, (slot) => store.read(slot))].filter(
    (document) => fits(document.metadata ?? {}) && filepathFits(body.filepath, document.filepath),
  );
  const direction = body.order === "asc" ? 1 : -1;
  found.sort((left, right) => direction * (left[body.sort] - right[body.sort]));
  const offset = (body.page - 1) * body.limit;
  return { documents: found.slice(offset, offset + body.limit), total: found.length };
}
