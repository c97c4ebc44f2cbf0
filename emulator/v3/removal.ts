import { deletionOf } from "../ledger";
import type { Call } from "./call";

/** Removes documents and notes it in the ledger: the one place through which every deletion goes. */
export function removeDocuments(call: Call, slots: readonly number[], containerTag: string | null): number {
  const { store, ghosts, ledger } = call.world;
  const { listLag = 0 } = call.limits;
  if (listLag > 0) {
    ghosts.add(
      slots.map((slot) => store.read(slot)),
      listLag,
    );
  }
  for (const slot of slots) store.delete(slot);
  if (slots.length > 0) ledger.push(deletionOf(call.sequence, call.route, containerTag, Uint32Array.from(slots)));
  return slots.length;
}
