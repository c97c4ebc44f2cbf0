import * as pulumi from "@pulumi/pulumi";
import { unknownArgument } from "../util/unknown-argument";

/** The arguments of a {@link Provider}; beside `apiKey` they mean what they mean in the stack's configuration. */
export interface ProviderArgs {
  /** The key of this organization. Kept as a secret. For one command SUPERMEMORY_PURGE_API_KEY_<NAME> goes before it. */
  apiKey: pulumi.Input<string>;
  /** The API's address. @default SUPERMEMORY_BASE_URL, else "https://api.supermemory.ai" */
  baseUrl?: pulumi.Input<string>;
  /** The generation of the API. @default "auto" */
  apiVersion?: pulumi.Input<"auto" | "v3" | "v5">;
  /** Tags that are protected beside the built-in ones. @default [] */
  protectedTags?: pulumi.Input<pulumi.Input<string>[]>;
  /** Globs of which every purged tag must match one; an empty list allows none. @default all tags */
  allowedTags?: pulumi.Input<pulumi.Input<string>[]>;
  /** Requests in flight, 1 to 64. @default 8 */
  concurrency?: pulumi.Input<number>;
  /**
   * A file for one JSON line per purge, or `github` for a table in the summary of the GitHub Actions step.
   * SUPERMEMORY_RECEIPTS goes before it. @default none
   */
  receipts?: pulumi.Input<string>;
  /** Allow http to other machines, for a server of your own. @default false */
  allowInsecureHttp?: pulumi.Input<boolean>;
}

/**
 * An explicit provider instance: one organization, one key. It never falls back to the key of the stack's
 * configuration or of SUPERMEMORY_API_KEY.
 *
 * @throws RunError for an argument that it does not know, or without arguments
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
    const given: readonly [string, ProviderArgs[keyof ProviderArgs]][] = Object.entries(args);
    for (const [key, value] of given) {
      if (value !== undefined) properties[`supermemory:${key}`] = asText(value);
    }
    super("pulumi-nodejs", name, { ...properties, "supermemory:apiKey": pulumi.secret(args.apiKey) }, options);
  }
}

/** JavaScript lets a provider without arguments pass. */
function refuseNone(instance: string, args: unknown): void {
  if (typeof args === "object" && args !== null) return;
  throw new pulumi.RunError(`the provider ${instance} has no arguments; give it an apiKey`);
}

/** A guardrail that is spelled wrong would not hold, and nobody would notice. */
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

/** The engine passes a provider's arguments on as text. */
function asText(value: ProviderArgs[keyof ProviderArgs]): pulumi.Output<string> {
  return pulumi.output(value).apply((known) => (typeof known === "string" ? known : JSON.stringify(known ?? null)));
}
