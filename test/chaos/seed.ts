import type { ContainerSeed, DocumentSeed, Seed } from "../../emulator/index";
import type { Case, Group } from "./case";
import { canaries, tags } from "./words";

/** The content of the server at the start of a case. */
export function seedOf({ containers }: Case, now: number): Seed {
  const seeded = Object.entries(containers).map(([tag, { documents, memories }]): [string, ContainerSeed] => [
    tag,
    { memories, documents: documents.flatMap((group) => documentsOf(group, tag, now)) },
  ]);
  return { containers: { [tags.bystander]: 3, ...Object.fromEntries(seeded) } };
}

function documentsOf(
  { ageMs, alsoIn, atOnce, count, failed, kind, processing }: Group,
  tag: string,
  now: number,
): DocumentSeed[] {
  return Array.from({ length: count }, (_, index) => ({
    content: canaries.content,
    title: canaries.title,
    createdAt: new Date(now - ageMs - (atOnce ? 0 : index)).toISOString(),
    failed,
    alsoIn: alsoIn.filter((other) => other !== tag),
    ...(kind === undefined ? {} : { metadata: { kind } }),
    // The emulator counts from createdAt, the cases count from the start of the purge.
    ...(processing === undefined
      ? {}
      : { processing: processing === "forever" ? processing : processing + ageMs + (atOnce ? 0 : index) }),
  }));
}
