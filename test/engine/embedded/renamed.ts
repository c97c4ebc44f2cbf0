import { type ResourceState } from "./resource-state";
import { rootType } from "./urn";

/**
 * The resources of a stack by another name, as `pulumi stack rename` leaves them: every URN of theirs begins with it,
 * and properties stay what they were.
 */
export function renamed(resources: readonly ResourceState[], stack: string, project: string): readonly ResourceState[] {
  const map = (urn: string): string => {
    const [, , ...rest] = urn.split("::");
    const [type = ""] = rest;
    const tail = type === rootType ? `${type}::${project}-${stack}` : rest.join("::");
    return `urn:pulumi:${stack}::${project}::${tail}`;
  };
  return resources.map((resource) => ({
    ...resource,
    urn: map(resource.urn),
    parent: optional(resource.parent, map),
    provider: optional(resource.provider, map),
    deletedWith: optional(resource.deletedWith, map),
    dependencies: resource.dependencies?.map(map),
    propertyDependencies: Object.fromEntries(
      Object.entries(resource.propertyDependencies ?? {}).map(([key, urns]) => [key, urns.map(map)]),
    ),
  }));
}

function optional(urn: string | undefined, map: (urn: string) => string): string | undefined {
  return urn === undefined ? undefined : map(urn);
}
