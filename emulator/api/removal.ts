import { deletionOf } from "../ledger";
import type { Container } from "../store/container";
import type { Call, World } from "./call";
import { memoryCount } from "./memories";

/** Deletes documents and records it in the ledger. Every deletion by a request uses it. */
export function removeDocuments(
  call: Call,
  slots: readonly number[],
  containerTag: string | null,
  options: {
    /** Documents with further tags only lose this one. Default: they are deleted from all containers. */
    readonly onlyFrom?: string | undefined;
  } = {},
): number {
  const { store, staleIndex, ledger } = call.world;
  const { listFlickers, listLag = 0 } = call.limits;
  const { onlyFrom } = options;
  const isKeptElsewhere = (slot: number): boolean => onlyFrom !== undefined && store.tagsOf(slot).length > 1;
  if (listLag > 0) {
    const deleted = slots.map((slot) => ({
      ...store.read(slot),
      ...(onlyFrom !== undefined && isKeptElsewhere(slot) ? { containerTags: [onlyFrom] } : {}),
    }));
    staleIndex.add(deleted, listLag, listFlickers);
  }
  for (const slot of slots) {
    if (onlyFrom !== undefined && isKeptElsewhere(slot)) store.untag(slot, onlyFrom);
    else store.delete(slot);
  }
  if (slots.length > 0) ledger.push(deletionOf(call.sequence, call.route, containerTag, Uint32Array.from(slots)));
  return slots.length;
}

/** Splits documents into those to delete and those that a fault keeps. */
export function splitByFault(
  { world, limits }: Call,
  slots: readonly number[],
  max = limits.maxDeletions ?? Infinity,
): { readonly deleted: readonly number[]; readonly kept: readonly number[] } {
  const { keeps } = limits;
  const chosen = keeps === undefined ? [] : slots.filter((slot) => keeps(world.store.read(slot)));
  const isChosen = new Set(chosen);
  const others = isChosen.size === 0 ? slots : slots.filter((slot) => !isChosen.has(slot));
  return { deleted: others.slice(0, max), kept: [...chosen, ...others.slice(max)] };
}

/** Deletes a container with its documents and memories. If a fault keeps documents, the container and its direct memories are kept too. */
export function removeContainer(
  call: Call,
  container: Container,
  options: { readonly onlyFrom?: string | undefined } = {},
) {
  const { containerTag, documents } = container;
  const { store, behaviour } = call.world;
  const memories = memoryCount(behaviour, container);
  const removed = removeDocuments(call, splitByFault(call, documents.all()).deleted, containerTag, options);
  const isEmpty = documents.size === 0;
  if (isEmpty) store.containers.delete(containerTag);
  return {
    deletedDocumentsCount: call.limits.claims ?? removed,
    deletedMemoriesCount: isEmpty ? memories : memories - memoryCount(behaviour, container),
  };
}

/** Deletes documents, or the container, as another client would. The ledger does not record it; `lateDeletions` does. */
export function removeAsAnotherClient(
  { store, lateDeletions }: World,
  request: number,
  containerTag: string,
  max: number | "container",
  from: "oldest" | "newest",
): void {
  const documents = store.containers.get(containerTag)?.documents;
  if (documents === undefined) return;
  const count = max === "container" ? documents.size : max;
  const slots = documents.page("createdAt", from === "oldest" ? "asc" : "desc", 0, count, store.updatedAtOf);
  for (const slot of slots) store.delete(slot);
  if (max === "container") store.containers.delete(containerTag);
  lateDeletions.push({
    request,
    containerTag,
    count: slots.length,
    documentIds: slots.map((slot) => store.idOf(slot)),
  });
}
