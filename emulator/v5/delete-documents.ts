import type { Call } from "../api/call";
import { refuseProcessing } from "../api/processing";
import { partOf, removeDocuments } from "../api/removal";
import { type Answer, json } from "../http/answer";
import { requireDelete } from "../http/keys";
import { findIn, requireNamespace } from "./namespace";
import { parseInput } from "./parse";
import { deleteBody } from "./schemas";
import { successField } from "./success";

interface Found {
  readonly id: string;
  readonly slot: number;
}
interface Failure {
  readonly id: string;
  readonly error: string;
}

/** DELETE /ns/{namespace}/document: by ids or caller-defined ids of this namespace; a document of another one is not found. */
export function deleteDocuments(call: Call): Answer {
  const namespace = requireNamespace(call);
  requireDelete(call.key);
  const { ids } = parseInput(call, deleteBody, call.body);
  const { found, errors } = lookUp(call, namespace, [...new Set(ids)]);
  const { behaviour } = call.world;
  const slots = found.map(({ slot }) => slot);
  if (behaviour.processingDeletes === "conflict") refuseProcessing(call, slots);
  const { claims, leftBecause } = call.limits;
  const { going, left } = partOf(call, slots);
  const removed = removeDocuments(call, going, null, {
    onlyFrom: behaviour.sharedDeletes === "namespace" ? namespace : undefined,
  });
  const named = leftBecause === undefined ? [] : found.filter(({ slot }) => left.includes(slot));
  return json({
    ...successField(call),
    [behaviour.countField]: claims ?? removed,
    errors: [...errors, ...named.map(({ id }) => ({ id, error: leftBecause }))],
  });
}

/** One document named by its id and by its own id counts once; the second name then finds nothing. */
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
