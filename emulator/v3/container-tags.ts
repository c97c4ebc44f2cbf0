import { type Answer, HttpProblem, json } from "../http/answer";
import { requireTags } from "../http/keys";
import type { Container } from "../store/container";
import { type Call, param, parseBody } from "../api/call";
import { timestamp } from "../api/document-text";
import { memoryCount } from "../api/memories";
import { containerTag as containerTagSchema, containerTagSettings } from "./schemas";

/** GET /v3/container-tags/list. */
export function listContainerTags(call: Call): Answer {
  const { containerTags: scope } = call.key;
  const containers = [...call.world.store.containers.values()];
  return json(
    containers
      .filter(({ containerTag }) => scope?.includes(containerTag) !== false)
      .map((container) => listEntry(call, container)),
  );
}

/** GET /v3/container-tags/{containerTag}. */
export function getContainerTag(call: Call): Answer {
  const containerTag = param(call, "containerTag");
  requireTags(call.key, [containerTag]);
  const container = call.world.store.containers.get(containerTag);
  if (container === undefined) {
    throw new HttpProblem(404, "Container tag not found", `no container has the tag ${containerTag}`);
  }
  return json({ ...settings(container), createdAt: timestamp(container.createdAt) });
}

/** PATCH /v3/container-tags/{containerTag}: makes the container when absent, which is how the vendor's command line creates one. */
export function updateContainerTag(call: Call): Answer {
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

function settings(container: Container): Readonly<Record<string, unknown>> {
  const { containerTag, name, entityContext, memoryFilesystemPaths, profileBuckets, updatedAt } = container;
  return { containerTag, name, entityContext, memoryFilesystemPaths, profileBuckets, updatedAt: timestamp(updatedAt) };
}

function listEntry({ world: { behaviour } }: Call, container: Container): Readonly<Record<string, unknown>> {
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
    lastActivityAt: container.lastActivityAt === null ? null : timestamp(container.lastActivityAt),
    ...(container.mergeStatus === undefined ? {} : { mergeStatus: container.mergeStatus }),
  };
}
