import type { Container, SortField } from "../store/container";
import type { Order } from "../store/ordered-index";
import type { Behaviour } from "./behaviour";
import type { World } from "./call";
import { sortedBy } from "./paging";

/** The number of memories in a container: direct ones, and those of its documents. */
export function memoryCount({ memoriesPerDocument }: Behaviour, { memories, documents }: Container): number {
  return memories.length + memoriesPerDocument * documents.size;
}

/** A memory in a list. The text of a document's memory is made up. */
export interface ListedMemory {
  readonly id: string;
  readonly memory: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** The page and the order of memories that a list asks for. */
export interface MemoryQuery {
  readonly page: number;
  readonly limit: number;
  readonly sort: SortField;
  readonly order: Order;
}

/** One page of the memories that {@link memoryCount} counts. It reads every document of the containers. */
export function memoriesOf(
  { behaviour, store }: World,
  containers: readonly Container[],
  { limit, order, page, sort }: MemoryQuery,
): readonly ListedMemory[] {
  const direct = containers
    .flatMap(({ memories }) => memories)
    .map((memory) => ({ ...memory, updatedAt: memory.createdAt }));
  const slots = containers.flatMap(({ documents }) => documents.all());
  const ofDocuments = slots.flatMap((slot) => {
    const { createdAt, id, updatedAt } = store.read(slot);
    return Array.from({ length: behaviour.memoriesPerDocument }, (_, at) => {
      return { id: `${id}m${at + 1}`, memory: `memory ${at + 1} of document ${id}`, createdAt, updatedAt };
    });
  });
  const by = sortedBy(behaviour, sort);
  const direction = order === "asc" ? 1 : -1;
  const found = [...direct, ...ofDocuments].sort((left, right) => direction * (left[by] - right[by]));
  return found.slice((page - 1) * limit, page * limit);
}
