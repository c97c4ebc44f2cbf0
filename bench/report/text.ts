import type { Report } from "./report";
import { measured, ratio, verdict } from "./words";

/** The table of a run, for a terminal. */
export function textOf({ rows }: Report): string {
  const head = ["", "ours", "peer", "ratio", "to reach", ""];
  const lines = rows.map((row) => [
    row.name,
    measured(row.ours, row.unit),
    measured(row.peer, row.unit),
    ratio(row),
    row.target,
    verdict(row),
  ]);
  const widths = head.map((title, column) => Math.max(title.length, ...lines.map((line) => line[column]?.length ?? 0)));
  return [head, ...lines]
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("   ")
        .trimEnd(),
    )
    .join("\n");
}
