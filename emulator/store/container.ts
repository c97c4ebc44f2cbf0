import { OrderedIndex, type Order } from "./ordered-index";

export type SortField = "createdAt" | "updatedAt";

/** The documents of one container (or of all), in order of creation and, from the first time it is needed, of update. */
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

  /** Moves a document to the end of the order of update. The order of creation does not change, so an update needs no sorting. */
  touch(slot: number, before: number, after: number): void {
    this.byUpdate?.remove(before, slot);
    this.byUpdate?.add(after, slot);
  }

  /** It only calls `updatedAtOf` to build the second index, the first time it is needed. */
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

/** A memory that was written directly. No request changes it. */
export interface DirectMemory {
  readonly id: string;
  readonly memory: string;
  readonly createdAt: number;
}

/** A container tag with its settings. It exists until it is deleted itself, even without documents. */
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
  /** Only a seed sets it, because merges complete immediately. */
  mergeStatus?: "source" | "target";
  /** Direct memories. Deleting documents does not delete them. */
  readonly memories: DirectMemory[];
}
