import { type Call, param } from "../api/call";
import { memoriesOf, memoryCount, type MemoryQuery } from "../api/memories";
import { pageOf, paginationOf } from "../api/paging";
import { HttpProblem, type HttpResponse, json, problem } from "../http/response";
import type { Metadata } from "../store/documents";
import { type Filter, levelsOf, MAX_LEVELS, passes } from "./filter";
import { findIn, namespaceNotFound, requireNamespace } from "./namespace";
import { invalidInput, parseInput } from "./parse";
import { documentRow, listRow, memoryRow } from "./rows";
import { documentPath, includeQuery, listBody, type ListInclude, listPath, listQuery } from "./schemas";

/** GET /ns/{namespace}/document/{id}: by id or caller-defined id. Included chunks and memories are empty arrays, because the emulator extracts nothing. */
export function getDocument(call: Call): HttpResponse {
  const namespace = requireNamespace(call);
  const { id } = parseInput(call, documentPath, { id: param(call, "id") });
  const include = call.query.getAll("include").flatMap((names) => names.split(","));
  const included = parseInput(call, includeQuery, { include }).include;
  const slot = findIn(call, namespace, id);
  if (slot === undefined)
    throw new HttpProblem(404, "Document not found", `no document of ${namespace} has the id ${id}`);
  const children = Object.fromEntries(included.map((name) => [name, []]));
  return json({ ...documentRow(call.world.behaviour, call.world.store.read(slot)), ...children });
}

/** POST /ns/{namespace}/list/{type}: documents or memories. The emulator has no chunks. */
export function listResources(call: Call): HttpResponse {
  const namespace = requireNamespace(call);
  const { type } = parseInput(call, listPath, { type: call.params["type"] });
  const query = Object.fromEntries(call.query);
  const { sort, ...paging } = parseInput(call, listQuery, query);
  const { behaviour, store } = call.world;
  const body = parseInput(call, listBody[behaviour.v5Release], call.body === undefined ? {} : call.body);
  const { filter } = body;
  checkLevels(call, filter);
  if (type === "chunks") return problem(501, "Not emulated", "the emulator lists documents and memories, not chunks");
  if (sort === "position") {
    throw invalidInput(call, query, [{ message: "position is only available for chunks", path: ["sort"] }]);
  }
  const list = type === "documents" ? documentsPage : memoriesPage;
  const { total, ...rows } = list(call, namespace, { ...paging, sort }, body);
  if (total === 0 && !store.containers.has(namespace) && behaviour.unknownNamespace === "notFound") {
    throw namespaceNotFound(namespace);
  }
  return json({ documents: [], chunks: [], memories: [], ...rows, pagination: paginationOf(paging, total) });
}

/** The body of a list request. */
interface ListRequest {
  readonly filter?: Filter | undefined;
  readonly include?: ListInclude | undefined;
}

function documentsPage({ world }: Call, namespace: string, query: MemoryQuery, { filter, include = {} }: ListRequest) {
  const fits =
    filter === undefined
      ? undefined
      : ({ metadata = {} }: { readonly metadata?: Metadata | undefined }) => passes(filter, metadata);
  const { documents, total } = pageOf(world, { ...query, tags: [namespace], fits });
  return { documents: documents.map((document) => listRow(world.behaviour, document, include)), total };
}

/** Memories have no metadata here, so a filter passes all or none. */
function memoriesPage({ world }: Call, namespace: string, query: MemoryQuery, { filter }: ListRequest) {
  const container = world.store.containers.get(namespace);
  if (container === undefined || (filter !== undefined && !passes(filter, {}))) return { memories: [], total: 0 };
  const memories = memoriesOf(world, [container], query).map(memoryRow);
  return { memories, total: memoryCount(world.behaviour, container) };
}

function checkLevels(call: Call, filter: Filter | undefined): void {
  if (filter === undefined || levelsOf(filter) <= MAX_LEVELS) return;
  throw invalidInput(call, call.body, [{ message: `nested deeper than ${MAX_LEVELS} levels`, path: ["filter"] }]);
}
