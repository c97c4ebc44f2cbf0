import type { ContainerSeed, DocumentSeed, DocumentTemplate, MemorySeed, Seed } from "./seed-schema";
import type { Clock } from "./clock";
import type { Container } from "./store/container";
import type { NewDocument, Store } from "./store/store";

/** Adds a seed to a store. Documents without a date are one millisecond apart, before the current time. */
export function plantSeed(store: Store, clock: Clock, seed: Seed): void {
  const containers = Object.entries(seed.containers ?? {});
  let next = clock.now() - containers.reduce((sum, [, container]) => sum + documentCount(container), 0);
  for (const [tag, given] of containers) {
    const container = typeof given === "number" ? { documents: given } : given;
    plantContainer(store, tag, container, next);
    for (const document of documentsOf(tag, container)) {
      const planted = { createdAt: next, ...document };
      if (planted.customId !== undefined && store.findCustomId(planted.customId) !== undefined) {
        throw new RangeError(
          `the seed is not valid\n  containers.${tag}.documents: duplicate customId ${planted.customId}`,
        );
      }
      store.add(planted);
      next += 1;
    }
    const { lastActivityAt } = container;
    if (lastActivityAt !== undefined)
      store.container(tag).lastActivityAt = lastActivityAt === null ? null : Date.parse(lastActivityAt);
  }
}

/** Without a date in the seed a container is as old as its oldest document. */
function plantContainer(store: Store, tag: string, seed: ContainerSeed, firstTime: number): void {
  const documents = typeof seed.documents === "object" ? seed.documents : [];
  const dates = [seed.each?.createdAt, ...documents.map(({ createdAt }) => createdAt)];
  const oldest = dates.reduce(
    (time, date) => (date === undefined ? time : Math.min(time, Date.parse(date))),
    firstTime,
  );
  const createdAt = seed.createdAt === undefined ? oldest : Date.parse(seed.createdAt);
  const container = store.container(tag, createdAt);
  if (seed.name !== undefined) container.name = seed.name;
  if (seed.entityContext !== undefined) container.entityContext = seed.entityContext;
  plantMemories(container, seed.memories);
  if (seed.mergeStatus !== undefined) container.mergeStatus = seed.mergeStatus;
}

/** A memory with a date counts as activity. One without is as old as its container, and does not. */
function plantMemories(container: Container, memories: number | readonly MemorySeed[] = []): void {
  const seeds = typeof memories === "number" ? Array.from({ length: memories }, (): MemorySeed => ({})) : memories;
  for (const { createdAt: date, memory = "" } of seeds) {
    const createdAt = date === undefined ? container.createdAt : Date.parse(date);
    container.memories.push({ id: `${container.id}m${container.memories.length + 1}`, memory, createdAt });
    if (date !== undefined) container.lastActivityAt = Math.max(container.lastActivityAt ?? createdAt, createdAt);
  }
}

function documentCount(container: number | ContainerSeed): number {
  const documents = typeof container === "number" ? container : (container.documents ?? 0);
  return typeof documents === "number" ? documents : documents.length;
}

/** Identical documents share one object, so a million of them take about a second. */
function* documentsOf(tag: string, { documents = 0, each = {} }: ContainerSeed): Generator<NewDocument> {
  if (typeof documents !== "number") {
    for (const document of documents) yield newDocument(tag, { ...each, ...document });
    return;
  }
  const shared = newDocument(tag, each);
  for (let count = 0; count < documents; count += 1) yield shared;
}

function newDocument(tag: string, seed: DocumentTemplate | DocumentSeed): NewDocument {
  const { createdAt, updatedAt, processing, dreaming, failed, alsoIn, ...detail } = seed;
  return {
    ...detail,
    containerTags: alsoIn === undefined ? [tag] : [tag, ...alsoIn],
    ...(createdAt === undefined ? {} : { createdAt: Date.parse(createdAt) }),
    ...(updatedAt === undefined ? {} : { updatedAt: Date.parse(updatedAt) }),
    processingMs: processing === "forever" ? Infinity : processing,
    dreamingMs: dreaming === "forever" ? Infinity : dreaming,
    fails: failed,
  };
}
