import type { Call } from "../api/call";
import { memoriesOf, memoryCount, type MemoryQuery } from "../api/memories";
import { pageOf, paginationOf } from "../api/paging";
import { type Answer, json, problem } from "../http/answer";
import type { Metadata } from "../store/documents";
import { levelsOf, MAX_LEVELS, passes } from "./filter";
import type { Filter } from "./filter-schema";
import { namespaceNotFound, requireNamespace } from "./namespace";
import { invalidInput, parseInput } from "./parse";
import { listRow, memoryRow } from "./rows";
import { listBody, type ListInclude, listPath, listQuery } from "./schemas";

/** POST /ns/{namespace}/list/{type}: of documents or memories; the emulator has no chunks to show. */
export function listResources(call: Call): Answer {
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
    throw invalidInput(call, query, [{ message: "position is there for chunks only", path: ["sort"] }]);
  }
  const list = type === "documents" ? documentsPage : memoriesPage;
  const { total, ...rows } = list(call, namespace, { ...paging, sort }, body);
  if (total === 0 && !store.containers.has(namespace) && behaviour.unknownNamespace === "notFound") {
    throw namespaceNotFound(namespace);
  }
  return json({ documents: [], chunks: [], memories: [], ...rows, pagination: paginationOf(paging, total) });
}

/** What the body of a list asks for. */
interface Wanted {
  readonly filter?: Filter | undefined;
  readonly include?: ListInclude | undefined;
}

function documentsPage({ world }: Call, namespace: string, query: MemoryQuery, { filter, include = {} }: Wanted) {
  const fits =
    filter === undefined
      ? undefined
      : ({ metadata = {} }: { readonly metadata?: Metadata | undefined }) => passes(filter, metadata);
  const { documents, total } = pageOf(world, { ...query, tags: [namespace], fits });
  return { documents: documents.map((document) => listRow(world.behaviour, document, include)), total };
}

/** No memory here has metadata, so that a filter passes all or none. */
function memoriesPage({ world }: Call, namespace: string, query: MemoryQuery, { filter }: Wanted) {
  const container = world.store.containers.get(namespace);
  if (container === undefined || (filter !== undefined && !passes(filter, {}))) return { memories: [], total: 0 };
  const memories = memoriesOf(world, container, query).map(memoryRow);
  return { memories, total: memoryCount(world.behaviour, container) };
}

function checkLevels(call: Call, filter: Filter | undefined): void {
  if (filter === undefined || levelsOf(filter) <= MAX_LEVELS) return;
  throw invalidInput(call, call.body, [{ message: `nested deeper than ${MAX_LEVELS} levels`, path: ["filter"] }]);
}
