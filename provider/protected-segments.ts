/** Imports nothing, since programs load it at their start. */
const protectedSegments: ReadonlySet<string> = new Set(["prod", "production", "live", "main"]);

/** The segment of a tag, between "-", "_" and ":", that marks it as protected, as it is written there. */
export function protectedSegmentOf(tag: string): string | undefined {
  return tag.split(/[-_:]/).find((segment) => protectedSegments.has(segment.toLowerCase()));
}
