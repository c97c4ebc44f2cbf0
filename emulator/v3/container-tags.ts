import type { Behaviour } from "../api/behaviour";
import { type HttpResponse, HttpProblem, json } from "../http/response";
import { requireAdmin, requireDelete, requireTags } from "../http/keys";
import type { Container } from "../store/container";
import { type Call, type Merge, param, parseBody } from "../api/call";
import { timestamp } from "../api/document-text";
import { withDuplicate } from "../api/duplicates";
import { memoryCount } from "../api/memories";
import { containerTag as containerTagSchema, containerTagSettings, mergeBody } from "./schemas";

/** GET /v3/container-tags/list. */
export function listContainerTags(call: Call): HttpResponse {
  const { containerTags: scope } = call.key;
  const containers = [...call.world.store.containers.values()];
  return json(
    containers
      .filter(({ containerTag }) => scope?.includes(containerTag) !== false)
      .flatMap((container) => entries(call, container)),
  );
}

/** GET /v3/container-tags/{containerTag}. */
export function getContainerTag(call: Call): HttpResponse {
  const containerTag = param(call, "containerTag");
  requireTags(call.key, [containerTag]);
  const container = call.world.store.containers.get(containerTag);
  if (container === undefined) {
    throw new HttpProblem(404, "Container tag not found", `no container has the tag ${containerTag}`);
  }
  return json({ ...settings(container), createdAt: timestamp(container.createdAt) });
}

/** PATCH /v3/container-tags/{containerTag}: creates the container when it does not exist. The vendor's command line creates containers this way. */
export function updateContainerTag(call: Call): HttpResponse {
  const containerTag = parseBody(containerTagSchema, param(call, "containerTag"));
  requireTags(call.key, [containerTag]);
  const { name, entityContext, memoryFilesystemPaths, profileBuckets } = parseBody(containerTagSettings, call.body);
  const container = call.world.store.container(containerTag);
  if (name !== undefined) container.name = name;
  if (entityContext !== undefined) container.entityContext = entityContext;
  if (memoryFilesystemPaths !== undefined) container.memoryFilesystemPaths = memoryFilesystemPaths;
  if (profileBuckets !== undefined) container.profileBuckets = profileBuckets;
  container.updatedAt = call.world.clock.now();
  return json(settings(container));
}

/** POST /v3/container-tags/merge: moves the content of the sources to the target, and deletes the sources. */
export function mergeContainerTags(call: Call): HttpResponse {
  const { containerTags, targetContainerTag: targetTag } = parseBody(mergeBody, call.body);
  const { store, merges } = call.world;
  requireAdmin(call.key);
  requireDelete(call.key);
  requireTags(call.key, [...containerTags, targetTag]);
  const unknown = [...containerTags, targetTag].find((tag) => !store.containers.has(tag));
  if (unknown !== undefined)
    throw new HttpProblem(404, "Container tag not found", `no container has the tag ${unknown}`);
  const sourceTags = containerTags.filter((tag) => tag !== targetTag);
  for (const tag of sourceTags) store.moveContainer(tag, targetTag);
  const merge: Merge = { id: `merge_${merges.length + 1}`, sourceTags, targetTag };
  merges.push(merge);
  return json({ success: true, status: "queued", mergeId: merge.id, targetTag, sourceTags }, 202);
}

/** GET /v3/container-tags/merge/{mergeId}. */
export function getMerge(call: Call): HttpResponse {
  const merge = call.world.merges.find(({ id }) => id === param(call, "mergeId"));
  if (merge === undefined)
    throw new HttpProblem(404, "Merge job not found", `no merge has the id ${param(call, "mergeId")}`);
  return json({ ...merge, status: "completed", progress: null, lastError: null });
}

function settings(container: Container): Readonly<Record<string, unknown>> {
  const { containerTag, name, entityContext, memoryFilesystemPaths, profileBuckets, updatedAt } = container;
  return { containerTag, name, entityContext, memoryFilesystemPaths, profileBuckets, updatedAt: timestamp(updatedAt) };
}

/** The entry of a container, and with `duplicateContainers` a stale one. */
function entries({ world: { behaviour } }: Call, container: Container): readonly unknown[] {
  const stale = listEntry(
    { ...behaviour, lastActivity: "right" },
    { ...container, lastActivityAt: container.createdAt },
  );
  return withDuplicate(behaviour, listEntry(behaviour, container), stale);
}

function listEntry(behaviour: Behaviour, container: Container): Readonly<Record<string, unknown>> {
  return {
    id: container.id,
    name: container.name ?? container.containerTag,
    containerTag: container.containerTag,
    description: null,
    createdAt: timestamp(container.createdAt),
    updatedAt: timestamp(container.updatedAt),
    isExperimental: false,
    visibility: "public",
    isNova: container.containerTag.startsWith("sm_project_"),
    documentCount: container.documents.size,
    memoryCount: memoryCount(behaviour, container),
    lastActivityAt: lastActivity(behaviour, container),
    ...(container.mergeStatus === undefined ? {} : { mergeStatus: container.mergeStatus }),
  };
}

function lastActivity({ lastActivity: what }: Behaviour, { createdAt, lastActivityAt }: Container): string | null {
  switch (what) {
    case "right":
      return lastActivityAt === null ? null : timestamp(lastActivityAt);
    case "null":
      return null;
    case "epoch":
      return timestamp(0);
    case "yearOne":
      return "0001-01-01T00:00:00Z";
    case "beforeCreation":
      return timestamp(createdAt - 1);
  }
}
