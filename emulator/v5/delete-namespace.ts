import type { Call } from "../api/call";
import { moveContainer } from "../api/move";
import { removeContainer } from "../api/removal";
import { type Answer, HttpProblem, json } from "../http/answer";
import { requireAdmin, requireDelete, requireTags } from "../http/keys";
import type { Container } from "../store/container";
import { namespaceNotFound, requireNamespace } from "./namespace";
import { invalidInput, parseInput } from "./parse";
import { moveQuery } from "./schemas";
import { successField } from "./success";

/**
 * DELETE /ns/{namespace}: the namespace with its documents and memories, or a move when the *query* says moveTo. A body is ignored whatever
 * it holds, so a moveTo in it deletes everything for good (https://supermemory.ai/migration/api-v5).
 */
export function deleteNamespace(call: Call): Answer {
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
    throw invalidInput(call, query, [{ message: "another namespace than the one that goes", path: ["moveTo"] }]);
  }
  return move(call, namespace, moveTo);
}

function remove(call: Call, container: Container): Answer {
  const { containerTag: namespace } = container;
  const onlyFrom = call.world.behaviour.sharedDeletes === "namespace" ? namespace : undefined;
  const counts = removeContainer(call, container, { onlyFrom });
  return json({ ...successField(call), status: "deleted", namespace, ...counts });
}

/** Answers as if it were queued, and completes at once. */
function move(call: Call, namespace: string, moveTo: string): Answer {
  const { merges, behaviour } = call.world;
  const operationId = `move_${merges.length + 1}`;
  merges.push({ id: operationId, sourceTags: [namespace], targetTag: moveTo });
  moveContainer(call.world, namespace, moveTo);
  return json({ status: "queued", operationId, namespace, moveTo }, behaviour.moveStatus);
}

function isBusy({ world: { store } }: Call, { documents }: Container): boolean {
  return documents.all().some((slot) => store.processing.has(slot));
}
