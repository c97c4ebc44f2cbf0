import { type RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { type ResourceState } from "../state/resource-state";
import { aliasUrn, makeUrn, type Identity } from "../state/urn";
import { fromStruct, toValue } from "../state/values";

export interface Goal {
  readonly identity: Identity;
  /** The old URNs that it may have. */
  readonly aliases: readonly string[];
  /** The state that the program asks for. An explicit provider instance is in it, the default one is not. */
  readonly asked: ResourceState;
}

/** @throws Error for a resource option that this engine does not support */
export function goalOf(request: RegisterResourceRequest, stack: string, project: string): Goal {
  refuseUnsupported(request);
  const [type, name, parent] = [request.getType(), request.getName(), request.getParent()];
  const identity = { stack, project, parent, type, name };
  const aliases = request.getAliasesList().map((alias) => aliasUrn(alias, identity));
  const propertyDependencies: Record<string, readonly string[]> = {};
  request.getPropertydependenciesMap().forEach((urns, key) => {
    propertyDependencies[key] = urns.getUrnsList();
  });
  const trigger = request.getReplacementTrigger();
  return {
    identity,
    aliases: [...request.getAliasurnsList(), ...aliases],
    asked: {
      ...{ urn: makeUrn(identity), type, custom: request.getCustom() },
      ...{ inputs: fromStruct(request.getObject()), outputs: {} },
      parent: parent || undefined,
      provider: request.getProvider() || undefined,
      protect: request.getProtect() || undefined,
      retainOnDelete: request.getRetainondelete() || undefined,
      dependencies: request.getDependenciesList(),
      propertyDependencies,
      additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
      ignoreChanges: request.getIgnorechangesList(),
      replacementTrigger: trigger === undefined ? undefined : toValue(trigger.toJavaScript()),
    },
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
  throw new Error(
    `the embedded engine, a stand-in for the Pulumi CLI, does not support the resource option ${used} of ` +
      `${request.getName()}\nremove the option, or run the program with the Pulumi CLI`,
  );
}
