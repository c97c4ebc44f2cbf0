import { withReferences, type ResourceState } from "./resource-state";
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
  return resources.map((resource) => ({ ...withReferences(resource, map), urn: map(resource.urn) }));
}
