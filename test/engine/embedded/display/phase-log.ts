import { isDefaultProvider } from "../../default-provider";
import { type Diagnostic, type Severity, type Step, type StepOp } from "../../types";
import { typeOf } from "../state/urn";
import { type Properties } from "../state/values";
import { messageOf } from "./message-of";

/** One resource in a phase, and its row in the table. */
export interface Row {
  readonly urn: string;
  /** URN of the parent. Without one, the parent is the stack. */
  parent: string | undefined;
  op: StepOp | undefined;
  state: "running" | "done" | "failed";
  startedAt: number;
  ms: number;
  /** Changed properties with their signs: "~containerTags". */
  changes: readonly string[];
  readonly diagnostics: Diagnostic[];
}

/** Records the events of a phase in order. The display and the Run are made from it. */
export class PhaseLog {
  readonly steps: Step[] = [];
  readonly diagnostics: Diagnostic[] = [];
  readonly rows = new Map<string, Row>();
  outputs: { readonly before: Properties; readonly after: Properties } | undefined;
  onDiagnostic: (diagnostic: Diagnostic, row: Row) => void = () => undefined;

  constructor(private readonly rootUrn: string) {}

  /** Logs a message. Without a URN it belongs to the stack. */
  say(severity: Severity, message: string, urn = "", ephemeral = false): void {
    const diagnostic = { severity, message: message.replace(/\n+$/, ""), urn, ephemeral };
    this.diagnostics.push(diagnostic);
    const row = this.row(urn === "" ? this.rootUrn : urn);
    if (!ephemeral) row.diagnostics.push(diagnostic);
    this.onDiagnostic(diagnostic, row);
  }

  /** Logs an error's message on the resource's row. */
  fail(error: unknown, urn = ""): void {
    this.say("error", messageOf(error), urn);
  }

  begin(
    op: StepOp,
    resource: { readonly urn: string; readonly parent?: string | undefined },
    changes: readonly string[] = [],
  ) {
    const { urn, parent } = resource;
    if (isDefaultProvider(urn)) return;
    this.steps.push({ op, urn, type: typeOf(urn) });
    const row = this.row(urn);
    row.parent = parent;
    const partOfReplacement = (op === "replace" || op === "delete-replaced") && row.op !== undefined;
    Object.assign(row, { state: "running", startedAt: Date.now(), op: partOfReplacement ? "replace" : op });
    if (changes.length > 0) row.changes = changes;
  }

  end(urn: string, ok: boolean): void {
    const row = this.rows.get(urn);
    if (row === undefined) return;
    row.state = ok && row.state !== "failed" ? "done" : "failed";
    row.ms = Date.now() - row.startedAt;
  }

  row(urn: string): Row {
    const known = this.rows.get(urn);
    if (known !== undefined) return known;
    const row: Row = {
      ...{ urn, parent: undefined, op: undefined, state: "done", startedAt: 0, ms: 0 },
      ...{ changes: [], diagnostics: [] },
    };
    this.rows.set(urn, row);
    return row;
  }
}
