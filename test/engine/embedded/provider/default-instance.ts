import { randomUUID } from "node:crypto";
import { type Phase } from "../steps/phase";
import { type ProgramOptions } from "../program/program";
import { secret, type Value } from "../state/values";

export const providerType = "pulumi:providers:pulumi-nodejs";

/** The default instance is registered like any other resource when it is needed first; its reference. */
export function defaultProvider(
  { snapshot, providers, dryRun }: Phase,
  urn: string,
  { config, secretKeys }: Pick<ProgramOptions, "config" | "secretKeys">,
): string {
  const known = snapshot.news.find((resource) => resource.urn === urn);
  if (known !== undefined) return `${urn}::${known.id ?? ""}`;
  const old = snapshot.old(urn);
  const inputs: Record<string, Value> = {};
  for (const [key, text] of Object.entries(config)) inputs[key] = secretKeys.includes(key) ? secret(text) : text;
  const id = old?.id ?? (dryRun ? "" : randomUUID());
  snapshot.commit({ urn, type: providerType, custom: true, id, inputs, outputs: inputs }, old);
  providers.declare(urn, inputs);
  return `${urn}::${id}`;
}

/** What the CLI adds to the environment of a dynamic provider: the project, and the configuration of its namespace. */
export function providerVariables(project: string, config: ProgramOptions["config"]): Record<string, string> {
  const prefix = "pulumi-nodejs:";
  const own = Object.entries(config).filter(([key]) => key.startsWith(prefix));
  const values = Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), value]));
  return { PULUMI_NODEJS_PROJECT: project, PULUMI_PROJECT: project, PULUMI_CONFIG: JSON.stringify(values) };
}
