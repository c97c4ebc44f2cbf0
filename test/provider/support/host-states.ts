import type { PurgeInputs } from "../../../provider/container-purge/args";
import type { Lifecycle } from "../../../provider/container-purge/lifecycle";
import { emptyRecord, type PendingPurge, type PurgeState } from "../../../provider/container-purge/state";

/** Arguments with defaults. */
export function inputsOf(containerTags: readonly string[], rest: Partial<PurgeInputs> = {}): PurgeInputs {
  return {
    containerTags,
    purgeOn: ["create", "update", "delete"],
    scope: "documents",
    deleteBy: "tag",
    sharedDocuments: "delete",
    maxDeletions: 10_000,
    allowProtectedTags: [],
    verify: true,
    timeout: "10m",
    ...rest,
  };
}

/** Outputs of a resource with these arguments, of which some is still to do. */
export function stateOf(inputs: PurgeInputs, pending: readonly PendingPurge[] = []): PurgeState {
  return { inputs, record: { ...emptyRecord, pending }, method: { kind: "tag" }, timeoutMs: 600_000, drift: false };
}

export function targetsOf({ targets }: Lifecycle): readonly string[] {
  return targets.map(({ containerTag, event }) => `${event} ${containerTag}`);
}

export function unclaimed(): undefined {
  return undefined;
}
