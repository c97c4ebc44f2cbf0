import type { Container, SortField } from "../store/container";
import type { Order } from "../store/ordered-index";
import type { Behaviour } from "./behaviour";
import type { World } from "./call";

/** The memories that a container has now: those written directly, and those that its documents have brought. */
export function memoryCount({ memoriesPerDocument }: Behaviour, { memories, documents }: Container): number {
  return memories.length + memoriesPerDocument * documents.size;
}

/** A memory as a list shows it. The text of one that a document has brought is made up. */
export interface ListedMemory {
  readonly id: string;
  readonly memory: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** Which memories of a container a list asks for. */
export interface MemoryQuery {
  readonly page: number;
  readonly limit: number;
  readonly sort: SortField;
  readonly order: Order;
}

/** One page of the memories that {@link memoryCount} counts. Linear in the documents. */
export function memoriesOf(
  { behaviour, store }: World,
  { documents, memories }: Container,
  { limit, order, page, sort }: MemoryQuery,
): readonly ListedMemory[] {
  const direct = memories.map((memory) => ({ ...memory, updatedAt: memory.createdAt }));
  const brought = documents.all().flatMap((slot) => {
    const { createdAt, id, updatedAt } = store.read(slot);
    return Array.from({ length: behaviour.memoriesPerDocument }, (_, at) => {
      return { id: `${id}m${at + 1}`, memory: `memory ${at + 1} of document ${id}`, createdAt, updatedAt };
    });
  });
  const direction = order === "asc" ? 1 : -1;
  const found = [...direct, ...brought].sort((left, right) => direction * (left[sort] - right[sort]));
  return found.slice((page - 1) * limit, page * limit);
}
