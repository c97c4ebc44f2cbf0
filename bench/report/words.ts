import type { Spread } from "../statistics";
import type { Row } from "./report";

/** "8.4 ms", "2,310 bytes", "163 MiB". */
export function measured({ median }: Spread, unit: Row["unit"]): string {
  const digits = unit === "ms" && median < 100 ? 1 : 0;
  const format = new Intl.NumberFormat("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${format.format(median)} ${unit}`;
}

/** "32.10 times", or "1.04"; of several rounds with the two numbers between which half of them lie. */
export function ratio({ ratio: { lower, median, upper }, rounds, target }: Row): string {
  const isTimes = target.includes("times");
  const format = (value: number): string => value.toFixed(2);
  const spread = rounds === 1 ? "" : ` (${format(lower)} to ${format(upper)})`;
  return `${format(median)}${isTimes ? " times" : ""}${spread}`;
}

export function verdict({ reached }: Row): "reached" | "missed" {
  return reached ? "reached" : "missed";
}
