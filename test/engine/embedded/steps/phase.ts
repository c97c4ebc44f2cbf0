import { type Goal } from "../program/goal";
import { type PhaseLog } from "../display/phase-log";
import { type Providers } from "../provider/providers";
import { type ResourceState } from "../state/resource-state";
import { type Selection } from "./selection";
import { type Snapshot } from "../state/snapshot";
import { type Properties } from "../state/values";

/** One deployment: the preview of a command, or its execution. What its parts share. */
export interface Phase {
  readonly mode: "update" | "refresh" | "destroy";
  /** True in a preview: nothing is created, updated, deleted or stored. */
  readonly dryRun: boolean;
  readonly selection: Selection;
  readonly snapshot: Snapshot;
  readonly providers: Providers;
  readonly log: PhaseLog;
  /** Aborted when a step failed or the user cancelled: what runs may end, nothing new begins. */
  readonly halt: AbortSignal;
  /** A step failed: says why on its row and stops the phase. */
  stepFailed(urn: string, error: unknown): void;
  /** What the program wants was refused, and said so already: stops the phase. */
  invalid(): void;
}

/** What the program gets to know about a resource that it registered. */
export interface Registered {
  readonly urn: string;
  readonly id: string;
  readonly outputs: Properties;
}

/** The phase ended while a resource waited for its turn. */
export class Halted extends Error {}

export function stateOf(goal: Goal, provider: string | undefined): ResourceState {
  const { identity, urn, custom, inputs } = goal;
  return {
    urn,
    type: identity.type,
    custom,
    inputs,
    outputs: {},
    parent: identity.parent === "" ? undefined : identity.parent,
    provider,
    protect: goal.protect || undefined,
    retainOnDelete: goal.retainOnDelete || undefined,
    deletedWith: goal.deletedWith === "" ? undefined : goal.deletedWith,
    dependencies: goal.dependencies.length === 0 ? undefined : goal.dependencies,
    propertyDependencies: Object.keys(goal.propertyDependencies).length === 0 ? undefined : goal.propertyDependencies,
    additionalSecretOutputs: goal.additionalSecretOutputs.length === 0 ? undefined : goal.additionalSecretOutputs,
    ignoreChanges: goal.ignoreChanges.length === 0 ? undefined : goal.ignoreChanges,
    replacementTrigger: goal.replacementTrigger,
  };
}
