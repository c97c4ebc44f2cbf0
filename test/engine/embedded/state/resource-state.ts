import { z } from "zod";
import { type Goal } from "../program/goal";
import { rootType } from "./urn";
import { toValue, type Properties, type Value } from "./values";

/** One resource in the state file. Never changed in place; a Snapshot exchanges it for another. */
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
  readonly dependencies?: readonly string[] | undefined;
  readonly propertyDependencies?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly additionalSecretOutputs?: readonly string[] | undefined;
  readonly ignoreChanges?: readonly string[] | undefined;
  readonly replacementTrigger?: Value | undefined;
  /** Set by a create or update that failed halfway. The next up calls update. */
  readonly initErrors?: readonly string[] | undefined;
  /** Replaced, but not deleted yet. */
  readonly delete?: boolean | undefined;
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
  dependencies: z.array(z.string()).optional(),
  propertyDependencies: z.record(z.string(), z.array(z.string())).optional(),
  additionalSecretOutputs: z.array(z.string()).optional(),
  ignoreChanges: z.array(z.string()).optional(),
  replacementTrigger: value.optional(),
  initErrors: z.array(z.string()).optional(),
  delete: z.boolean().optional(),
});

/** URNs of the resources that this one cannot exist without. */
export function requirements(resource: ResourceState): readonly string[] {
  return [
    ...(resource.parent === undefined ? [] : [resource.parent]),
    ...(resource.provider === undefined ? [] : [providerUrn(resource.provider)]),
    ...(resource.dependencies ?? []),
    ...Object.values(resource.propertyDependencies ?? {}).flat(),
  ];
}

/** The state that a goal asks for, before anything is called. */
export function stateOf(goal: Goal, provider: string | undefined): ResourceState {
  const { identity, urn, custom, inputs } = goal;
  return {
    urn,
    type: identity.type,
    custom,
    inputs,
    outputs: {},
    parent: identity.parent === "" ? undefined : identity.parent,
    provider,
    protect: goal.protect || undefined,
    retainOnDelete: goal.retainOnDelete || undefined,
    dependencies: goal.dependencies.length === 0 ? undefined : goal.dependencies,
    propertyDependencies: Object.keys(goal.propertyDependencies).length === 0 ? undefined : goal.propertyDependencies,
    additionalSecretOutputs: goal.additionalSecretOutputs.length === 0 ? undefined : goal.additionalSecretOutputs,
    ignoreChanges: goal.ignoreChanges.length === 0 ? undefined : goal.ignoreChanges,
    replacementTrigger: goal.replacementTrigger,
  };
}

/** The resource with `map` applied to each URN that it refers to. */
export function withReferences(resource: ResourceState, map: (urn: string) => string): ResourceState {
  const { parent, provider, dependencies, propertyDependencies } = resource;
  return {
    ...resource,
    parent: parent === undefined ? undefined : map(parent),
    provider: provider === undefined ? undefined : provider.replace(providerUrn(provider), map),
    dependencies: dependencies?.map(map),
    propertyDependencies:
      propertyDependencies === undefined
        ? undefined
        : Object.fromEntries(Object.entries(propertyDependencies).map(([key, urns]) => [key, urns.map(map)])),
  };
}

/** The resources after `pulumi stack rename`: each URN has the new stack name, and properties are unchanged. */
export function renamed(resources: readonly ResourceState[], stack: string, project: string): readonly ResourceState[] {
  const map = (urn: string): string => {
    const [, , ...rest] = urn.split("::");
    const [type = ""] = rest;
    const tail = type === rootType ? `${type}::${project}-${stack}` : rest.join("::");
    return `urn:pulumi:${stack}::${project}::${tail}`;
  };
  return resources.map((resource) => ({ ...withReferences(resource, map), urn: map(resource.urn) }));
}

/** The URN in a provider reference, which is a URN and an id. */
export function providerUrn(reference: string): string {
  return reference.slice(0, reference.lastIndexOf("::"));
}

export function isProvider(resource: { readonly type: string }): boolean {
  return resource.type.startsWith("pulumi:providers:");
}
