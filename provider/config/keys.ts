import { createHash } from "node:crypto";
import { text } from "./values";
import { ConfigError } from "../errors";

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The API key of a provider instance; undefined when no source names one.
 *
 * Default instance: SUPERMEMORY_PURGE_API_KEY, then `supermemory:apiKey`, then SUPERMEMORY_API_KEY. An explicit
 * {@link Provider} uses its own `apiKey` whatever those say; only SUPERMEMORY_PURGE_API_KEY_<NAME> goes before it.
 *
 * @throws ConfigError for a value that no key can have; the value is not shown
 */
export function findKey(
  instance: string | undefined,
  configured: string | undefined,
  env: Environment,
): string | undefined {
  const key =
    instance === undefined
      ? (text(env["SUPERMEMORY_PURGE_API_KEY"]) ?? configured ?? text(env["SUPERMEMORY_API_KEY"]))
      : (text(env[variableOf(instance)]) ?? configured);
  if (key === undefined || /^[\x21-\x7e]+$/.test(key)) return key;
  throw new ConfigError("the API key holds a space, a line break or another character that no key has; set it again");
}

/** @throws ConfigError that lists where a key can come from */
export function requireKey({
  apiKey,
  instance,
}: {
  readonly apiKey: string | undefined;
  readonly instance: string | undefined;
}): string {
  if (apiKey !== undefined) return apiKey;
  throw new ConfigError(
    instance === undefined
      ? "there is no API key; nothing was deleted\nset SUPERMEMORY_PURGE_API_KEY or SUPERMEMORY_API_KEY, or run: pulumi config set --secret supermemory:apiKey"
      : `the provider ${instance} has no API key; nothing was deleted\ngive it one as apiKey, or for this command in ${variableOf(instance)}`,
  );
}

/** What to do about a key that the API does not know. */
export function keyHint(instance: string | undefined): string {
  return instance === undefined
    ? "check SUPERMEMORY_PURGE_API_KEY, supermemory:apiKey and SUPERMEMORY_API_KEY, the first that is set counts"
    : `check the apiKey of the provider ${instance}, and ${variableOf(instance)}, which goes before it`;
}

/** The first 8 hex digits of the key's SHA-256: enough to see that a key changed, useless to guess it. */
export function keyIdOf(apiKey: string): string {
  return createHash("sha256").update(apiKey).digest("hex").slice(0, 8);
}

/** The same of the key in use; null without one. */
export function keyIdIn({ apiKey }: { readonly apiKey: string | undefined }): string | null {
  return apiKey === undefined ? null : keyIdOf(apiKey);
}

/** Every key that the environment holds, so that no message shows one. */
export function keysIn(env: Environment): readonly (string | undefined)[] {
  return Object.entries(env)
    .filter(([name]) => name === "SUPERMEMORY_API_KEY" || name.startsWith("SUPERMEMORY_PURGE_API_KEY"))
    .map(([, value]) => value);
}

/** SUPERMEMORY_PURGE_API_KEY_OTHER_ORG for an instance named "other-org". */
function variableOf(instance: string): string {
  return `SUPERMEMORY_PURGE_API_KEY_${instance.toUpperCase().replace(/[^A-Z0-9]/g, "_")}`;
}
