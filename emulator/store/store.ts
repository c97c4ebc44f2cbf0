import type { Clock } from "../clock";
import { type Container, Listing } from "./container";
import type { DocumentDetail, StoredDocument } from "./documents";
import { type ProcessingLength, ProcessingTimes } from "./processing";
import { CustomIds, idOfSlot, slotOfId } from "./ids";

/** Container ids belong to another family, so that no container has the id of a document. */
const CONTAINER_FAMILY = 0x7f4a7c15;

export interface NewDocument extends DocumentDetail, ProcessingLength {
  readonly containerTags: readonly string[];
  /** Default: now, at least one millisecond after the previous document. */
  readonly createdAt?: number | undefined;
  /** Default: `createdAt`. */
  readonly updatedAt?: number | undefined;
  readonly fails?: boolean | undefined;
}

/** Only the fields that are present change; with `processingMs` the document is processed again. */
export interface DocumentChange extends DocumentDetail, ProcessingLength {
  readonly containerTags?: readonly string[] | undefined;
}

/**
 * Documents in columns, one slot each, and an index per container. A slot is never reused, so the ledger can name deleted documents without
 * storing them.
 */
export class Store {
  readonly everything = new Listing();
  readonly containers = new Map<string, Container>();
  readonly processing: ProcessingTimes;
  private readonly createdAt: number[] = [];
  private readonly updatedAt: number[] = [];
  private readonly tags: (readonly string[] | undefined)[] = [];
  private readonly details: (DocumentDetail | undefined)[] = [];
  private readonly customIds = new CustomIds();
  private readonly sharedTags = new Map<string, readonly string[]>();
  private newest = 0;
  private containersCreated = 0;

  constructor(private readonly clock: Clock) {
    this.processing = new ProcessingTimes(clock);
  }

  add(document: NewDocument): number {
    const { containerTags, createdAt = this.nextTime(), processingMs, dreamingMs, fails, ...more } = document;
    const { updatedAt = createdAt, ...detail } = more;
    const slot = this.createdAt.length;
    const tags = this.share(containerTags);
    this.createdAt.push(createdAt);
    this.updatedAt.push(updatedAt);
    this.tags.push(tags);
    this.details.push(Object.keys(detail).length > 0 ? detail : undefined);
    if (detail.customId !== undefined) this.customIds.add(detail.customId, slot);
    this.processing.start(slot, createdAt, { processingMs, dreamingMs }, fails ?? false);
    this.everything.add(slot, createdAt, updatedAt);
    for (const tag of tags) this.container(tag, createdAt).documents.add(slot, createdAt, updatedAt);
    this.touch(tags, Math.max(createdAt, updatedAt));
    return slot;
  }

  change(slot: number, { containerTags, processingMs, dreamingMs, ...detail }: DocumentChange): void {
    const before = this.details[slot];
    const after: DocumentDetail = { ...before, ...detail };
    const now = this.nextTime();
    if (before?.customId !== undefined) this.customIds.remove(before.customId, slot);
    if (after.customId !== undefined) this.customIds.add(after.customId, slot);
    this.details[slot] = after;
    if (processingMs !== undefined) this.processing.start(slot, now, { processingMs, dreamingMs }, false);
    this.relist(slot, containerTags === undefined ? this.tagsOf(slot) : this.share(containerTags), now);
  }

  delete(slot: number): void {
    const customId = this.details[slot]?.customId;
    this.unlist(slot);
    if (customId !== undefined) this.customIds.remove(customId, slot);
    this.details[slot] = undefined;
    this.tags[slot] = undefined;
    this.processing.forget(slot);
  }

  /** Removes a tag from a document. */
  untag(slot: number, tag: string): void {
    this.containers.get(tag)?.documents.remove(slot, this.createdAt[slot] ?? 0, this.updatedAt[slot] ?? 0);
    this.tags[slot] = this.share(this.tagsOf(slot).filter((other) => other !== tag));
  }

  /** The slot of an accepted document, by its id, or without one by its customId. */
  find(idOrCustomId: string, accepts: (slot: number) => boolean = () => true): number | undefined {
    const slot = this.findId(idOrCustomId);
    return slot !== undefined && accepts(slot) ? slot : this.findCustomId(idOrCustomId, accepts);
  }

