import type { ContainerSeed } from "../../../emulator";

/** A container in which nothing happened for so many days and some minutes. */
export function idle(days: number, documents: number): ContainerSeed {
  const createdAt = new Date(Date.now() - days * 86_400_000 - 600_000).toISOString();
  return { documents, createdAt, lastActivityAt: createdAt, each: { createdAt } };
}
