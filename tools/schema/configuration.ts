import type { configNames } from "../../provider/config/names";
import type { Comments } from "./comments";
import type { EnumSpec, Properties, TypeSpec } from "./spec";

/** A Provider has all of them as arguments. Its name takes the place of `instance`. */
type SettingName = Exclude<(typeof configNames)[number], "instance">;

interface Setting {
  readonly type: TypeSpec;
  /** The variables that the package reads, the first one set before the others. */
  readonly variables?: readonly string[];
}

const text: TypeSpec = { type: "string" };
const list: TypeSpec = { type: "array", items: text };

const settings: Readonly<Record<SettingName, Setting>> = {
  apiKey: { type: text, variables: ["SUPERMEMORY_PURGE_API_KEY", "SUPERMEMORY_API_KEY"] },
  baseUrl: { type: text, variables: ["SUPERMEMORY_BASE_URL"] },
  apiVersion: { type: { $ref: "#/types/supermemory:index:ApiVersion" }, variables: ["SUPERMEMORY_API_VERSION"] },
  protectedTags: { type: list },
  allowedTags: { type: list },
  concurrency: { type: { type: "integer" } },
  receipts: { type: text, variables: ["SUPERMEMORY_RECEIPTS"] },
  allowInsecureHttp: { type: { type: "boolean" } },
};

/** The values of `apiVersion`, whose type the settings refer to. */
export const apiVersion: EnumSpec = {
  type: "string",
  description: "The API version.",
  enum: ["auto", "v3", "v5"].map((value) => ({ value })),
};

/** In the stack's configuration, unlike in a Provider, the key is one of several. */
const keyInStack =
  "The API key. `SUPERMEMORY_PURGE_API_KEY` takes precedence over it. `SUPERMEMORY_API_KEY` is used if neither is set.";

/** The keys of a stack's configuration. */
export function configVariables(comments: Comments): Properties {
  return mapped((name, { type, variables }) => ({
    ...type,
    ...(name === "apiKey" ? { description: keyInStack } : comments.member("ProviderArgs", name)),
    ...(variables === undefined ? {} : { defaultInfo: { environment: variables } }),
    ...secrecy(name),
  }));
}

/**
 * The arguments of a Provider. They have no variables: an SDK would store the value of the variable in the state, where a
 * later command would use it, and a Provider without a key would get the key of another organization.
 */
export function providerInputs(comments: Comments): Properties {
  return mapped((name, { type }) => ({ ...type, ...comments.member("ProviderArgs", name), ...secrecy(name) }));
}

function mapped(write: (name: SettingName, setting: Setting) => Properties[string]): Properties {
  const names: readonly SettingName[] = Object.keys(settings).filter((name): name is SettingName => name in settings);
  return Object.fromEntries(names.map((name) => [name, write(name, settings[name])]));
}

function secrecy(name: SettingName) {
  return name === "apiKey" ? { secret: true } : {};
}
