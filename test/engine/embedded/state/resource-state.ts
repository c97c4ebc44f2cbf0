import { z } from "zod";
import { rootType } from "./urn";
import { toValue, type Value } from "./values";

const value = z.unknown().transform((data): Value => toValue(data));
const properties = z.record(z.string(), value).readonly().default({});
const texts = z.array(z.string()).readonly().optional();

export const resourceSchema = z
  .object({
    urn: z.string(),
    type: z.string(),
    custom: z.boolean(),
    id: z.string().optional(),
    inputs: properties,
    outputs: properties,
    parent: z.string().optional(),
    provider: z.string().optional(),
    protect: z.boolean().optional(),
    retainOnDelete: z.boolean().optional(),
    dependencies: texts,
    propertyDependencies: z.record(z.string(), z.array(z.string()).readonly()).readonly().optional(),
    additionalSecretOutputs: texts,
    ignoreChanges: texts,
    replacementTrigger: value.optional(),
    /** Set by a create or update that failed halfway. The next up calls update. */
    initErrors: texts,
    /** Replaced, but not deleted yet. */
    delete: z.boolean().optional(),
  })
  .readonly();

/** One resource in the state file. Never changed in place; a Snapshot exchanges it for another. */
export type ResourceState = z.infer<typeof resourceSchema>;

/** URNs of the resources that this one cannot exist without. */
export function requirements(resource: ResourceState): readonly string[] {
  return [
    ...(resource.parent === undefined ? [] : [resource.parent]),
    ...(resource.provider === undefined ? [] : [providerUrn(resource.provider)]),
    ...(resource.dependencies ?? []),
    ...Object.values(resource.propertyDependencies ?? {}).flat(),
  ];
}

/** The resource with `map` applied to each URN that it refers to. */
export function withReferences(resource: ResourceState, map: (urn: string) => string): ResourceState {
  const { parent, provider, dependencies, propertyDependencies = {} } = resource;
  return {
    ...resource,
    parent: parent === undefined ? undefined : map(parent),
    provider: provider?.replace(providerUrn(provider), map),
    dependencies: dependencies?.map(map),
    propertyDependencies: Object.fromEntries(
      Object.entries(propertyDependencies).map(([key, urns]) => [key, urns.map(map)]),
    ),
  };
}

/** The resources after `pulumi stack rename`: each URN has the new stack name, and properties are unchanged. */
export function renamed(resources: readonly ResourceState[], stack: string, project: string): readonly ResourceState[] {
  const map = (urn: string): string => {
    const [, , type = "", ...name] = urn.split("::");
    const tail = type === rootType ? [type, `${project}-${stack}`] : [type, ...name];
    return [`urn:pulumi:${stack}`, project, ...tail].join("::");
  };
  return resources.map((resource) => ({ ...withReferences(resource, map), urn: map(resource.urn) }));
}

export function providerUrn(reference: string): string {
  return reference.slice(0, reference.lastIndexOf("::"));
}

export function isProvider(resource: { readonly type: string }): boolean {
  return resource.type.startsWith("pulumi:providers:");
}

export function isManaged(resource: { readonly type: string; readonly custom: boolean }): boolean {
  return resource.custom && !isProvider(resource);
}
