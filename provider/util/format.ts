/** The format of numbers, tags and times in messages. */

/** `1200` is "1,200". Intl would take 4 ms to load, half of what this package adds to the start of a program. */
export function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** "1 document", "1,200 documents". */
export function documents(value: number): string {
  return `${count(value)} ${value === 1 ? "document" : "documents"}`;
}

/** The sum of documents. */
export function documentsIn(counted: readonly { readonly documents: number }[]): number {
  return counted.reduce((sum, { documents: number }) => sum + number, 0);
}

/** "pr-42", "pr-42 and pr-43", "a, b, c and 7 more". */
export function names(tags: readonly string[], max = 3): string {
  if (tags.length > max) return `${tags.slice(0, max).join(", ")} and ${count(tags.length - max)} more`;
  const last = tags.at(-1) ?? "no container";
  return tags.length < 2 ? last : `${tags.slice(0, -1).join(", ")} and ${last}`;
}

/** "pr-42: 113, pr-43: 4"; with more than 5 tags the largest 5 and the number of the others. */
export function largest<T>(tags: readonly T[], sizeOf: (tag: T) => number, partOf: (tag: T) => string): string {
  const max = 5;
  const sorted = tags.length > max ? [...tags].sort((a, b) => sizeOf(b) - sizeOf(a)) : tags;
  const others = tags.length - max;
  const more = others > 0 ? [`and ${count(others)} more ${others === 1 ? "tag" : "tags"}`] : [];
  return [...sorted.slice(0, max).map(partOf), ...more].join(", ");
}

/** "pr-42: 113, pr-43: 4" */
export function sharesOf(tags: readonly { readonly containerTag: string; readonly documents: number }[]): string {
  return largest(
    tags,
    (tag) => tag.documents,
    (tag) => `${tag.containerTag}: ${count(tag.documents)}`,
  );
}

/** The names of anything that has a tag. */
export function namesOf(tagged: readonly { readonly containerTag: string }[]): string {
  return names(tagged.map(({ containerTag }) => containerTag));
}

/** `412` is "0.4 s", `41_000` is "41 s", `600_000` is "10 min". */
export function duration(ms: number): string {
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  return ms < 120_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`;
}

/** A time to come, in whole units: `400` is "1 s", `90_000` is "90 s", `600_000` is "10 min", `7_200_000` is "2 h". */
export function wholeTime(ms: number): string {
  if (ms <= 120_000) return `${Math.max(1, Math.ceil(ms / 1000))} s`;
  return ms <= 120 * 60_000 ? `${Math.ceil(ms / 60_000)} min` : `${Math.ceil(ms / 3_600_000)} h`;
}

/** A minute or more in whole units: "5 minutes", "3 hours", "12 days". Hours up to two days. */
export function span(ms: number): string {
  if (ms < 3_600_000) return units(ms / 60_000, "minute");
  return ms < 48 * 3_600_000 ? units(ms / 3_600_000, "hour") : units(ms / (24 * 3_600_000), "day");
}

function units(value: number, unit: string): string {
  const whole = Math.floor(value);
  return `${whole} ${unit}${whole === 1 ? "" : "s"}`;
}
