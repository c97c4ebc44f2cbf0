import { type StepOp } from "../types";
import { type Phase } from "./phase";
import { isProvider, type ResourceState } from "./resource-state";

/** Deletes one resource and calls `done`. False when that failed: it then stays in the state. */
export async function deleteResource(
  phase: Phase,
  resource: ResourceState,
  op: StepOp,
  done: () => void,
): Promise<boolean> {
  const { log } = phase;
  const { urn } = resource;
  log.begin(op, resource);
  try {
    if (op === "delete" && resource.protect === true) throw new Error(protectedText(urn));
    if (!phase.dryRun && ownsSomething(phase, resource)) {
      const provider = await phase.providers.get(resource.provider ?? "", phase.snapshot.all);
      await provider.delete(resource, resource.outputs, resource.inputs);
    }
    done();
    log.end(urn, true);
    return true;
  } catch (error) {
    phase.stepFailed(urn, error);
    log.end(urn, false);
    return false;
  }
}

function ownsSomething(phase: Phase, resource: ResourceState): boolean {
  if (!resource.custom || isProvider(resource) || resource.retainOnDelete === true) return false;
  if (resource.pendingReplacement === true) return false;
  return resource.deletedWith === undefined || !phase.log.deleting(resource.deletedWith);
}

function protectedText(urn: string): string {
  return (
    `resource "${urn}" cannot be deleted\nbecause it is protected. To unprotect the resource, either remove the ` +
    "`protect` flag from the resource in your Pulumi program and run `pulumi up`, or use the command:\n" +
    `\`pulumi state unprotect '${urn}'\``
  );
}