  idOf(slot: number): string {
    return idOfSlot(slot);
  }

  findCustomId(customId: string, accepts: (slot: number) => boolean = () => true): number | undefined {
    return this.customIds.find(customId, accepts);
  }

  read(slot: number): StoredDocument {
    const status = this.details[slot]?.statusUnknown === true ? "unknown" : this.processing.statusOf(slot);
    return {
      ...this.details[slot],
      id: idOfSlot(slot),
      containerTags: this.tags[slot] ?? [],
      status,
      dreamingStatus: this.processing.dreamingStatusOf(slot, status),
      createdAt: this.createdAt[slot] ?? 0,
      updatedAt: this.updatedAt[slot] ?? 0,
    };
  }

  readonly updatedAtOf = (slot: number): number => this.updatedAt[slot] ?? 0;

  tagsOf(slot: number): readonly string[] {
    return this.tags[slot] ?? [];
  }

  /** Ends the processing and the generation of memories of every document, or of those with `tag`. */
  finishProcessing(tag?: string): void {
    this.processing.finish((slot) => tag === undefined || this.tagsOf(slot).includes(tag));
  }

  /** The container of a tag. It is created when it does not exist. */
  container(containerTag: string, createdAt = this.clock.now()): Container {
    const known = this.containers.get(containerTag);
    if (known !== undefined) return known;
    const created: Container = {
      containerTag,
      id: idOfSlot(this.containersCreated, CONTAINER_FAMILY),
      documents: new Listing(),
      createdAt,
      name: null,
      entityContext: null,
      memoryFilesystemPaths: null,
      profileBuckets: [],
      updatedAt: createdAt,
      lastActivityAt: null,
      memories: [],
    };
    this.containersCreated += 1;
    this.containers.set(containerTag, created);
    return created;
  }

  /** Moves the content of a container to another one, which is created when it does not exist, and deletes the container. */
  moveContainer(from: string, to: string): void {
    const source = this.containers.get(from);
    if (source === undefined) return;
    for (const slot of source.documents.all()) {
      this.change(slot, { containerTags: this.tagsOf(slot).map((tag) => (tag === from ? to : tag)) });
    }
    this.container(to).memories.push(...source.memories);
    this.containers.delete(from);
  }

  findId(id: string): number | undefined {
    const slot = slotOfId(id);
    return slot !== undefined && this.tags[slot] !== undefined ? slot : undefined;
  }

  private unlist(slot: number): void {
    const createdAt = this.createdAt[slot] ?? 0;
    const updatedAt = this.updatedAt[slot] ?? 0;
    this.everything.remove(slot, createdAt, updatedAt);
    for (const tag of this.tagsOf(slot)) this.containers.get(tag)?.documents.remove(slot, createdAt, updatedAt);
  }

  private relist(slot: number, tags: readonly string[], now: number): void {
    const createdAt = this.createdAt[slot] ?? now;
    const updatedAt = this.updatedAt[slot] ?? now;
    const before = this.tagsOf(slot);
    this.tags[slot] = tags;
    this.updatedAt[slot] = now;
    this.everything.touch(slot, updatedAt, now);
    for (const tag of before) {
      if (!tags.includes(tag)) this.containers.get(tag)?.documents.remove(slot, createdAt, updatedAt);
    }
    for (const tag of tags) {
      const { documents } = this.container(tag, now);
      if (before.includes(tag)) documents.touch(slot, updatedAt, now);
      else documents.add(slot, createdAt, now);
    }
    this.touch(tags, now);
  }

  private touch(tags: readonly string[], time: number): void {
    for (const tag of tags) {
      const container = this.container(tag, time);
      container.lastActivityAt = Math.max(container.lastActivityAt ?? time, time);
    }
  }

  /** Strictly increasing, so that two documents of the same millisecond have an order. */
  private nextTime(): number {
    this.newest = Math.max(this.clock.now(), this.newest + 1);
    return this.newest;
  }

  /** A million documents of one container share one array of tags. */
  private share(tags: readonly string[]): readonly string[] {
    const distinct = [...new Set(tags)];
    const name = distinct.join(",");
    const known = this.sharedTags.get(name);
    if (known !== undefined) return known;
    this.sharedTags.set(name, distinct);
    return distinct;
  }
}
