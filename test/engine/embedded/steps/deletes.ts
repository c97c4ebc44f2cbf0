import { deleteResource } from "./delete-step";
import { type Phase } from "./phase";
import { askDependents } from "./target-dependents";
import { requirements, type ResourceState } from "../state/resource-state";

/** Deletes what has left the program or was replaced, in a destroy everything: dependents first, independent ones together. */
export async function deleteResources(phase: Phase): Promise<void> {
  const { snapshot, selection, mode } = phase;
  const candidates = mode === "destroy" ? snapshot.all : snapshot.olds;
  const { allowed, unnamed } = selection.deletable(snapshot.all);
  if (selection.hasTargets) await askDependents(phase, allowed);
  const doomed = new Set(candidates.filter((resource) => allowed.has(resource)));
  const surprises = unnamed.filter((resource) => doomed.has(resource));
  if (surprises.length > 0) {
    for (const { urn } of surprises) phase.log.say("error", unnamedText(urn), urn);
    phase.invalid();
    return;
  }
  const urns = new Set([...doomed].map(({ urn }) => urn));
  while (doomed.size > 0) {
    if (phase.halt.aborted) return;
    const next = withoutDependents(doomed);
    const deleted = await Promise.all(next.map((resource) => deleteOne(phase, resource, urns)));
    if (deleted.includes(false)) return;
    for (const resource of next) doomed.delete(resource);
  }
}

function deleteOne(phase: Phase, resource: ResourceState, doomed: ReadonlySet<string>): Promise<boolean> {
  const op =
    resource.delete === true
      ? "delete-replaced"
      : resource.pendingReplacement === true
        ? "remove-pending-replace"
        : "delete";
  const done = () => {
    phase.snapshot.drop(resource);
  };
  return deleteResource(phase, resource, { op, doomed, done });
}

/** Those of `resources` that none of the others needs; all of them when they need each other in a circle. */
function withoutDependents(resources: ReadonlySet<ResourceState>): readonly ResourceState[] {
  const free = [...resources].filter(
    (resource) => ![...resources].some((other) => other !== resource && requirements(other).includes(resource.urn)),
  );
  return free.length > 0 ? free : [...resources];
}

function unnamedText(urn: string): string {
  return (
    `Resource '${urn}' will be destroyed but was not specified in --target list.\n` +
    "Either include resource in --target list or pass --target-dependents to proceed."
  );
}
