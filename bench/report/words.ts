import type { Spread } from "../statistics";
import type { Row } from "./report";

/** "8.4 ms", "2,310 bytes", "163 MiB". */
export function measured({ median }: Spread, unit: Row["unit"]): string {
  const digits = unit === "ms" && median < 100 ? 1 : 0;
  const format = new Intl.NumberFormat("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${format.format(median)} ${unit}`;
}

/**
 * "32.10 times", or "1.04"; of several rounds with the two numbers between which half of them lie. Rounded to our
 * disadvantage, so that a ratio that misses its target never looks as if it reached it.
 */
export function ratio({
  ratio: { lower, median, upper },
  rounds,
  target,
}: Pick<Row, "ratio" | "rounds" | "target">): string {
  const isTimes = target.includes("times");
  const round = (value: number): number => (isTimes ? Math.floor(value + 1e-9) : Math.ceil(value - 1e-9));
  const format = (value: number): string => (round(value * 100) / 100).toFixed(2);
  const spread = rounds === 1 ? "" : ` (${format(lower)} to ${format(upper)})`;
  return `${format(median)}${isTimes ? " times" : ""}${spread}`;
}

export function verdict({ reached }: Row): "reached" | "missed" {
  return reached ? "reached" : "missed";
}
