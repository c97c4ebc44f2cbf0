import type { WireRequest } from "./vendor-document";

/** The sender of a request: this package, the official client or command line, or a test itself. */
export type Sender = "package" | "official client" | "official command line" | "test";

/** By the user agent. The command line has none, but sends the key in a header of its own. */
export function senderOf({ headers }: Pick<WireRequest, "headers">): Sender {
  const agent = headers["user-agent"] ?? "";
  if (agent.startsWith("pulumi-supermemory/")) return "package";
  if (agent.startsWith("Supermemory/JS ")) return "official client";
  return "x-api-key" in headers ? "official command line" : "test";
}
