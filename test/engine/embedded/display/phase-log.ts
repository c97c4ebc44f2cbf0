import { isDefaultProvider } from "../../default-provider";
import { type Diagnostic, type Severity, type Step, type StepOp } from "../../types";
import { type Properties } from "../state/values";
import { messageOf } from "./message-of";

export interface Row {
  readonly urn: string;
  op: StepOp | undefined;
  state: "running" | "done" | "failed";
  startedAt: number;
  ms: number;
  readonly diagnostics: Diagnostic[];
}

/** Records the events of a phase in order. The display and the Run are made from it. */
export class PhaseLog {
  readonly steps: Step[] = [];
  readonly diagnostics: Diagnostic[] = [];
  readonly rows = new Map<string, Row>();
  outputs: Properties = {};
  onDiagnostic: (diagnostic: Diagnostic, row: Row) => void = () => undefined;

  constructor(private readonly rootUrn: string) {}

  say(severity: Severity, message: string, urn = "", ephemeral = false): void {
    const diagnostic = { severity, message: message.replace(/\n+$/, ""), urn, ephemeral };
    this.diagnostics.push(diagnostic);
    const row = this.#row(urn === "" ? this.rootUrn : urn);
    if (!ephemeral) row.diagnostics.push(diagnostic);
    this.onDiagnostic(diagnostic, row);
  }

  fail(error: unknown, urn = ""): void {
    this.say("error", messageOf(error), urn);
  }

  begin(op: StepOp, urn: string): void {
    if (isDefaultProvider(urn)) return;
    this.steps.push({ op, urn });
    const row = this.#row(urn);
    const isReplaced = row.op !== undefined && op === "delete-replaced";
    Object.assign(row, { state: "running", startedAt: Date.now(), op: isReplaced ? "replace" : op });
  }

  end(urn: string, ok = true): void {
    const row = this.rows.get(urn);
    if (row === undefined) return;
    row.state = ok && row.state !== "failed" ? "done" : "failed";
    row.ms = Date.now() - row.startedAt;
  }

  pass(op: StepOp, urn: string): void {
    this.begin(op, urn);
    this.end(urn);
  }

  #row(urn: string): Row {
    const row = this.rows.get(urn) ?? { urn, op: undefined, state: "done", startedAt: 0, ms: 0, diagnostics: [] };
    this.rows.set(urn, row);
    return row;
  }
}
