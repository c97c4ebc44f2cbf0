import { type HttpResponse, HttpProblem, json } from "../http/response";
import { requireTags } from "../http/keys";
import type { StoredDocument } from "../store/documents";
import { type Call, param, parseBody } from "../api/call";
import { memoriesOf, memoryCount } from "../api/memories";
import { pageOf, paginationOf } from "../api/paging";
import { filepathFits, metadataFilter } from "./filters";
import { documentRow, listRow, memoryEntry, processingRow } from "./rows";
import { type ListBody, listBody, memoryListBody } from "./schemas";
import { canAccess, requireDocument } from "./access";

/** GET /v3/documents/{id}: by id or customId. */
export function getDocument(call: Call): HttpResponse {
  const { store, behaviour } = call.world;
  return json(documentRow(behaviour, store.read(requireDocument(call, param(call, "id")))));
}

/** POST /v3/documents/list. */
export function listDocuments(call: Call): HttpResponse {
  const { rows: memories, pagination } = list(call);
  return json({ memories, pagination });
}

/** POST /v3/documents/documents: not in the OpenAPI document. The vendor's command line uses it. */
export function listForCommandLine(call: Call): HttpResponse {
  const { rows: documents, pagination } = list(call);
  return json({ documents, pagination });
}

/** POST /v4/memories/list: memories without history. `filters` is not emulated, and lists all of them. */
export function listMemories(call: Call): HttpResponse {
  const { containerTags, ...query } = parseBody(memoryListBody, call.body);
  const { behaviour, store } = call.world;
  requireTags(call.key, containerTags);
  const containers = [...new Set(containerTags)].flatMap((tag) => store.containers.get(tag) ?? []);
  const total = containers.reduce((sum, container) => sum + memoryCount(behaviour, container), 0);
  const rows = memoriesOf(call.world, containers, query);
  return json({ memoryEntries: rows.map(memoryEntry), pagination: paginationOf(query, total) });
}

/** GET /v3/documents/processing. */
export function listProcessing(call: Call): HttpResponse {
  const { store, behaviour } = call.world;
  const slots = store.processing.slots().filter((slot) => canAccess(call, slot));
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

/** Without tags in the request a scoped key lists its own. */
function tagsListed({ key }: Call, { containerTags }: ListBody): readonly string[] {
  return [...new Set(containerTags?.length ? containerTags : (key.containerTags ?? []))];
}

function narrowing({ filters, filepath }: ListBody): ((document: StoredDocument) => boolean) | undefined {
  if (filters === undefined && filepath === undefined) return undefined;
  const fits = metadataFilter(filters);
  return (document) => fits(document.metadata ?? {}) && filepathFits(filepath, document.filepath);
}
