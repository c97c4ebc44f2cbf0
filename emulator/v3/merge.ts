import { type Answer, HttpProblem, json } from "../http/answer";
import { requireAdmin, requireDelete, requireTags } from "../http/keys";
import { type Call, param, parseBody } from "../api/call";
import { moveContainer } from "../api/move";
import { mergeBody } from "./schemas";

/** A merge of containers; the emulator completes it at once. */
export interface Merge {
  readonly id: string;
  readonly sourceTags: readonly string[];
  readonly targetTag: string;
}

/** POST /v3/container-tags/merge: the documents of the sources move to the target, and the sources go. */
export function mergeContainerTags(call: Call): Answer {
  const { containerTags, targetContainerTag: targetTag } = parseBody(mergeBody, call.body);
  const { store, merges } = call.world;
  requireAdmin(call.key);
  requireDelete(call.key);
  requireTags(call.key, [...containerTags, targetTag]);
  const unknown = [...containerTags, targetTag].find((tag) => !store.containers.has(tag));
  if (unknown !== undefined)
    throw new HttpProblem(404, "Container tag not found", `no container has the tag ${unknown}`);
  const sourceTags = containerTags.filter((tag) => tag !== targetTag);
  for (const tag of sourceTags) moveContainer(call.world, tag, targetTag);
  const merge: Merge = { id: `merge_${merges.length + 1}`, sourceTags, targetTag };
  merges.push(merge);
  return json({ success: true, status: "queued", mergeId: merge.id, targetTag, sourceTags }, 202);
}

/** GET /v3/container-tags/merge/{mergeId}. */
export function getMerge(call: Call): Answer {
  const merge = call.world.merges.find(({ id }) => id === param(call, "mergeId"));
  if (merge === undefined)
    throw new HttpProblem(404, "Merge job not found", `no merge has the id ${param(call, "mergeId")}`);
  return json({ ...merge, status: "completed", progress: null, lastError: null });
}
