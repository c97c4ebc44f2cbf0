import { type Diagnostic, type StepOp } from "../../types";
import { nameOf, typeOf } from "../state/urn";
import { paint, type Paint } from "./paint";
import { type PhaseLog, type Row } from "./phase-log";
import { renderOutputs } from "./render-values";
import { renderTable } from "./table";

export interface PhaseResult {
  readonly kind: "update" | "refresh" | "destroy";
  readonly dryRun: boolean;
  readonly ok: boolean;
  readonly ms: number;
  readonly stack: string;
}

export function renderHeader(phase: Pick<PhaseResult, "kind" | "dryRun" | "stack">, color: boolean): string {
  const doing = { update: "Updating", refresh: "Refreshing", destroy: "Destroying" }[phase.kind];
  return paint(color).bold(phase.dryRun ? `Previewing ${phase.kind}` : doing) + ` (${phase.stack}):\n\n`;
}

/** A message during a phase, on its own line, as the CLI prints it without a terminal. */
export function renderLive(message: Diagnostic, row: Row, color: boolean): string {
  const { sign, doing } = look(row.op);
  const paints = paint(color);
  const seconds = Math.round((Date.now() - row.startedAt) / 1000);
  const status = row.state === "running" && doing !== "" ? ` ${paints.op(doing, row.op)} (${seconds}s)` : "";
  return ` ${paints.op(sign, row.op)} ${typeOf(row.urn)} ${nameOf(row.urn)}${status} ${prefixed(message, paints)}\n`;
}

/** The text at the end of a phase: table, Diagnostics, Outputs, Resources, Duration. */
export function renderPhase(log: PhaseLog, result: PhaseResult, color: boolean): string {
  const paints = paint(color);
  const parts = [renderTable(log, result, paints), renderDiagnostics(log, paints)];
  if (result.ok && result.kind !== "refresh") parts.push(renderOutputs(log.outputs, result.dryRun, paints));
  parts.push(renderSummary(log, result, paints));
  if (!result.dryRun) parts.push(`${paints.bold("Duration:")} ${Math.round(result.ms / 1000)}s\n`);
  return parts.filter((part) => part !== "").join("\n") + "\n";
}

function renderDiagnostics(log: PhaseLog, paints: Paint): string {
  const sections = [...log.rows.values()]
    .filter((row) => row.diagnostics.length > 0)
    .map((row) => {
      const lines = row.diagnostics.flatMap((message) => prefixed(message, paints).split("\n"));
      const title = `  ${paints.dim(typeOf(row.urn))} (${paints.bold(nameOf(row.urn))}):`;
      return [title, ...lines.map((line) => `    ${line}`), ""].join("\n");
    });
  return sections.length === 0 ? "" : [paints.bold("Diagnostics:"), ...sections].join("\n");
}

function renderSummary(log: PhaseLog, { kind, dryRun }: PhaseResult, paints: Paint): string {
  const rows = [...log.rows.values()];
  const done = rows.filter((row) => row.op !== undefined && row.state !== "failed");
  const counted = (kind === "refresh" ? [] : changing).map((op) => ({
    op,
    count: done.filter((row) => group(row.op) === op).length,
  }));
  const lines = counted
    .filter(({ count }) => count > 0)
    .map(({ op, count }) => {
      const { sign, verb, past } = look(op);
      return `    ${paints.op(`${sign}${count} ${dryRun ? `to ${verb}` : past}`, op)}`;
    });
  const changes = counted.reduce((sum, { count }) => sum + count, 0);
  const kinds = counted.filter(({ count }) => count > 0).length;
  const same = done.length - changes;
  const unchanged = same > 0 ? `${same} unchanged` : "";
  if (kinds > 1) lines.push(`    ${[`${changes} changes`, unchanged].filter((part) => part !== "").join(". ")}`);
  else if (unchanged !== "") lines.push(`    ${unchanged}`);
  const errored = rows.filter((row) => row.diagnostics.some(({ severity }) => severity === "error")).length;
  if (errored > 0) lines.push(`    ${paints.bad(`${errored} errored`)}`);
  return `${paints.bold("Resources:")}\n${lines.join("\n")}\n`;
}

const changing = ["create", "update", "replace", "delete"] as const;

function group(op: StepOp | undefined): StepOp | undefined {
  if (op === "create-replacement") return "replace";
  return op === "delete-replaced" ? "delete" : op;
}

/** The sign of an operation, two characters wide, and its words. */
export function look(op: StepOp | undefined): { sign: string; verb: string; doing: string; past: string } {
  switch (op) {
    case "create":
      return { sign: "+ ", verb: "create", doing: "creating", past: "created" };
    case "update":
      return { sign: "~ ", verb: "update", doing: "updating", past: "updated" };
    case "delete":
      return { sign: "- ", verb: "delete", doing: "deleting", past: "deleted" };
    case "create-replacement":
      return { sign: "++", verb: "create replacement", doing: "creating replacement", past: "created replacement" };
    case "replace":
      return { sign: "+-", verb: "replace", doing: "replacing", past: "replaced" };
    case "delete-replaced":
    case "remove-pending-replace":
      return { sign: "--", verb: "delete original", doing: "deleting original", past: "deleted original" };
    case "refresh":
      return { sign: "~ ", verb: "refresh", doing: "refreshing", past: "" };
    case "same":
    case undefined:
      return { sign: "  ", verb: "", doing: "", past: "" };
  }
}

/** A message with the CLI's prefix for warnings and errors. */
export function prefixed({ severity, message }: Diagnostic, paints: Paint): string {
  if (severity === "error") return `${paints.bad("error:")} ${message}`;
  return severity === "warning" ? `${paints.warn("warning:")} ${message}` : message;
}
