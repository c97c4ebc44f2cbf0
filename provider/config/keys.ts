import { createHash } from "node:crypto";
import { variableOf } from "./key-variable";
import { text } from "./values";
import { ConfigError } from "../errors";

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The API key of a provider instance; undefined if it is not set.
 *
 * Default instance: SUPERMEMORY_PURGE_API_KEY, then `supermemory:apiKey`, then SUPERMEMORY_API_KEY. An explicit
 * {@link Provider} only uses SUPERMEMORY_PURGE_API_KEY_<NAME>, then its own `apiKey`.
 *
 * @throws ConfigError for a value that cannot be a key; the message does not contain it
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
  throw new ConfigError("the API key contains a space, a line break or another invalid character", [
    "set the key again",
  ]);
}

/** @throws ConfigError with the settings that can contain the key */
export function requireKey({
  apiKey,
  instance,
}: {
  readonly apiKey: string | undefined;
  readonly instance: string | undefined;
}): string {
  if (apiKey !== undefined) return apiKey;
  if (instance !== undefined) {
    throw new ConfigError(`the provider ${instance} has no API key`, [
      `set its apiKey, or ${variableOf(instance)} for this command`,
    ]);
  }
  throw new ConfigError("no API key is set", [
    "set SUPERMEMORY_PURGE_API_KEY or SUPERMEMORY_API_KEY, or run: pulumi config set --secret supermemory:apiKey",
  ]);
}

/** What to do if the API rejects the key. */
export function keyHint(instance: string | undefined): string {
  return instance === undefined
    ? "check SUPERMEMORY_PURGE_API_KEY, supermemory:apiKey and SUPERMEMORY_API_KEY (the first one set is used)"
    : `check ${variableOf(instance)} and the apiKey of the provider ${instance} (the first one set is used)`;
}

/** The first 8 hex digits of the key's SHA-256. They show that a key changed, and do not help to guess it. */
export function keyIdOf(apiKey: string): string {
  return createHash("sha256").update(apiKey).digest("hex").slice(0, 8);
}

/** The id of the key in use; null without a key. */
export function keyIdIn({ apiKey }: { readonly apiKey: string | undefined }): string | null {
  return apiKey === undefined ? null : keyIdOf(apiKey);
}

/** Every key in the environment, to keep them out of messages. */
export function keysIn(env: Environment): readonly (string | undefined)[] {
  return Object.entries(env)
    .filter(([name]) => name === "SUPERMEMORY_API_KEY" || name.startsWith("SUPERMEMORY_PURGE_API_KEY"))
    .map(([, value]) => value);
}
