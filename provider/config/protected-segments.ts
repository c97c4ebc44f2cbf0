/** Imports nothing, since programs load it at their start. */
const protectedSegments: ReadonlySet<string> = new Set(["prod", "production", "live", "main"]);

/** The parts of a tag between "-", "_" and ":". */
export function segmentsOf(tag: string): readonly string[] {
  return tag.split(/[-_:]/);
}

/** The segment of a tag that marks it as protected, as it is written there. */
export function protectedSegmentOf(tag: string): string | undefined {
  return segmentsOf(tag).find((segment) => protectedSegments.has(segment.toLowerCase()));
}
