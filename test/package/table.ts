import { rowsOf, splitAtTable } from "../repository/marked-table";
import { cellsOf, type Row } from "./matrix";
import type { Outcome } from "./run-row";

/** The table of a run in Markdown, below a line with its date and system. */
export function tableOf(results: readonly Result[], where: string): string {
  const head = ["installed by", "program", "Node", "`@pulumi/pulumi`", "create, delete"];
  const lines = [
    head,
    head.map(() => "---"),
    ...results.map(({ row, outcome }) => [...cellsOf(row), words(row, outcome)]),
  ];
  return `${where}\n\n${lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n")}`;
}

export interface Result {
  readonly row: Row;
  readonly outcome: Outcome;
}

const begin = "<!-- npm run test:package writes this -->";
const end = "<!-- up to here -->";

export function withTable(page: string, table: string): string {
  const { before, after } = splitAtTable(page, begin, end);
  return `${before}${begin}\n\n${table}\n\n${end}${after}`;
}

export function rowsIn(page: string): readonly (readonly string[])[] {
  return rowsOf(splitAtTable(page, begin, end).table);
}

export function words(row: Row, outcome: Outcome): string {
  if (outcome.result !== "ran") return `${outcome.result}: ${outcome.why.split("\n")[0] ?? ""}`;
  return row.refusal === undefined ? "yes" : `no, the SDK fails: \`${row.refusal}\``;
}
