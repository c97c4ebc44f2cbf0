import type { WireRequest } from "./vendor-document";

/** Who sent a request: this package, the vendor's client or command line, or a test by hand. */
export type Sender = "package" | "official client" | "official command line" | "test";

/** By what each says of itself on the wire. The command line is known by its header for the key. */
export function senderOf({ headers }: Pick<WireRequest, "headers">): Sender {
  const agent = headers["user-agent"] ?? "";
  if (agent.startsWith("pulumi-supermemory/")) return "package";
  if (agent.startsWith("Supermemory/JS ")) return "official client";
  return "x-api-key" in headers ? "official command line" : "test";
}
