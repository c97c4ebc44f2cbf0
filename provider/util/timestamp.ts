/**
 * Reads a date of RFC 3339, such as "2026-01-31T12:00:00Z": milliseconds since the epoch, or undefined for any other
 * text. `Date.parse` alone would read a date without its offset from UTC as local time, and "day 5" as a day of 2001.
 */
export function parseTimestamp(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}(?::?\d{2})?)$/.test(text)) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}
