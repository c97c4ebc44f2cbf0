import { createHash } from "node:crypto";
import { keyProblem } from "./key-form";
import { variableOf } from "./key-variable";
import { text } from "./values";
import { KeyError } from "../errors";

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The API key of a provider instance; undefined if it is not set.
 *
 * Default instance: SUPERMEMORY_PURGE_API_KEY, then `supermemory:apiKey`, then SUPERMEMORY_API_KEY. An explicit
 * {@link Provider} only uses SUPERMEMORY_PURGE_API_KEY_<NAME>, then its own `apiKey`.
 *
 * @throws KeyError for a value that cannot be a key; the message does not contain it
 */
export function findKey(
  instance: string | undefined,
  configured: string | undefined,
  env: Environment,
): string | undefined {
  const places: readonly (readonly [source: string, value: string | undefined])[] =
    instance === undefined
      ? [
          ["SUPERMEMORY_PURGE_API_KEY", text(env["SUPERMEMORY_PURGE_API_KEY"])],
          ["supermemory:apiKey", configured],
          ["SUPERMEMORY_API_KEY", text(env["SUPERMEMORY_API_KEY"])],
        ]
      : [
          [variableOf(instance), text(env[variableOf(instance)])],
          [`apiKey of the provider ${instance}`, configured],
        ];
  for (const [source, key] of places) {
    if (key === undefined) continue;
    const wrong = keyProblem(key);
    if (wrong === undefined) return key;
    throw new KeyError(`the API key (${source}) ${wrong.problem}`, [wrong.hint]);
  }
  return undefined;
}

/** @throws KeyError with the settings that can contain the key */
export function requireKey({
  apiKey,
  instance,
}: {
  readonly apiKey: string | undefined;
  readonly instance: string | undefined;
}): string {
  if (apiKey !== undefined) return apiKey;
  if (instance !== undefined) {
    throw new KeyError(`the provider ${instance} has no API key`, [
      `set its apiKey, or ${variableOf(instance)} for this command`,
    ]);
  }
  throw new KeyError("no API key is set", [
    "set SUPERMEMORY_PURGE_API_KEY or SUPERMEMORY_API_KEY, or run: pulumi config set --secret supermemory:apiKey",
  ]);
}
/** What to do if the API rejects the key. */
export function keyHint(instance: string | undefined): string {
  return instance === undefined
    ? "check SUPERMEMORY_PURGE_API_KEY, supermemory:apiKey and SUPERMEMORY_API_KEY (the first one set is used)"
    : `check ${variableOf(instance)} and the apiKey of the provider ${instance} (the first one set is used)`;
}

/**
 * What to do about the key at destroy, which uses the configuration and the arguments of the last up. The command may also
 * be an up that removes the resource, so both lines help there too.
 */
export function keyAtDestroy(instance: string | undefined): readonly string[] {
  const { store, variable } = waysToSet(instance);
  return [
    `for this command only, set ${variable}=<key>`,
    `or ${store}, then run the same command again; pulumi destroy needs --run-program to use that key`,
  ];
}

/** What to do about the key before a destroy, in a command that does not need it. */
export function keyBeforeDestroy(instance: string | undefined): string {
  const { store, variable } = waysToSet(instance);
  return `${store}, then run pulumi up, or set ${variable}=<key> for the destroy`;
}

function waysToSet(instance: string | undefined): { readonly variable: string; readonly store: string } {
  return instance === undefined
    ? { variable: "SUPERMEMORY_PURGE_API_KEY", store: "run: pulumi config set --secret supermemory:apiKey" }
    : { variable: variableOf(instance), store: `set the apiKey of the provider ${instance} in the program` };
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
