import type { Clock } from "../client/deadline";
import { idleRow, lineOf, nextChange, nextRow, type RowState, type Status, type StatusLine } from "./status";

/** How often a row may change. */
export interface Pace {
  /** The least time from the first status to the first line. */
  readonly firstMs: number;
  /** The least time between two lines. */
  readonly everyMs: number;
  /** The same, if the second line belongs to the same step. */
  readonly sameStepMs: number;
}

/** A terminal overwrites the row. */
export const terminalPace: Pace = { firstMs: 0, everyMs: 250, sameStepMs: 250 };
/** Without a terminal every change of the row is a line of its own, which nobody watches. */
export const logPace: Pace = { firstMs: 10_000, everyMs: 10_000, sameStepMs: 60_000 };

/**
 * Sends the statuses of all resources, each at its pace. A status that comes too soon waits, and a newer one replaces it. So
 * the last status before a long wait is always shown, and a wait counts down.
 */
export class StatusRows {
  readonly #rows = new Map<string | undefined, Row>();

  constructor(
    private readonly clock: Clock,
    private readonly pace: Pace,
    private readonly send: (urn: string | undefined, message: string) => void,
  ) {}

  status(urn: string | undefined, status: Status): void {
    const now = this.clock.now();
    const row = this.#rows.get(urn) ?? newRow(now - this.pace.everyMs + this.pace.firstMs);
    this.#rows.set(urn, row);
    row.state = nextRow(row.state, status, now);
    this.#show(urn, row);
  }

  /** Another line has replaced the status, until the next one. */
  replaced(urn: string | undefined): void {
    const row = this.#rows.get(urn);
    if (row === undefined) return;
    row.shown = undefined;
    row.timer?.turn.abort();
    row.timer = undefined;
  }

  /** The work is over. */
  end(urn: string | undefined): void {
    this.replaced(urn);
    const row = this.#rows.get(urn);
    if (row !== undefined) row.state = idleRow;
  }

  #show(urn: string | undefined, row: Row): void {
    const now = this.clock.now();
    const line = lineOf(row.state, now);
    let due: number | undefined;
    if (line !== undefined && line.text !== row.shown?.text) {
      due = this.#dueAt(row, line, now);
      if (due <= now) {
        row.shown = line;
        row.sentAt = now;
        this.send(urn, line.text);
        due = undefined;
      }
    }
    const wakeAt = Math.min(due ?? Infinity, nextChange(row.state, now) ?? Infinity);
    if (row.timer?.at === wakeAt) return;
    row.timer?.turn.abort();
    row.timer = undefined;
    if (wakeAt !== Infinity) void this.#wake(urn, row, wakeAt - now, wakeAt);
  }

  /** A clock that was set back holds nothing back. */
  #dueAt({ sentAt, shown }: Row, { step }: StatusLine, now: number): number {
    if (now < sentAt) return now;
    return sentAt + (shown?.step === step ? this.pace.sameStepMs : this.pace.everyMs);
  }

  async #wake(urn: string | undefined, row: Row, ms: number, at: number): Promise<void> {
    const timer = { at, turn: new AbortController() };
    row.timer = timer;
    try {
      await this.clock.sleep(ms, timer.turn.signal);
    } catch {
      return;
    }
    if (row.timer !== timer) return;
    row.timer = undefined;
    this.#show(urn, row);
  }
}

interface Row {
  state: RowState;
  /** The last line; undefined if another line has replaced it. */
  shown: StatusLine | undefined;
  sentAt: number;
  timer: { readonly at: number; readonly turn: AbortController } | undefined;
}

function newRow(sentAt: number): Row {
  return { state: idleRow, shown: undefined, sentAt, timer: undefined };
}
