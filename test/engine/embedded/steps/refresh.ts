import { isProvider, type ResourceState } from "../state/resource-state";
import { type Phase } from "./phase";
import { signedChanges } from "./step-runner";

/** Refreshes all resources in the state, or only the targets, in parallel. */
export async function refreshResources(phase: Phase): Promise<void> {
  const chosen = phase.snapshot.olds.filter((resource) => phase.selection.names(resource.urn));
  await Promise.all(chosen.map((resource) => refreshResource(phase, resource)));
}

/** A failure is logged and stops the phase. */
async function refreshResource(phase: Phase, old: ResourceState): Promise<void> {
  const { log, snapshot } = phase;
  log.begin("refresh", old);
  try {
    const next = await readAgain(phase, old);
    if (next === undefined) snapshot.drop(old);
    else if (next !== old) snapshot.exchange(old, next);
    log.end(old.urn, true);
  } catch (error) {
    phase.stepFailed(old.urn, error);
    log.end(old.urn, false);
  }
}

/** The state that the provider reads; undefined if the resource no longer exists. */
async function readAgain(phase: Phase, old: ResourceState): Promise<ResourceState | undefined> {
  if (!old.custom || isProvider(old) || old.provider === undefined) return old;
  const provider = await phase.providers.get(old.provider, phase.snapshot.all);
  const read = await provider.read(old, old.outputs, old.inputs);
  if (read.id === "") return undefined;
  // The diff goes backwards: from the current state to the inputs of the last deployment.
  const inputs = read.inputs ?? old.inputs;
  const reported = await provider.diff({ urn: old.urn, id: read.id }, read.outputs, old.inputs, inputs);
  const changed = reported ?? signedChanges(inputs, old.inputs).length > 0;
  if (changed) phase.log.row(old.urn).changes = signedChanges(old.outputs, read.outputs);
  return { ...old, id: read.id, inputs, outputs: read.outputs, initErrors: undefined };
}
