import type { Call } from "../api/call";
import { refuseProcessing } from "../api/processing";
import { removeContainer, removeDocuments, splitByFault } from "../api/removal";
import { requireAdmin, requireDelete, requireTags } from "../http/keys";
import { HttpProblem, type HttpResponse, json } from "../http/response";
import type { Container } from "../store/container";
import { findIn, namespaceNotFound, requireNamespace } from "./namespace";
import { invalidInput, parseInput } from "./parse";
import { deleteBody, moveQuery } from "./schemas";

/** DELETE /ns/{namespace}/document: by ids or caller-defined ids of this namespace. A document of another namespace is not found. */
export function deleteDocuments(call: Call): HttpResponse {
  const namespace = requireNamespace(call);
  requireDelete(call.key);
  const { ids } = parseInput(call, deleteBody, call.body);
  const { found, errors } = lookUp(call, namespace, [...new Set(ids)]);
  const { behaviour } = call.world;
  const slots = found.map(({ slot }) => slot);
  if (behaviour.processingDeletes === "conflict") refuseProcessing(call, slots);
  const { claims, keptReason } = call.limits;
  const { deleted, kept } = splitByFault(call, slots);
  const removed = removeDocuments(call, deleted, null, {
    onlyFrom: behaviour.sharedDeletes === "namespace" ? namespace : undefined,
  });
  const named = keptReason === undefined ? [] : found.filter(({ slot }) => kept.includes(slot));
  return json({
    ...successField(call),
    [behaviour.countField]: claims ?? removed,
    errors: [...errors, ...named.map(({ id }) => ({ id, error: keptReason }))],
  });
}

/**
 * DELETE /ns/{namespace}: deletes the namespace with its documents and memories, or moves them when the *query* contains moveTo. It ignores the
 * body, so moveTo in a body is a permanent deletion (https://supermemory.ai/migration/api-v5).
 */
export function deleteNamespace(call: Call): HttpResponse {
  const namespace = requireNamespace(call);
  const query = Object.fromEntries(call.query);
  const { moveTo } = parseInput(call, moveQuery, query);
  const { store, behaviour } = call.world;
  requireDelete(call.key);
  if (behaviour.namespaceDeleters === "admins") requireAdmin(call.key);
  const container = store.containers.get(namespace);
  if (container === undefined) throw namespaceNotFound(namespace);
  if (behaviour.processingDeletes === "conflict" && isBusy(call, container)) {
    throw new HttpProblem(409, "Namespace is busy", `documents of ${namespace} are still processing`);
  }
  if (moveTo === undefined) return remove(call, container);
  requireTags(call.key, [moveTo]);
  if (moveTo === namespace) {
    throw invalidInput(call, query, [{ message: "must not be the namespace to delete", path: ["moveTo"] }]);
  }
  return move(call, namespace, moveTo);
}

function remove(call: Call, container: Container): HttpResponse {
  const { containerTag: namespace } = container;
  const onlyFrom = call.world.behaviour.sharedDeletes === "namespace" ? namespace : undefined;
  const counts = removeContainer(call, container, { onlyFrom });
  return json({ ...successField(call), status: "deleted", namespace, ...counts });
}

/** The response says that the move is queued, but it completes immediately. */
function move(call: Call, namespace: string, moveTo: string): HttpResponse {
  const { store, merges, behaviour } = call.world;
  const operationId = `move_${merges.length + 1}`;
  merges.push({ id: operationId, sourceTags: [namespace], targetTag: moveTo });
  store.moveContainer(namespace, moveTo);
  return json({ status: "queued", operationId, namespace, moveTo }, behaviour.moveStatus);
}

function isBusy({ world: { store } }: Call, { documents }: Container): boolean {
  return documents.all().some((slot) => store.processing.has(slot));
}

interface Found {
  readonly id: string;
  readonly slot: number;
}
interface Failure {
  readonly id: string;
  readonly error: string;
}

/** A document counts once, even when the request contains both of its ids. The second id is then not found. */
function lookUp(call: Call, namespace: string, ids: readonly string[]) {
  const { store, behaviour } = call.world;
  const found: Found[] = [];
  const errors: Failure[] = [];
  const seen = new Set<number>();
  for (const id of ids) {
    const slot = findIn(call, namespace, id);
    if (slot === undefined || seen.has(slot)) errors.push({ id, error: "Document not found" });
    else if (store.processing.has(slot) && behaviour.processingDeletes === "refuse") {
      errors.push({ id, error: "Document is still processing" });
    } else {
      seen.add(slot);
      found.push({ id, slot });
    }
  }
  return { found, errors };
}

/** `success` in the response to a deletion. The OpenAPI document has no such field, so only an option or a fault adds it. */
function successField({ limits, world: { behaviour } }: Call): { readonly success?: boolean } {
  if (limits.success !== undefined) return { success: limits.success };
  return behaviour.successFlag ? { success: true } : {};
}
