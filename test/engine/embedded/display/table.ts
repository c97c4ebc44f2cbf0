import { nameOf, rootType, typeOf } from "../state/urn";
import { type Paint } from "./paint";
import { type PhaseLog, type Row } from "./phase-log";
import { look, prefixed, type PhaseResult } from "./phase-text";

/** The table of resources: a tree of types, the name, the plan or result, and the changes or last message. */
export function renderTable(log: PhaseLog, result: PhaseResult, paints: Paint): string {
  const shown = ordered([...log.rows.values()]);
  const plan = result.dryRun ? "Plan" : "Status";
  const cells = shown.map(({ row, tree }) => ({
    row,
    cells: [tree + typeOf(row.urn), nameOf(row.urn), statusOf(row, result), infoOf(row, paints)] as const,
  }));
  const widths = [0, 1, 2].map((column) =>
    Math.max(
      ...[headings(plan)[column] ?? "", ...cells.map((line) => line.cells[column] ?? "")].map((text) => text.length),
    ),
  );
  const header = `     ${headings(plan)
    .map((text, column) => text.padEnd(widths[column] ?? 0))
    .join("  ")
    .trimEnd()}`;
  const lines = cells.map(({ row, cells: [type, name, status, info] }) => {
    const padded = status.padEnd(widths[2] ?? 0);
    const painted = row.state === "failed" ? paints.bad(padded) : paints.op(padded, row.op);
    const { sign } = look(row.op === "refresh" ? undefined : row.op);
    const text = [type.padEnd(widths[0] ?? 0), name.padEnd(widths[1] ?? 0), painted, info].join("  ");
    return ` ${paints.op(sign, row.op)}  ${text}`.trimEnd();
  });
  return [paints.bold(header), ...lines].join("\n") + "\n";
}

function headings(plan: string): readonly string[] {
  return ["Type", "Name", plan, "Info"];
}

function statusOf(row: Row, result: PhaseResult): string {
  const { verb, doing, past } = look(row.op);
  const failed = row.state === "failed" || row.diagnostics.some(({ severity }) => severity === "error");
  if (result.dryRun) return row.op === "refresh" ? "" : verb;
  if (failed) return doing === "" ? "**failed**" : `**${doing} failed**`;
  if (past === "") return "";
  const seconds = row.ms / 1000;
  return `${past} (${seconds < 1 ? seconds.toFixed(2) : seconds.toFixed(0)}s)`;
}

function infoOf(row: Row, paints: Paint): string {
  const changes = row.changes.length === 0 ? [] : [`[diff: ${joined(row.changes)}]`];
  const last = row.diagnostics.findLast(({ severity }) => severity === "error") ?? row.diagnostics.at(-1);
  const message = last === undefined ? [] : [prefixed(last, paints).split("\n")[0] ?? ""];
  return [...changes, ...message].join("; ");
}

/** "+a", "+b", "~c" become "+a,b~c". */
function joined(changes: readonly string[]): string {
  return ["+", "-", "~"]
    .map((sign) => changes.filter((change) => change.startsWith(sign)).map((change) => change.slice(1)))
    .map((names, index) => (names.length === 0 ? "" : `${["+", "-", "~"][index] ?? ""}${names.join(",")}`))
    .join("");
}

interface Placed {
  readonly row: Row;
  readonly tree: string;
}

/** Parents before children. A row whose parent has no row is a child of the stack. */
function ordered(rows: readonly Row[]): readonly Placed[] {
  const root = rows.find((row) => typeOf(row.urn) === rootType);
  const rest = rows.filter((row) => row !== root);
  if (root === undefined) return rest.map((row) => ({ row, tree: "" }));
  const urns = new Set(rows.map(({ urn }) => urn));
  const parentOf = ({ parent }: Row) => (parent !== undefined && urns.has(parent) ? parent : root.urn);
  const childrenOf = (parent: Row) => rest.filter((row) => parentOf(row) === parent.urn && row !== parent);
  const place = (row: Row, tree: string, indent: string): readonly Placed[] => {
    const children = childrenOf(row);
    return [
      { row, tree },
      ...children.flatMap((child, index) => {
        const last = index === children.length - 1;
        return place(child, `${indent}${last ? "└─ " : "├─ "}`, `${indent}${last ? "   " : "│  "}`);
      }),
    ];
  };
  return place(root, "", "");
}
