import { type RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { aliasUrn, makeUrn, type Identity } from "../state/urn";
import { fromStruct, toValue, type Properties, type Value } from "../state/values";

/** What the program asks one resource to be. */
export interface Goal {
  readonly urn: string;
  readonly identity: Identity;
  readonly custom: boolean;
  readonly inputs: Properties;
  readonly aliases: readonly string[];
  /** Reference of an explicit provider instance; empty for the default one. */
  readonly provider: string;
  readonly dependencies: readonly string[];
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly deletedWith: string;
  readonly replaceWith: readonly string[];
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  readonly additionalSecretOutputs: readonly string[];
  readonly replacementTrigger: Value | undefined;
  /** Undefined when the program leaves it to the provider. */
  readonly deleteBeforeReplace: boolean | undefined;
}

export function goalOf(request: RegisterResourceRequest, stack: string, project: string): Goal {
  const [type, name, parent] = [request.getType(), request.getName(), request.getParent()];
  const identity = { stack, project, parent, type, name };
  const aliases = request.getAliasesList().map((alias) => aliasUrn(alias, identity));
  return {
    urn: makeUrn(identity),
    identity,
    custom: request.getCustom(),
    inputs: fromStruct(request.getObject()),
    aliases: [...request.getAliasurnsList(), ...aliases],
    provider: request.getProvider(),
    dependencies: request.getDependenciesList(),
    propertyDependencies: propertyDependencies(request),
    protect: request.getProtect() ?? false,
    retainOnDelete: request.getRetainondelete() ?? false,
    deletedWith: request.getDeletedwith(),
    replaceWith: request.getReplaceWithList(),
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    replacementTrigger: triggerOf(request),
    deleteBeforeReplace: request.getDeletebeforereplacedefined() ? request.getDeletebeforereplace() : undefined,
  };
}

function propertyDependencies(request: RegisterResourceRequest): Readonly<Record<string, readonly string[]>> {
  const found: Record<string, readonly string[]> = {};
  request.getPropertydependenciesMap().forEach((urns, key) => {
    found[key] = urns.getUrnsList();
  });
  return found;
}

function triggerOf(request: RegisterResourceRequest): Value | undefined {
  const trigger = request.getReplacementTrigger();
  return trigger === undefined ? undefined : toValue(trigger.toJavaScript());
}
