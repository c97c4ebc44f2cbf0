import { splitAtTable } from "../../test/repository/marked-table";
import type { Report } from "./report";
import { measured, ratio, verdict } from "./words";

const begin = "<!-- bench: written by npm run bench -- --write -->";
const end = "<!-- /bench -->";

/** The table of a run, for bench/README.md. */
export function markdownOf({ date, latencyMs, machine, rows }: Report): string {
  return [
    `Run of ${date}: Node ${machine.node.replace("v", "")}, ${machine.system}, ${machine.cores} cores, a server with a latency of ${latencyMs} ms.`,
    "",
    "| what | against | ours | peer | ratio | to reach |",
    "|---|---|---|---|---|---|",
    ...rows.map((row) => {
      const cells = [row.what, row.against, measured(row.ours, row.unit), measured(row.peer, row.unit), ratio(row)];
      return `| ${[...cells, `${row.target}: ${verdict(row)}`].join(" | ")} |`;
    }),
  ].join("\n");
}

/** A page whose block between the two marks is replaced. @throws Error for a page without them */
export function withTable(page: string, table: string): string {
  const { before, after } = splitAtTable(page, begin, end);
  return `${before}${begin}\n${table}\n${end}${after}`;
}

/** The block of a page. @throws Error for a page without one */
export function tableIn(page: string): string {
  return splitAtTable(page, begin, end).table.trim();
}
