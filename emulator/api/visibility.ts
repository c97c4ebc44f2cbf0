import { HttpProblem } from "../http/answer";
import type { Call } from "./call";

/** The slot of a document that the key may see. Throws 404 otherwise. */
export function requireDocument(call: Call, idOrCustomId: string): number {
  const slot = call.world.store.find(idOrCustomId, (found) => maySee(call, found));
  if (slot !== undefined) return slot;
  throw new HttpProblem(404, "Document not found", `no document has the id or customId ${idOrCustomId}`);
}

/** Whether the key's scope covers one of the document's tags. */
export function maySee({ key, world }: Call, slot: number): boolean {
  const { containerTags } = key;
  return containerTags === undefined || world.store.tagsOf(slot).some((tag) => containerTags.includes(tag));
}
