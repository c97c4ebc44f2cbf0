import type { Call } from "../api/call";
import { timestamp } from "../api/document-text";
import { withDuplicate } from "../api/duplicates";
import { memoryCount } from "../api/memories";
import { paginationOf } from "../api/paging";
import { type HttpResponse, HttpProblem, json } from "../http/response";
import type { Container } from "../store/container";
import { namespaceNotFound, requireNamespace } from "./namespace";
import { parseInput } from "./parse";
import { namespacesQuery } from "./schemas";

/** GET /namespaces and its alias GET /ns, newest first. `q` is a case-insensitive part of the name. Scoped keys get 403. */
export function listNamespaces(call: Call): HttpResponse {
  if (call.key.containerTags !== undefined) {
    throw new HttpProblem(403, "Forbidden", "the API key is scoped and cannot access this endpoint");
  }
  const { q, ...paging } = parseInput(call, namespacesQuery, Object.fromEntries(call.query));
  const { store, behaviour } = call.world;
  const part = behaviour.v5Release === "5.0.0" ? "" : (q ?? "").toLowerCase();
  const containers = [...store.containers.values()]
    .filter(({ containerTag }) => containerTag.toLowerCase().includes(part))
    .reverse();
  containers.sort((left, right) => right.createdAt - left.createdAt);
  const offset = (paging.page - 1) * paging.limit;
  const entries = containers.flatMap((container) => {
    const entry = listEntry(call, container);
    return withDuplicate(behaviour, entry, entry);
  });
  const namespaces = entries.slice(offset, offset + paging.limit);
  return json({ namespaces, pagination: paginationOf(paging, entries.length) });
}

/** GET /ns/{namespace}: the settings, without counts. */
export function getNamespace(call: Call): HttpResponse {
  const namespace = requireNamespace(call);
  const container = call.world.store.containers.get(namespace);
  if (container === undefined) throw namespaceNotFound(namespace);
  return json({ namespace, supportingContext: container.entityContext, system: systemOf(container) });
}

/** Unlike on v3 there is no last activity. */
function listEntry({ world: { behaviour } }: Call, container: Container): Readonly<Record<string, unknown>> {
  return {
    id: container.id,
    namespace: container.containerTag,
    documentCount: container.documents.size,
    memoryCount: memoryCount(behaviour, container),
    description: null,
    system: systemOf(container),
  };
}

function systemOf({ createdAt, updatedAt }: Container): Readonly<Record<string, string>> {
  return { createdAt: timestamp(createdAt), updatedAt: timestamp(updatedAt) };
}
