import { type HttpResponse, HttpProblem, json, noContent } from "../http/response";
import { requireAdmin, requireDelete, requireTags } from "../http/keys";
import { type Call, param, parseBody } from "../api/call";
import { filepathFits } from "./filters";
import { refuseProcessing, stillProcessing } from "../api/processing";
import { removeContainer, removeDocuments, splitByFault } from "../api/removal";
import { deleteBulkBody } from "./schemas";
import { canAccess, requireDocument } from "./access";

/** DELETE /v3/documents/{id}: by id or customId. */
export function deleteDocument(call: Call): HttpResponse {
  requireDelete(call.key);
  const slot = requireDocument(call, param(call, "id"));
  const { store, behaviour } = call.world;
  if (store.processing.has(slot) && behaviour.processingDeletes !== "allow") throw stillProcessing(1);
  removeDocuments(call, [slot], null);
  return noContent();
}

/** DELETE /v3/documents/bulk: by ids, or by container tags (narrowed by filepath), or by filepath. */
export function deleteDocumentsBulk(call: Call): HttpResponse {
  requireDelete(call.key);
  const { ids, containerTags, filepath } = parseBody(deleteBulkBody, call.body ?? {});
  if (ids !== undefined) {
    if (containerTags !== undefined || filepath !== undefined)
      throw invalid("'ids' excludes 'containerTags' and 'filepath'");
    return deleteByIds(call, [...new Set(ids)]);
  }
  if (containerTags !== undefined) return deleteByTags(call, [...new Set(containerTags)], filepath);
  if (filepath !== undefined) return deleteByFilepath(call, filepath);
  throw invalid("either 'ids' or 'containerTags' must be provided");
}

/** DELETE /v3/container-tags/{containerTag}: the container, its documents and its memories. */
export function deleteContainerTag(call: Call): HttpResponse {
  const containerTag = param(call, "containerTag");
  requireDelete(call.key);
  requireAdmin(call.key);
  requireTags(call.key, [containerTag]);
  const { store } = call.world;
  const container = store.containers.get(containerTag);
  if (container === undefined)
    throw new HttpProblem(404, "Container tag not found", `no container has the tag ${containerTag}`);
  if (call.world.behaviour.processingDeletes === "conflict") refuseProcessing(call, container.documents.all());
  return json({ success: call.limits.success ?? true, containerTag, ...removeContainer(call, container) });
}

function deleteByIds(call: Call, ids: readonly string[]): HttpResponse {
  const { store, behaviour } = call.world;
  const errors: { readonly id: string; readonly error: string }[] = [];
  const slots: number[] = [];
  for (const id of ids) {
    const slot = store.findId(id);
    if (slot === undefined || !canAccess(call, slot)) errors.push({ id, error: "Document not found" });
    else if (store.processing.has(slot) && behaviour.processingDeletes === "refuse") {
      errors.push({ id, error: "Document is still processing" });
    } else slots.push(slot);
  }
  if (behaviour.processingDeletes === "conflict") refuseProcessing(call, slots);
  const { keptReason } = call.limits;
  const { deleted, kept } = splitByFault(call, slots);
  const removed = removeDocuments(call, deleted, null);
  if (keptReason !== undefined) errors.push(...kept.map((slot) => ({ id: store.idOf(slot), error: keptReason })));
  return bulkResponse(call, removed, errors.length === 0 && behaviour.emptyErrors === "omitted" ? {} : { errors });
}

function deleteByTags(call: Call, containerTags: readonly string[], filepath: string | undefined): HttpResponse {
  requireTags(call.key, containerTags);
  const { store, behaviour } = call.world;
  const unknown = containerTags.find((tag) => !store.containers.has(tag));
  if (unknown !== undefined && behaviour.unknownTag === "notFound") {
    throw new HttpProblem(404, "Container tag not found", `no container has the tag ${unknown}`);
  }
  const slotsOf = (tag: string): readonly number[] => store.containers.get(tag)?.documents.all() ?? [];
  if (behaviour.processingDeletes === "conflict") refuseProcessing(call, containerTags.flatMap(slotsOf));
  let deletedCount = 0;
  for (const tag of containerTags) {
    const max = (call.limits.maxDeletions ?? Infinity) - deletedCount;
    const { deleted } = splitByFault(call, deletable(call, slotsOf(tag), filepath), max);
    deletedCount += removeDocuments(call, deleted, tag);
  }
  return bulkResponse(call, deletedCount, { containerTags });
}

function deleteByFilepath(call: Call, filepath: string): HttpResponse {
  const { store, behaviour } = call.world;
  const slots = store.everything
    .all()
    .filter((slot) => canAccess(call, slot) && filepathFits(filepath, store.read(slot).filepath));
  if (behaviour.processingDeletes === "conflict") refuseProcessing(call, slots);
  const { deleted } = splitByFault(call, deletable(call, slots, undefined));
  return bulkResponse(call, removeDocuments(call, deleted, null));
}

function bulkResponse({ limits }: Call, removed: number, more: Readonly<Record<string, unknown>> = {}): HttpResponse {
  return json({ success: limits.success ?? true, deletedCount: limits.claims ?? removed, ...more });
}

/** Excludes other paths, and documents that are still processing unless they may be deleted. */
function deletable(call: Call, slots: readonly number[], filepath: string | undefined): readonly number[] {
  const { store, behaviour } = call.world;
  return slots.filter(
    (slot) =>
      (behaviour.processingDeletes === "allow" || !store.processing.has(slot)) &&
      (filepath === undefined || filepathFits(filepath, store.read(slot).filepath)),
  );
}

function invalid(details: string): HttpProblem {
  return new HttpProblem(400, "Invalid request parameters", details);
}
