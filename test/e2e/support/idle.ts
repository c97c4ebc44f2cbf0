import type { ContainerSeed } from "../../../emulator";

/** A container that nobody has used for so many days. */
export function idle(days: number, documents: number): ContainerSeed {
  const createdAt = daysAgo(days);
  return { documents, createdAt, lastActivityAt: createdAt, each: { createdAt } };
}

/** A minute more, so that a scenario that takes its time still sees whole days. */
export function daysAgo(days: number): string {
  return new Date(Date.now() - days * 86_400_000 - 60_000 * Math.sign(days)).toISOString();
}
