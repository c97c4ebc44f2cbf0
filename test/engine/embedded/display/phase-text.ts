import { type Diagnostic, type StepOp } from "../../types";
import { nameOf, typeOf } from "../state/urn";
import { outputLines } from "./outputs";
import { type PhaseLog, type Row } from "./phase-log";

export interface PhaseKind {
  readonly kind: "update" | "refresh" | "destroy";
  readonly dryRun: boolean;
  readonly color: boolean;
}

export class PhaseText {
  constructor(private readonly phase: PhaseKind) {}

  header(stack: string): string {
    const { kind, dryRun } = this.phase;
    const doing = { update: "Updating", refresh: "Refreshing", destroy: "Destroying" }[kind];
    return `${this.#bold(dryRun ? `Previewing ${kind}` : doing)} (${stack}):\n\n`;
  }

  live(message: Diagnostic, row: Row): string {
    const seconds = Math.round((Date.now() - row.startedAt) / 1000);
    const { doing } = look(row.op);
    const status = row.state === "running" && doing !== "" ? `${doing} (${seconds}s)` : "";
    return `${this.#line(row, status, this.#prefixed(message))}\n`;
  }

  /** The text at the end of a phase: resources, Diagnostics, Outputs, Resources, Duration. */
  end(log: PhaseLog, { ok, ms }: { readonly ok: boolean; readonly ms: number }): string {
    const { kind, dryRun } = this.phase;
    const rows = [...log.rows.values()];
    const outputs = ok && kind !== "refresh" ? outputLines(log.outputs) : [];
    return [
      rows.map((row) => `${this.#line(row, this.#status(row), this.#info(row))}\n`).join(""),
      this.#section(
        "Diagnostics:",
        rows.filter(({ diagnostics }) => diagnostics.length > 0).map((row) => this.#messages(row)),
      ),
      this.#section("Outputs:", outputs.length > 0 ? [...outputs, ""] : []),
      this.#section("Resources:", [...this.#counts(rows), ""]),
      dryRun ? "" : `${this.#bold("Duration:")} ${Math.round(ms / 1000)}s\n`,
    ]
      .filter((part) => part !== "")
      .map((part) => `${part}\n`)
      .join("");
  }

  #section(title: string, lines: readonly string[]): string {
    return lines.length === 0 ? "" : [this.#bold(title), ...lines].join("\n");
  }

  #messages(row: Row): string {
    const lines = row.diagnostics.flatMap((message) => this.#prefixed(message).split("\n"));
    const title = `  ${this.#paint(2, typeOf(row.urn))} (${this.#bold(nameOf(row.urn))}):`;
    return [title, ...lines.map((line) => `    ${line}`), ""].join("\n");
  }

  #counts(rows: readonly Row[]): readonly string[] {
    const { kind, dryRun } = this.phase;
    const done = rows.filter(({ op, state }) => op !== undefined && state !== "failed");
    const changes = (kind === "refresh" ? [] : changing)
      .map((op) => ({ op, count: done.filter((row) => look(row.op).verb === op).length }))
      .filter(({ count }) => count > 0);
    const lines = changes.map(({ op, count }) => {
      const { sign, color, past } = look(op);
      return this.#paint(color, `${sign}${count} ${dryRun ? `to ${op}` : past}`);
    });
    const changed = changes.reduce((sum, { count }) => sum + count, 0);
    const same = done.length > changed ? [`${done.length - changed} unchanged`] : [];
    const total = [...(changes.length > 1 ? [`${changed} changes`] : []), ...same].join(". ");
    const errored = rows.filter(({ diagnostics }) => diagnostics.some(({ severity }) => severity === "error")).length;
    const bad = errored > 0 ? [this.#paint(red, `${errored} errored`)] : [];
    return [...lines, ...(total === "" ? [] : [total]), ...bad].map((line) => `    ${line}`);
  }

  #line({ urn, op }: Row, status: string, info: string): string {
    const { sign, color } = look(op);
    const parts = [this.#paint(color, sign), typeOf(urn), nameOf(urn), this.#paint(color, status), info];
    return ` ${parts.join(" ")}`.trimEnd();
  }

  #status({ op, state, diagnostics, ms }: Row): string {
    const { verb, doing, past } = look(op);
    if (this.phase.dryRun) return verb;
    const failed = state === "failed" || diagnostics.some(({ severity }) => severity === "error");
    if (failed) return `**${`${doing} failed`.trim()}**`;
    return past === "" ? "" : `${past} (${(ms / 1000).toFixed(2)}s)`;
  }

  #info({ diagnostics }: Row): string {
    const last = diagnostics.findLast(({ severity }) => severity === "error") ?? diagnostics.at(-1);
    return last === undefined ? "" : (this.#prefixed(last).split("\n")[0] ?? "");
  }

  #prefixed({ severity, message }: Diagnostic): string {
    if (severity === "error") return `${this.#paint(red, "error:")} ${message}`;
    return severity === "warning" ? `${this.#paint(yellow, "warning:")} ${message}` : message;
  }

  #bold(text: string): string {
    return this.#paint(1, text);
  }

  #paint(code: number, text: string): string {
    return this.phase.color && text.trim() !== "" ? `\u001b[${code}m${text}\u001b[0m` : text;
  }
}

const changing = ["create", "update", "replace", "delete"] as const;
const [plain, red, green, yellow, magenta] = [0, 31, 32, 33, 35];

const looks: Readonly<Record<StepOp, readonly [sign: string, verb: string, color: number]>> = {
  same: ["  ", "", plain],
  create: ["+ ", "create", green],
  update: ["~ ", "update", yellow],
  delete: ["- ", "delete", red],
  replace: ["+-", "replace", magenta],
  "create-replacement": ["++", "replace", green],
  "delete-replaced": ["--", "delete", red],
  refresh: ["~ ", "refresh", yellow],
};

function look(op: StepOp = "same") {
  const [sign, verb, color] = looks[op];
  const stem = verb.replace(/e$/, "");
  return { sign, verb, color, doing: verb === "" ? "" : `${stem}ing`, past: verb === "" ? "" : `${stem}ed` };
}
