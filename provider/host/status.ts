import type { Wait } from "../client/call-context";
import { count, documents, wholeTime } from "../util/format";
import { waitLine } from "./messages";

/**
 * What happens while a resource is at work. Pulumi shows the last line on the row of the resource, cut at the edge of the
 * terminal: some 12 characters of it at 100 columns, and 32 at 120. So a line begins with what counts most.
 */
export type Status =
  /** "listing pr-42 again, because it changed": the first word names the phase. */
  | { readonly kind: "phase"; readonly text: string }
  | { readonly kind: "progress"; readonly deleted: number; readonly planned: number }
  | { readonly kind: "wait"; readonly wait: Wait };

/** What the row of a resource has to show. */
export interface RowState {
  /** What it shows when nothing waits. */
  readonly work: Exclude<Status, { kind: "wait" }> | undefined;
  readonly wait: { readonly wait: Wait; readonly until: number } | undefined;
  /** When the first delete was about to be sent. */
  readonly deletingSince: number | undefined;
  /** For how long all requests have been held back since then. */
  readonly heldMs: number;
}

export const idleRow: RowState = { work: undefined, wait: undefined, deletingSince: undefined, heldMs: 0 };

/** A line, and the step of the work that it belongs to. */
export interface StatusLine {
  readonly text: string;
  /** The phase, or each further tenth of a purge. */
  readonly step: string;
}

/**
 * The row after a status. While all requests are held back, responses of those in flight still arrive. They are recorded,
 * but the row shows the wait.
 */
export function nextRow(row: RowState, status: Status, now: number): RowState {
  const holding = row.wait?.wait.holdsAllBack === true && row.wait.until > now ? row.wait : undefined;
  switch (status.kind) {
    case "phase":
      return { ...row, work: status, wait: holding };
    case "progress":
      return { ...row, work: status, wait: holding, deletingSince: row.deletingSince ?? now };
    case "wait": {
      const { wait } = status;
      const until = now + wait.ms;
      if (wait.holdsAllBack !== true) return { ...row, wait: holding ?? { wait, until } };
      if (holding !== undefined && until <= holding.until) return row;
      const heldMs = row.deletingSince === undefined ? 0 : row.heldMs + until - (holding?.until ?? now);
      return { ...row, wait: { wait, until }, heldMs };
    }
  }
}

/** Undefined if there is nothing to show. */
export function lineOf(row: RowState, now: number): StatusLine | undefined {
  const { wait, work } = row;
  if (wait !== undefined && wait.until > now) {
    return { text: waitLine({ ...wait.wait, ms: wait.until - now }), step: `waiting, ${wait.wait.reason}` };
  }
  if (work === undefined) return undefined;
  if (work.kind === "phase") return { text: work.text, step: work.text.split(" ")[0] ?? "" };
  return { text: progressText(work, timeLeft(row, now)), step: `deleting, ${Math.floor(percentOf(work) / 10)}` };
}

/** When the line changes although nothing happens; undefined if it does not. */
export function nextChange({ wait }: RowState, now: number): number | undefined {
  if (wait === undefined || wait.until <= now) return undefined;
  return wait.until - (Math.ceil((wait.until - now) / 1000) - 1) * 1000;
}

type Progress = Extract<Status, { kind: "progress" }>;

/** "56% 11,200/20,000 deleted, 4 s left" */
function progressText(progress: Progress, left: number | undefined): string {
  const { deleted, planned } = progress;
  if (deleted === 0) return `deleting ${documents(planned)}`;
  const time = left === undefined ? "" : `, ${wholeTime(left)} left`;
  return `${percentOf(progress)}% ${count(deleted)}/${count(planned)} deleted${time}`;
}

/** Never 100 before the last document. */
function percentOf({ deleted, planned }: Progress): number {
  return deleted >= planned ? 100 : Math.floor((100 * deleted) / planned);
}

/** A guess from the deletes so far takes a moment to be worth something. */
const least = { ms: 1_000, percent: 1 };

function timeLeft({ deletingSince, heldMs, work }: RowState, now: number): number | undefined {
  if (work?.kind !== "progress" || deletingSince === undefined) return undefined;
  const elapsed = now - deletingSince - heldMs;
  const percent = percentOf(work);
  if (percent < least.percent || percent === 100 || elapsed < least.ms) return undefined;
  return (elapsed * (work.planned - work.deleted)) / work.deleted;
}
