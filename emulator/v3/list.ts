import { type Answer, HttpProblem, json } from "../http/answer";
import { requireTags } from "../http/keys";
import type { StoredDocument } from "../store/documents";
import { type Call, parseBody } from "../api/call";
import { pageOf, paginationOf } from "../api/paging";
import { filepathFits, metadataFilter } from "./filters";
import { listRow, processingRow } from "./rows";
import { type ListBody, listBody } from "./schemas";
import { maySee } from "../api/visibility";

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
  const { store, behaviour } = call.world;
  const slots = store.processing.slots().filter((slot) => maySee(call, slot));
  return json({ documents: slots.map((slot) => processingRow(behaviour, store.read(slot))), totalCount: slots.length });
}

function list(call: Call): { readonly rows: readonly unknown[]; readonly pagination: unknown } {
  const body = parseBody(listBody, call.body ?? {});
  const { behaviour } = call.world;
  const { maxListLimit } = behaviour;
  if (body.limit > maxListLimit) {
    throw new HttpProblem(400, "Invalid request parameters", `limit: ${body.limit} is more than ${maxListLimit}`);
  }
  requireTags(call.key, body.containerTags ?? []);
  const { documents, total } = pageOf(call.world, { ...body, tags: tagsListed(call, body), fits: narrowing(body) });
  return {
    rows: documents.map((document) => listRow(behaviour, document, body.includeContent)),
    pagination: paginationOf(body, total),
  };
}

/** A scoped key that names no tag lists its own. */
function tagsListed({ key }: Call, { containerTags }: ListBody): readonly string[] {
  return [...new Set(containerTags?.length ? containerTags : (key.containerTags ?? []))];
}

function narrowing({ filters, filepath }: ListBody): ((document: StoredDocument) => boolean) | undefined {
  if (filters === undefined && filepath === undefined) return undefined;
  const fits = metadataFilter(filters);
  return (document) => fits(document.metadata ?? {}) && filepathFits(filepath, document.filepath);
}
