import type { Call } from "../api/call";
import { HttpProblem, type HttpResponse, json } from "../http/response";

/** The slot of a document that the key can access. Throws 404 otherwise. */
export function requireDocument(call: Call, idOrCustomId: string): number {
  const slot = call.world.store.find(idOrCustomId, (found) => canAccess(call, found));
  if (slot !== undefined) return slot;
  throw new HttpProblem(404, "Document not found", `no document has the id or customId ${idOrCustomId}`);
}

/** Whether one of the document's tags is in the scope of the key. */
export function canAccess({ key, world }: Call, slot: number): boolean {
  const { containerTags } = key;
  return containerTags === undefined || world.store.tagsOf(slot).some((tag) => containerTags.includes(tag));
}

/** GET /v3/session: not in the OpenAPI document. The vendor's command line reads the rights of its key from it at every start. */
export function getSession({ key }: Call): HttpResponse {
  const permission = key.canDelete === false ? "read" : "write";
  const tags = key.containerTags;
  return json({
    user: { email: "emulator@localhost", name: "Emulator" },
    org: { id: "emulator", name: "Emulator", slug: "emulator" },
    plan: "free",
    role: key.role ?? "owner",
    scope: tags === undefined ? { type: "full", permission } : { type: "scoped", permission, tag: tags[0], tags },
  });
}
