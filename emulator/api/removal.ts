import { deletionOf } from "../ledger";
import type { Call } from "./call";

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
