import { deletionOf } from "../ledger";
import type { Container } from "../store/container";
import type { Call, World } from "./call";
import { memoryCount } from "./memories";

/** Removes documents and notes it in the ledger: the one place through which every deletion goes. */
export function removeDocuments(
  call: Call,
  slots: readonly number[],
  containerTag: string | null,
  options: {
    /** The documents are removed from this container only, the others that hold them keep them. Default: from all. */
    readonly onlyFrom?: string | undefined;
  } = {},
): number {
  const { store, ghosts, ledger } = call.world;
  const { listLag = 0 } = call.limits;
  const { onlyFrom } = options;
  const stays = (slot: number): boolean => onlyFrom !== undefined && store.tagsOf(slot).length > 1;
  if (listLag > 0) {
    const gone = slots.map((slot) => ({
      ...store.read(slot),
      ...(onlyFrom !== undefined && stays(slot) ? { containerTags: [onlyFrom] } : {}),
    }));
    ghosts.add(gone, listLag);
  }
  for (const slot of slots) {
    if (onlyFrom !== undefined && stays(slot)) store.untag(slot, onlyFrom);
    else store.delete(slot);
  }
  if (slots.length > 0) ledger.push(deletionOf(call.sequence, call.route, containerTag, Uint32Array.from(slots)));
  return slots.length;
}

/** What goes of these and what a fault leaves. */
export function partOf(
  { world, limits }: Call,
  slots: readonly number[],
  most = limits.maxDeletions ?? Infinity,
): { readonly going: readonly number[]; readonly left: readonly number[] } {
  const { leaves } = limits;
  const kept = leaves === undefined ? [] : slots.filter((slot) => leaves(world.store.read(slot)));
  const keeps = new Set(kept);
  const free = keeps.size === 0 ? slots : slots.filter((slot) => !keeps.has(slot));
  return { going: free.slice(0, most), left: [...kept, ...free.slice(most)] };
}

/** Removes a container with its documents and memories; one in which a fault leaves documents stays, with its direct memories. */
export function removeContainer(
  call: Call,
  container: Container,
  options: { readonly onlyFrom?: string | undefined } = {},
) {
  const { containerTag, documents } = container;
  const { store, behaviour } = call.world;
  const memories = memoryCount(behaviour, container);
  const removed = removeDocuments(call, partOf(call, documents.all()).going, containerTag, options);
  const goes = documents.size === 0;
  if (goes) store.containers.delete(containerTag);
  return {
    deletedDocumentsCount: call.limits.claims ?? removed,
    deletedMemoriesCount: goes ? memories : memories - memoryCount(behaviour, container),
  };
}

/** Removes documents, or the container, past every request. */
export function removeAsSomebodyElse(
  { store, lateDeletions }: World,
  request: number,
  containerTag: string,
  most: number | "container",
  from: "oldest" | "newest",
): void {
  const documents = store.containers.get(containerTag)?.documents;
  if (documents === undefined) return;
  const count = most === "container" ? documents.size : most;
  const slots = documents.page("createdAt", from === "oldest" ? "asc" : "desc", 0, count, store.updatedAtOf);
  for (const slot of slots) store.delete(slot);
  if (most === "container") store.containers.delete(containerTag);
  lateDeletions.push({
    request,
    containerTag,
    count: slots.length,
    documentIds: slots.map((slot) => store.idOf(slot)),
  });
}
