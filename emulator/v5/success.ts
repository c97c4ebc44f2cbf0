import type { Call } from "../api/call";

/** What an answer to a deletion says of itself; nothing, as the OpenAPI document has it, unless a behaviour or a fault wants it. */
export function successField({ limits, world: { behaviour } }: Call): { readonly success?: boolean } {
  if (limits.success !== undefined) return { success: limits.success };
  return behaviour.successFlag ? { success: true } : {};
}
