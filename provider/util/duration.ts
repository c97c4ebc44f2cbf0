const units = new Map([
  ["ms", 1],
  ["s", 1_000],
  ["sec", 1_000],
  ["second", 1_000],
  ["m", 60_000],
  ["min", 60_000],
  ["minute", 60_000],
  ["h", 3_600_000],
  ["hour", 3_600_000],
  ["d", 86_400_000],
  ["day", 86_400_000],
]);

/**
 * Reads a duration: numbers with units, such as "10m", "1h30m", "1.5h", "30 days". Milliseconds, or undefined for any
 * other text, including a number without a unit.
 */
export function parseDuration(text: string): number | undefined {
  const parts = [...text.trim().matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)\s*/gi)];
  if (parts.length === 0 || parts.map(([whole]) => whole).join("") !== text.trim()) return undefined;
  let sum = 0;
  for (const [, number, name = ""] of parts) {
    const unit = units.get(name.toLowerCase()) ?? units.get(name.toLowerCase().replace(/(?<=[a-z]{3})s$/, ""));
    if (unit === undefined) return undefined;
    sum += Number(number) * unit;
  }
  return sum;
}
