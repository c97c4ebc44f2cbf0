import { isManaged, type ResourceState } from "../state/resource-state";
import { runStep, type Phase } from "./phase";

/** Refreshes all resources in the state, or only the targets, in parallel. */
export async function refreshResources(phase: Phase): Promise<void> {
  const { snapshot, selection } = phase;
  const chosen = snapshot.olds.filter(({ urn }) => selection.names(urn));
  await Promise.allSettled(
    chosen.map((old) =>
      runStep(phase, "refresh", old.urn, async () => {
        const next = await readAgain(phase, old);
        if (next === undefined) snapshot.drop(old);
        else if (next !== old) snapshot.exchange(old, next);
      }),
    ),
  );
}

/** The state that the provider reads; undefined if the resource no longer exists. */
async function readAgain({ providers, snapshot }: Phase, old: ResourceState): Promise<ResourceState | undefined> {
  if (!isManaged(old) || old.provider === undefined) return old;
  const provider = await providers.get(old.provider, snapshot.all);
  const { id, outputs, inputs } = await provider.read(old, old.outputs, old.inputs);
  if (id === "") return undefined;
  // The diff goes backwards: from the current state to the inputs of the last deployment.
  await provider.diff({ urn: old.urn, id }, outputs, old.inputs, inputs);
  return { ...old, id, inputs, outputs, initErrors: undefined };
}
