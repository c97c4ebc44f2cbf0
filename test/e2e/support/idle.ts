import type { ContainerSeed } from "../../../emulator";

export function idle(days: number, documents: number): ContainerSeed {
  const createdAt = daysAgo(days);
  return { documents, createdAt, lastActivityAt: createdAt, each: { createdAt } };
}

/** Adds a minute, so that a slow scenario still sees whole days. */
export function daysAgo(days: number): string {
  return new Date(Date.now() - days * 86_400_000 - 60_000 * Math.sign(days)).toISOString();
}
