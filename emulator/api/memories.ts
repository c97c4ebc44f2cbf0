import type { Container } from "../store/container";
import type { Behaviour } from "./behaviour";

/** The memories that a container has now: those written directly, and those that its documents have brought. */
export function memoryCount({ memoriesPerDocument }: Behaviour, { memories, documents }: Container): number {
  return memories + memoriesPerDocument * documents.size;
}
