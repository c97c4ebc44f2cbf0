import { isManaged, requirements, type ResourceState } from "../state/resource-state";
import { mapProperties, sameValue, unknown } from "../state/values";
import { runStep, type Phase } from "./phase";
import { reached } from "./selection";

/**
 * Deletes the resources that the program no longer has, and those that were replaced; in a destroy, all resources.
 * Dependents come first. Resources that are equally deep in the dependency graph are deleted at the same time.
 */
export async function deleteResources(phase: Phase): Promise<void> {
  const { snapshot, selection, mode, log } = phase;
  const candidates = mode === "destroy" ? snapshot.all : snapshot.olds;
  const allowed = selection.withDependents(snapshot.all);
  if (selection.hasTargets) await askDependents(phase, allowed);
  const doomed = candidates.filter((resource) => allowed.has(resource));
  const surprises = doomed.filter(({ urn }) => !selection.names(urn));
  for (const { urn } of surprises) log.say("error", unnamedText(urn), urn);
  if (surprises.length > 0) {
    phase.stop();
    return;
  }
  for (const untouched of snapshot.olds.filter((resource) => !allowed.has(resource))) log.pass("same", untouched.urn);
  const kept = new Set<ResourceState>();
  for (const layer of layersOf(doomed)) {
    if (phase.halt.aborted) return;
    const next = layer.filter((resource) => !kept.has(resource));
    // A protected resource stops only the deletes of those that it depends on.
    for (const resource of next.filter((one) => one.protect === true && one.delete !== true)) {
      log.begin("delete", resource.urn);
      phase.stepFailed(resource.urn, new Error(protectedText(resource.urn)));
      log.end(resource.urn, false);
      const needed = reached([resource], (one) => doomed.filter(({ urn }) => requirements(one).includes(urn)));
      for (const one of needed) kept.add(one);
    }
    await Promise.allSettled(next.filter((one) => !kept.has(one)).map((one) => deleteResource(phase, one)));
  }
}

/** Layers in the order of deletion. The last one depends on no other; each of the others depends on later ones. */
function layersOf(doomed: readonly ResourceState[]): readonly (readonly ResourceState[])[] {
  if (doomed.length === 0) return [];
  const urns = new Set(doomed.map(({ urn }) => urn));
  const isFree = (one: ResourceState) => !requirements(one).some((urn) => urn !== one.urn && urns.has(urn));
  const free = doomed.filter(isFree);
  return free.length === 0 ? [doomed] : [...layersOf(doomed.filter((one) => !isFree(one))), free];
}

async function deleteResource(phase: Phase, resource: ResourceState): Promise<void> {
  const { snapshot, providers, dryRun } = phase;
  await runStep(phase, resource.delete === true ? "delete-replaced" : "delete", resource.urn, async () => {
    const needsCall = isManaged(resource) && resource.retainOnDelete !== true && !dryRun;
    if (needsCall && resource.provider !== undefined) {
      const provider = await providers.get(resource.provider, snapshot.all);
      await provider.delete(resource, resource.outputs, resource.inputs);
    }
    snapshot.drop(resource);
  });
}

/**
 * Before the engine deletes targets, it asks the provider of each dependent whether the dependent would be replaced,
 * with unknowns for the inputs that come from a target. The answers change nothing here, because a dependent is deleted
 * with its target or refused. Providers see the calls.
 */
async function askDependents({ snapshot, providers }: Phase, targets: Iterable<ResourceState>): Promise<void> {
  for (const target of targets) {
    for (const resource of snapshot.olds) {
      if (!isManaged(resource) || resource.provider === undefined) continue;
      const news = mapProperties(resource.inputs, (value, key) =>
        resource.propertyDependencies?.[key]?.includes(target.urn) === true ? unknown : value,
      );
      if (sameValue(news, resource.inputs)) continue;
      const provider = await providers.get(resource.provider, snapshot.all);
      await provider.diff(resource, resource.outputs, news, resource.inputs);
    }
  }
}

function unnamedText(urn: string): string {
  return (
    `Resource '${urn}' will be destroyed but was not specified in --target list.\n` +
    "Either include resource in --target list or pass --target-dependents to proceed."
  );
}

function protectedText(urn: string): string {
  return (
    `resource "${urn}" cannot be deleted\nbecause it is protected. To unprotect the resource, either remove the ` +
    "`protect` flag from the resource in your Pulumi program and run `pulumi up`, or use the command:\n" +
    `\`pulumi state unprotect '${urn}'\``
  );
}
