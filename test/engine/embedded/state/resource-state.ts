import { z } from "zod";
import { toValue, type Properties, type Value } from "./values";

/** One resource as the state file has it. Never changed in place: a Snapshot puts another one there. */
export interface ResourceState {
  readonly urn: string;
  readonly type: string;
  readonly custom: boolean;
  readonly id?: string | undefined;
  readonly inputs: Properties;
  readonly outputs: Properties;
  readonly parent?: string | undefined;
  readonly provider?: string | undefined;
  readonly protect?: boolean | undefined;
  readonly retainOnDelete?: boolean | undefined;
  readonly deletedWith?: string | undefined;
  readonly dependencies?: readonly string[] | undefined;
  readonly propertyDependencies?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly additionalSecretOutputs?: readonly string[] | undefined;
  readonly ignoreChanges?: readonly string[] | undefined;
  readonly replacementTrigger?: Value | undefined;
  /** Left by a create or update that failed halfway: the next up calls update. */
  readonly initErrors?: readonly string[] | undefined;
  /** Replaced already, still to be deleted. */
  readonly delete?: boolean | undefined;
  /** Deleted already, still to be created again. */
  readonly pendingReplacement?: boolean | undefined;
}

const value = z.unknown().transform((data): Value => toValue(data));
const properties = z.record(z.string(), value).default({});

export const resourceSchema = z.object({
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
  deletedWith: z.string().optional(),
  dependencies: z.array(z.string()).optional(),
  propertyDependencies: z.record(z.string(), z.array(z.string())).optional(),
  additionalSecretOutputs: z.array(z.string()).optional(),
  ignoreChanges: z.array(z.string()).optional(),
  replacementTrigger: value.optional(),
  initErrors: z.array(z.string()).optional(),
  delete: z.boolean().optional(),
  pendingReplacement: z.boolean().optional(),
});

/** Everything that must exist as long as this resource does. */
export function requirements(resource: ResourceState): readonly string[] {
  return [
    ...(resource.parent === undefined ? [] : [resource.parent]),
    ...(resource.provider === undefined ? [] : [providerUrn(resource.provider)]),
    ...(resource.dependencies ?? []),
    ...Object.values(resource.propertyDependencies ?? {}).flat(),
    ...(resource.deletedWith === undefined ? [] : [resource.deletedWith]),
  ];
}

/** The resource with other URNs in the places in which it refers to others. */
export function withReferences(resource: ResourceState, map: (urn: string) => string): ResourceState {
  const { deletedWith, dependencies, parent, propertyDependencies, provider } = resource;
  return {
    ...resource,
    parent: parent === undefined ? undefined : map(parent),
    provider: provider === undefined ? undefined : provider.replace(providerUrn(provider), map),
    deletedWith: deletedWith === undefined ? undefined : map(deletedWith),
    dependencies: dependencies?.map(map),
    propertyDependencies:
      propertyDependencies === undefined
        ? undefined
        : Object.fromEntries(Object.entries(propertyDependencies).map(([key, urns]) => [key, urns.map(map)])),
  };
}

/** A provider reference is its URN and its id. */
export function providerUrn(reference: string): string {
  return reference.slice(0, reference.lastIndexOf("::"));
}

export function isProvider(resource: { readonly type: string }): boolean {
  return resource.type.startsWith("pulumi:providers:");
}
