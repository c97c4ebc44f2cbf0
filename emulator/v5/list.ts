import type { Call } from "../api/call";
import { pageOf, paginationOf } from "../api/paging";
import { type Answer, json, problem } from "../http/answer";
import { levelsOf, MAX_LEVELS, passes } from "./filter";
import type { Filter } from "./filter-schema";
import { namespaceNotFound, requireNamespace } from "./namespace";
import { invalidInput, parseInput } from "./parse";
import { listRow } from "./rows";
import { listBody, listPath, listQuery } from "./schemas";

/** POST /ns/{namespace}/list/{type}: of documents only; the emulator has neither chunks nor memories to show. */
export function listResources(call: Call): Answer {
  const namespace = requireNamespace(call);
  const { type } = parseInput(call, listPath, { type: call.params["type"] });
  const query = Object.fromEntries(call.query);
  const { sort, ...paging } = parseInput(call, listQuery, query);
  const { filter } = parseInput(call, listBody, call.body === undefined ? {} : call.body);
  checkLevels(call, filter);
  if (type !== "documents") return problem(501, "Not emulated", `the emulator lists documents, not ${type}`);
  if (sort === "position") {
    throw invalidInput(call, query, [{ message: "position is there for chunks only", path: ["sort"] }]);
  }
  const fits = filter === undefined ? undefined : narrowing(filter);
  const { documents, total } = pageOf(call.world, { ...paging, sort, tags: [namespace], fits });
  const { store, behaviour } = call.world;
  if (total === 0 && !store.containers.has(namespace) && behaviour.unknownNamespace === "notFound") {
    throw namespaceNotFound(namespace);
  }
  return json({
    documents: documents.map(listRow),
    chunks: [],
    memories: [],
    pagination: paginationOf(paging, total),
  });
}

function narrowing(filter: Filter) {
  return ({ metadata = {} }: { readonly metadata?: Parameters<typeof passes>[1] | undefined }): boolean =>
    passes(filter, metadata);
}

function checkLevels(call: Call, filter: Filter | undefined): void {
  if (filter === undefined || levelsOf(filter) <= MAX_LEVELS) return;
  throw invalidInput(call, call.body, [{ message: `nested deeper than ${MAX_LEVELS} levels`, path: ["filter"] }]);
}
