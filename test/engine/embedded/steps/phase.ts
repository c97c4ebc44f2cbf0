import { type PhaseLog } from "../display/phase-log";
import { type Providers } from "../provider/providers";
import { type Snapshot } from "../state/snapshot";
import { type Properties } from "../state/values";
import { type Selection } from "./selection";

/** What the parts of a phase share. A phase is the preview of a command, or its execution. */
export interface Phase {
  readonly mode: "update" | "refresh" | "destroy";
  /** True in a preview, which creates, updates, deletes and stores nothing. */
  readonly dryRun: boolean;
  readonly selection: Selection;
  readonly snapshot: Snapshot;
  readonly providers: Providers;
  readonly log: PhaseLog;
  /** Aborted after a failed step or Ctrl-C. Running calls may end; no new ones start. */
  readonly halt: AbortSignal;
  /** Logs why a step failed, on its row, and stops the phase. */
  stepFailed(urn: string, error: unknown): void;
  /** Logs why a protected resource was not deleted, on its row. The phase fails, but other deletes go on. */
  deleteRefused(urn: string, error: unknown): void;
  /** Stops the phase after a refusal that was already logged. */
  invalid(): void;
}

/** What the program receives for a resource that it registered. */
export interface Registered {
  readonly urn: string;
  readonly id: string;
  readonly outputs: Properties;
}

/** Thrown to a registration that waits when the phase ends. */
export class Halted extends Error {}
