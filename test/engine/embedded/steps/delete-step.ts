import { type StepOp } from "../../types";
import { type Phase } from "./phase";
import { isProvider, type ResourceState } from "../state/resource-state";

/** Deletes one resource and calls `done`. False when that failed: it then stays in the state. */
export async function deleteResource(phase: Phase, resource: ResourceState, deletion: Deletion): Promise<boolean> {
  const { op, done } = deletion;
  const { log } = phase;
  const { urn } = resource;
  const reference = phase.dryRun || !ownsSomething(resource, deletion) ? undefined : resource.provider;
  // Started before the step begins, so that its time is that of the provider's work.
  const provider = reference === undefined ? undefined : phase.providers.get(reference, phase.snapshot.all);
  await provider?.catch(() => undefined);
  log.begin(op, resource);
  try {
    if (op === "delete" && resource.protect === true) throw new Error(protectedText(urn));
    await (await provider)?.delete(resource, resource.outputs, resource.inputs);
    done();
    log.end(urn, true);
    return true;
  } catch (error) {
    phase.stepFailed(urn, error);
    log.end(urn, false);
    return false;
  }
}

export interface Deletion {
  readonly op: StepOp;
  /** URNs of everything that goes in this command. */
  readonly doomed: ReadonlySet<string>;
  /** Takes it out of the state. */
  readonly done: () => void;
}

function ownsSomething(resource: ResourceState, { doomed }: Deletion): boolean {
  if (!resource.custom || isProvider(resource) || resource.retainOnDelete === true) return false;
  if (resource.pendingReplacement === true) return false;
  return resource.deletedWith === undefined || !doomed.has(resource.deletedWith);
}

function protectedText(urn: string): string {
  return (
    `resource "${urn}" cannot be deleted\nbecause it is protected. To unprotect the resource, either remove the ` +
    "`protect` flag from the resource in your Pulumi program and run `pulumi up`, or use the command:\n" +
    `\`pulumi state unprotect '${urn}'\``
  );
}
