import { type StepOp } from "../../types";
import { isProvider, requirements, type ResourceState } from "../state/resource-state";
import { mapProperties, unknown } from "../state/values";
import { type Phase } from "./phase";

/**
 * Deletes the resources that the program no longer has, and those that were replaced; in a destroy, all resources.
 * Dependents come first. Resources that are equally deep in the dependency graph are deleted at the same time.
 */
export async function deleteResources(phase: Phase): Promise<void> {
  const { snapshot, selection, mode } = phase;
  const candidates = mode === "destroy" ? snapshot.all : snapshot.olds;
  const allowed = selection.withDependents(snapshot.all);
  if (selection.hasTargets) await askDependents(phase, allowed);
  const doomed = candidates.filter((resource) => allowed.has(resource));
  const surprises = doomed.filter(({ urn }) => !selection.names(urn));
  if (surprises.length > 0) {
    for (const { urn } of surprises) phase.log.say("error", unnamedText(urn), urn);
    phase.invalid();
    return;
  }
  for (const untouched of snapshot.olds.filter((resource) => !allowed.has(resource))) {
    phase.log.begin("same", untouched);
    phase.log.end(untouched.urn, true);
  }
  const kept = new Set<ResourceState>();
  for (const layer of layersOf(doomed)) {
    if (phase.halt.aborted) return;
    const next = layer.filter((resource) => !kept.has(resource));
    for (const resource of next.filter(isProtected)) {
      refuseDelete(phase, resource);
      for (const needed of dependenciesOf(resource, doomed)) kept.add(needed);
    }
    await Promise.all(next.filter((one) => !isProtected(one)).map((resource) => deleteResource(phase, resource)));
  }
}

/** Layers in the order of deletion. The last one depends on no other; each of the others depends on later ones. */
function layersOf(doomed: readonly ResourceState[]): readonly (readonly ResourceState[])[] {
  const layers: ResourceState[][] = [];
  let rest = doomed;
  while (rest.length > 0) {
    const urns = new Set(rest.map(({ urn }) => urn));
    const isFree = (one: ResourceState) => !requirements(one).some((urn) => urn !== one.urn && urns.has(urn));
    const free = rest.filter(isFree);
    layers.unshift(free.length > 0 ? free : [...rest]);
    rest = free.length > 0 ? rest.filter((one) => !isFree(one)) : [];
  }
  return layers;
}

function isProtected(resource: ResourceState): boolean {
  return resource.protect === true && resource.delete !== true;
}

/** A protected resource does not stop the deletes of others, except of those that it depends on. */
function refuseDelete(phase: Phase, resource: ResourceState): void {
  phase.log.begin("delete", resource);
  phase.deleteRefused(resource.urn, new Error(protectedText(resource.urn)));
  phase.log.end(resource.urn, false);
}

function dependenciesOf(resource: ResourceState, all: readonly ResourceState[]): ReadonlySet<ResourceState> {
  const reached = new Set([resource]);
  for (const one of reached) {
    for (const other of all) if (requirements(one).includes(other.urn)) reached.add(other);
  }
  return reached;
}

/** A resource whose delete fails stays in the state, and the phase stops. */
async function deleteResource(phase: Phase, resource: ResourceState): Promise<void> {
  const { log, snapshot, providers, dryRun } = phase;
  const { urn } = resource;
  const op: StepOp = resource.delete === true ? "delete-replaced" : "delete";
  const reference = dryRun || !needsCall(resource) ? undefined : resource.provider;
  // The process starts before the step does, so that the step's time is that of the provider's work.
  const provider = reference === undefined ? undefined : providers.get(reference, snapshot.all);
  await provider?.catch(() => undefined);
  log.begin(op, resource);
  try {
    await (await provider)?.delete(resource, resource.outputs, resource.inputs);
    snapshot.drop(resource);
    log.end(urn, true);
  } catch (error) {
    phase.stepFailed(urn, error);
    log.end(urn, false);
  }
}

function needsCall(resource: ResourceState): boolean {
  return resource.custom && !isProvider(resource) && resource.retainOnDelete !== true;
}

/**
 * Before the engine deletes targets, it asks the provider of each dependent whether the dependent would be replaced,
 * with unknowns for the inputs that come from a target. The answers change nothing here, because a dependent is deleted
 * with its target or refused. Providers see the calls.
 */
async function askDependents(phase: Phase, targets: Iterable<ResourceState>): Promise<void> {
  const { snapshot, providers } = phase;
  for (const target of targets) {
    for (const resource of snapshot.olds) {
      if (!resource.custom || isProvider(resource) || resource.provider === undefined) continue;
      const news = mapProperties(resource.inputs, (value, key) =>
        resource.propertyDependencies?.[key]?.includes(target.urn) === true ? unknown : value,
      );
      if (Object.entries(news).every(([key, value]) => value === resource.inputs[key])) continue;
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
