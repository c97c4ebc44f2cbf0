import { type Phase } from "./phase";
import { isProvider, type ResourceState } from "../state/resource-state";
import { mapProperties, unknown } from "../state/values";

/**
 * Before targets are deleted, the engine asks the provider of each dependent, with unknowns in place of what comes from
 * a target, whether the dependent would have to be replaced. Dependents are deleted with the target or refused anyway,
 * so nothing follows from the answers; but providers see the calls.
 */
export async function askDependents(phase: Phase, targets: Iterable<ResourceState>): Promise<void> {
  const { snapshot, providers } = phase;
  for (const target of targets) {
    const replaced = new Set([target.urn]);
    for (const resource of snapshot.olds) {
      if (!resource.custom || isProvider(resource) || resource.provider === undefined) continue;
      const news = mapProperties(resource.inputs, (value, key) => {
        const from = resource.propertyDependencies?.[key] ?? [];
        return from.some((urn) => replaced.has(urn)) ? unknown : value;
      });
      if (Object.entries(news).every(([key, value]) => value === resource.inputs[key])) continue;
      const provider = await providers.get(resource.provider, snapshot.all);
      const { replaces } = await provider.diff(resource, resource.outputs, news, resource.inputs);
      if (replaces.length > 0) replaced.add(resource.urn);
    }
  }
}
