/** Removes from a value what differs between two equal runs, and sorts the keys of objects. */
export type Normalize = (value: unknown) => unknown;

/** @param hidden texts of one side only: its folder and its emulator's address */
export function normalized(hidden: readonly string[]): Normalize {
  const text = (value: string): string => {
    const ours = hidden.reduce((rest, one) => rest.replaceAll(one, "<own>"), value);
    return patterns.reduce((rest, [pattern, word]) => rest.replace(pattern, word), ours);
  };
  const normalize: Normalize = (value) => {
    if (typeof value === "string") return text(value);
    if (Array.isArray(value)) return value.map(normalize);
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).filter(([key, item]) => !chance.has(key) && item !== undefined);
    const kept = entries.map(([key, item]): [string, unknown] => [
      key,
      key === "ciphertext" ? "<sealed>" : normalize(item),
    ]);
    return Object.fromEntries(kept.sort(([one], [other]) => (one < other ? -1 : 1)));
  };
  return normalize;
}

/** Dates in the state, and source positions, which only newer CLIs store. */
const chance: ReadonlySet<string> = new Set(["created", "modified", "sourcePosition", "stackTrace"]);

const patterns: readonly (readonly [RegExp, string])[] = [
  [/^exports\.handler=.*$/s, "<provider>"],
  [/\d{4}-\d{2}-\d{2}T[\d:.]+Z/g, "<time>"],
  [/\b(purge|policy)-[0-9a-f]{12}\b/g, "<$1>"],
  [/(?!04da6b54)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "<uuid>"],
  [/\b\d+(\.\d+)? ?m?s\b/g, "<duration>"],
];
