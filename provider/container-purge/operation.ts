import type { Overrides, Settings } from "../config/settings";
import { parseDuration } from "../util/duration";
import type { Guardrails } from "../purge/types";
import type { PurgeInputs } from "./args";
import { type ClaimedBy, createLifecycle, deleteLifecycle, type Lifecycle, updateLifecycle } from "./lifecycle";
import { emptyRecord, type PurgeRecord, type PurgeState } from "./state";

/** A resource's part in one command: what to purge, by which arguments, and what is known of it. */
export interface Operation {
  readonly urn: string | undefined;
  readonly lifecycle: Lifecycle;
  /** The arguments that govern. */
  readonly inputs: PurgeInputs;
  /** Protected tags that removals may purge: the old arguments' and the new ones'. */
  readonly allowRemoved: readonly string[];
  /** Globs of tags that a policy leaves alone. */
  readonly except?: readonly string[];
  readonly record: PurgeRecord;
}

/** The begin of a resource. */
export function createOperation(urn: string | undefined, inputs: PurgeInputs): Operation {
  return { urn, inputs, lifecycle: createLifecycle(inputs), allowRemoved: [], record: emptyRecord };
}

/** What an update from these outputs to these inputs amounts to; also for the preview. */
export function updateOperation(
  urn: string | undefined,
  old: PurgeState,
  inputs: PurgeInputs,
  claimedBy: ClaimedBy,
): Operation {
  return {
    urn,
    inputs,
    lifecycle: updateLifecycle(old, inputs, claimedBy),
    allowRemoved: [...old.inputs.allowProtectedTags, ...inputs.allowProtectedTags],
    record: old.record,
  };
}

/** The end of a resource: its outputs are all there is. */
export function deleteOperation(state: PurgeState, claimedBy: ClaimedBy): Operation {
  const { inputs, record, urn } = state;
  return {
    urn,
    inputs,
    lifecycle: deleteLifecycle(state, claimedBy),
    allowRemoved: inputs.allowProtectedTags,
    record,
  };
}

/** When the timeout of an operation that begins now is over. */
export function endOf({ inputs }: Operation, now: number): number {
  return now + (parseDuration(inputs.timeout) ?? 0);
}

/** The environment raises the limit only for what does nothing but end tags. */
export function guardrailsFor(operation: Operation, settings: Settings, overrides: Overrides): Guardrails {
  const { allowRemoved, inputs, lifecycle, record } = operation;
  const deleteOnly = lifecycle.targets.every((target) => target.event === "delete");
  const raised = deleteOnly ? (overrides.maxDeletions ?? 0) : 0;
  return {
    maxDeletions: Math.max(inputs.maxDeletions, raised),
    allowProtectedTags: { managed: inputs.allowProtectedTags, removed: allowRemoved },
    protectedTags: settings.protectedTags,
    allowedTags: settings.allowedTags,
    except: operation.except,
    address: { now: settings.baseUrl, recorded: record.baseUrl, accepted: overrides.acceptBaseUrl },
  };
}
