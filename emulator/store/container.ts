import { OrderedIndex, type Order } from "./ordered-index";

export type SortField = "createdAt" | "updatedAt";

/** The documents of one container (or of all), by creation and, once somebody asks for it, by update. */
export class Listing {
  private readonly byCreation = new OrderedIndex();
  private byUpdate: OrderedIndex | undefined;

  get size(): number {
    return this.byCreation.size;
  }

  add(slot: number, createdAt: number, updatedAt: number): void {
    this.byCreation.add(createdAt, slot);
    this.byUpdate?.add(updatedAt, slot);
  }

  remove(slot: number, createdAt: number, updatedAt: number): void {
    this.byCreation.remove(createdAt, slot);
    this.byUpdate?.remove(updatedAt, slot);
  }

  /** Moves a document to the end of the order by update; the order by creation stays, so that an update costs no sorting. */
  touch(slot: number, before: number, after: number): void {
    this.byUpdate?.remove(before, slot);
    this.byUpdate?.add(after, slot);
  }

  /** `updatedAtOf` is called only to build the second index, the first time it is needed. */
  page(sort: SortField, order: Order, offset: number, count: number, updatedAtOf: (slot: number) => number): number[] {
    if (sort === "createdAt") return this.byCreation.page(offset, count, order);
    if (this.byUpdate === undefined) {
      this.byUpdate = new OrderedIndex();
      for (const slot of this.byCreation.all()) this.byUpdate.add(updatedAtOf(slot), slot);
    }
    return this.byUpdate.page(offset, count, order);
  }

  /** Every slot, oldest first. */
  all(): number[] {
    return this.byCreation.all();
  }
}

/** A memory that was written directly; no other request changes it. */
export interface DirectMemory {
  readonly id: string;
  readonly memory: string;
  readonly createdAt: number;
}

/** A container tag with its settings. It outlives its documents; only its own deletion removes it. */
export interface Container {
  readonly containerTag: string;
  readonly id: string;
  readonly documents: Listing;
  readonly createdAt: number;
  name: string | null;
  entityContext: string | null;
  memoryFilesystemPaths: readonly string[] | null;
  profileBuckets: readonly { readonly key: string; readonly description: string }[];
  updatedAt: number;
  lastActivityAt: number | null;
  /** Set by a seed only: merges are complete at once. */
  mergeStatus?: "source" | "target";
  /** Memories written directly, which no deletion of documents touches. */
  readonly memories: DirectMemory[];
}
