/** Imports nothing, because every program loads it at its start. */
const protectedSegments: ReadonlySet<string> = new Set(["prod", "production", "live", "main"]);

/** The parts of a tag between "-", "_" and ":". */
export function segmentsOf(tag: string): readonly string[] {
  return tag.split(/[-_:]/);
}

/** The segment that makes a tag protected, as it is written in the tag. */
export function protectedSegmentOf(tag: string): string | undefined {
  return segmentsOf(tag).find((segment) => protectedSegments.has(segment.toLowerCase()));
}
