import { type RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { aliasUrn, makeUrn, type Identity } from "../state/urn";
import { fromStruct, toValue, type Properties, type Value } from "../state/values";

/** A resource as the program registers it. */
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
  readonly ignoreChanges: readonly string[];
  readonly additionalSecretOutputs: readonly string[];
  readonly replacementTrigger: Value | undefined;
}

/** @throws UnsupportedOption for a resource option that this engine does not support */
export function goalOf(request: RegisterResourceRequest, stack: string, project: string): Goal {
  refuseUnsupported(request);
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
    ignoreChanges: request.getIgnorechangesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    replacementTrigger: triggerOf(request),
  };
}

/** Resource options that no scenario uses. Ignoring one would hide a difference from the real engine. */
const unsupported: Readonly<Record<string, (request: RegisterResourceRequest) => boolean>> = {
  deletedWith: (request) => request.getDeletedwith() !== "",
  replaceWith: (request) => request.getReplaceWithList().length > 0,
  replaceOnChanges: (request) => request.getReplaceonchangesList().length > 0,
  deleteBeforeReplace: (request) => request.getDeletebeforereplacedefined(),
  import: (request) => request.getImportid() !== "",
  customTimeouts: (request) => Object.values(request.getCustomtimeouts()?.toObject() ?? {}).some((time) => time !== ""),
  hideDiffs: (request) => request.getHidediffsList().length > 0,
  version: (request) => request.getVersion() !== "",
  pluginDownloadURL: (request) => request.getPlugindownloadurl() !== "",
  remote: (request) => request.getRemote(),
};

function refuseUnsupported(request: RegisterResourceRequest): void {
  const [used] = Object.entries(unsupported).find(([, isUsed]) => isUsed(request)) ?? [];
  if (used === undefined) return;
  throw new UnsupportedOption(
    `the embedded engine, a stand-in for the Pulumi CLI, does not support the resource option ${used} of ` +
      `${request.getName()}\nremove the option, or run the program with the Pulumi CLI`,
  );
}

export class UnsupportedOption extends Error {}

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
