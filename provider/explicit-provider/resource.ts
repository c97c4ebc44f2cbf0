import * as pulumi from "@pulumi/pulumi";
import { variableOf } from "../config/key-variable";
import { unknownArgument } from "../util/unknown-argument";

/** The arguments of a {@link Provider}. All but `apiKey` have the same meaning as in the stack's configuration. */
export interface ProviderArgs {
  /** The key of this organization, kept as a secret. SUPERMEMORY_PURGE_API_KEY_<NAME> replaces it for one command. */
  apiKey: pulumi.Input<string>;
  /** The address of the API. @default SUPERMEMORY_BASE_URL, else "https://api.supermemory.ai" */
  baseUrl?: pulumi.Input<string>;
  /** The API version. @default "auto" */
  apiVersion?: pulumi.Input<"auto" | "v3" | "v5">;
  /** Protected tags, in addition to the built-in ones. @default [] */
  protectedTags?: pulumi.Input<pulumi.Input<string>[]>;
  /** Every purged tag must match one of these globs. An empty list allows no tags. @default all tags */
  allowedTags?: pulumi.Input<pulumi.Input<string>[]>;
  /** The maximum number of requests in flight, 1 to 64. @default 8 */
  concurrency?: pulumi.Input<number>;
  /**
   * A file to which each purge appends one line of JSON, or `github` for a table in the summary of the GitHub Actions step.
   * SUPERMEMORY_RECEIPTS replaces it. @default none
   */
  receipts?: pulumi.Input<string>;
  /** Allow http to other machines, for a self-hosted server. @default false */
  allowInsecureHttp?: pulumi.Input<boolean>;
}

/**
 * An explicit provider instance for one organization, with its own key. It never uses the key from the stack's
 * configuration or from SUPERMEMORY_API_KEY.
 *
 * @throws RunError for an unknown argument, without arguments, or if the variable for the key of another instance has the
 *   same name
 *
 * @example
 * ```ts
 * const other = new Provider("other-org", { apiKey: config.requireSecret("otherKey") });
 * new ContainerPurge("theirs", { containerTags: ["pr-42"] }, { provider: other });
 * ```
 */
export class Provider extends pulumi.ProviderResource {
  constructor(name: string, args: ProviderArgs, options?: pulumi.ResourceOptions) {
    const properties: Record<string, pulumi.Input<string>> = { "supermemory:instance": name };
    refuseNone(name, args);
    refuseUnknown(name, args);
    refuseSharedVariable(name);
    const given: readonly [string, ProviderArgs[keyof ProviderArgs]][] = Object.entries(args);
    for (const [key, value] of given) {
      if (value !== undefined) properties[`supermemory:${key}`] = asText(value);
    }
    // An update drops every argument that is not known, such as protectedTags. Then the key is not known either, so that
    // an instance without this guardrail cannot be used.
    const apiKey = pulumi.output(args).apply((known) => known.apiKey);
    super("pulumi-nodejs", name, { ...properties, "supermemory:apiKey": pulumi.secret(apiKey) }, options);
  }
}

/** JavaScript programs can omit the arguments. */
function refuseNone(instance: string, args: unknown): void {
  if (typeof args === "object" && args !== null) return;
  throw new pulumi.RunError(`the provider ${instance} has no arguments\nset its apiKey`);
}

/** The variables of the instances of a program. An inline program can run several times in one process. */
const variables = new WeakMap<object, Map<string, string>>();
/** Stands for the program in unit tests, which have no stack. */
const noStack = {};

/** One variable would give both instances the same key, and with it the same organization. */
function refuseSharedVariable(instance: string): void {
  const stack = pulumi.runtime.getStackResource();
  const taken = variables.get(stack ?? noStack) ?? new Map<string, string>();
  variables.set(stack ?? noStack, taken);
  const variable = variableOf(instance);
  const other = taken.get(variable);
  if (other !== undefined && (stack !== undefined || other !== instance)) {
    throw new pulumi.RunError(
      `the providers ${other} and ${instance} share the variable ${variable}, so both would use its key\ngive one of them another name`,
    );
  }
  taken.set(variable, instance);
}

/** A misspelled guardrail would have no effect, and nobody would notice. */
function refuseUnknown(instance: string, args: ProviderArgs): void {
  const problem = unknownArgument(args, argumentNames);
  if (problem !== undefined) throw new pulumi.RunError(`the provider ${instance} has an ${problem}`);
}

const argumentNames: Readonly<Record<keyof ProviderArgs, true>> = {
  apiKey: true,
  baseUrl: true,
  apiVersion: true,
  protectedTags: true,
  allowedTags: true,
  concurrency: true,
  receipts: true,
  allowInsecureHttp: true,
};

/** The engine passes a provider's arguments as text. */
function asText(value: ProviderArgs[keyof ProviderArgs]): pulumi.Output<string> {
  return pulumi.output(value).apply((known) => (typeof known === "string" ? known : JSON.stringify(known ?? null)));
}
