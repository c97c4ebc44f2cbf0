import { type Answer, json } from "../http/answer";
import type { Call } from "../api/call";

/** GET /v3/session: not in the OpenAPI document; the vendor's command line asks it at every start what its key may do. */
export function getSession({ key }: Call): Answer {
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
