import { type StepOp } from "../../types";
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
  /** Logs why a step failed, on its row. The phase fails, but goes on. */
  stepFailed(urn: string, error: unknown): void;
  /** Fails and stops the phase, whose log already has the reason. */
  stop(): void;
}

/** Does a step and logs it. A step that fails stops the phase. */
export async function runStep<T>(phase: Phase, op: StepOp, urn: string, act: () => Promise<T>): Promise<T> {
  phase.log.begin(op, urn);
  try {
    const result = await act();
    phase.log.end(urn);
    return result;
  } catch (error) {
    phase.stepFailed(urn, error);
    phase.log.end(urn, false);
    phase.stop();
    throw new Halted();
  }
}

/** What the program receives for a resource that it registered. */
export interface Registered {
  readonly urn: string;
  readonly id: string;
  readonly outputs: Properties;
}

/** Thrown where something waits when the phase ends. The log has the reason. */
export class Halted extends Error {}
