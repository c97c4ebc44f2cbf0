import { invalid, isSet, list, parseUrl, tags, text, truth, whole } from "./values";
import type { Configuration } from "./names";
import { ConfigError, KeyError } from "../errors";
import { type CustomHeaders, customHeaderSecrets, customHeadersIn } from "./custom-headers";
import { type Environment, findKey, keysIn } from "./keys";
import { isLoopback } from "../util/loopback";

/** The address and the key of the API, and the guardrails of every purge of this provider instance. */
export interface Settings {
  /** The name of the explicit provider instance; undefined for the default one. */
  readonly instance: string | undefined;
  /** Undefined if it is not set. Each purge then fails with the list of settings that can contain it. */
  readonly apiKey: string | undefined;
  /** Without a trailing slash. Default `https://api.supermemory.ai`. */
  readonly baseUrl: string;
  /** `auto` uses v3 until it has ended. Default `auto`. */
  readonly apiVersion: "auto" | "v3" | "v5";
  /** Protected tags, in addition to the built-in ones. */
  readonly protectedTags: readonly string[];
  /** Where each of them is set, for messages. */
  readonly protectedTagSources: ReadonlyMap<string, string>;
  /** Every purged tag must match one of these globs. Undefined allows all tags, an empty list none. */
  readonly allowedTags: readonly string[] | undefined;
  /** Requests in flight per process. Default 8. */
  readonly concurrency: number;
  /** SUPERMEMORY_CUSTOM_HEADERS: further headers of each request. Their values are secrets. Default: none. */
  readonly customHeaders: CustomHeaders;
  /** Receipts are written as lines of JSON to a file, or as a table to the summary of a GitHub step. Default: none. */
  readonly receipts: ReceiptTarget | undefined;
}

/** `path` is undefined if GITHUB_STEP_SUMMARY is not set. */
export type ReceiptTarget =
  { readonly kind: "file"; readonly path: string } | { readonly kind: "summary"; readonly path: string | undefined };

/** What the environment changes for one command, including `destroy`. */
export interface Overrides {
  readonly skip: boolean;
  /** Replaces maxDeletions for this command. */
  readonly maxDeletions: number | undefined;
  /** The new origin that passes the address check in this command. */
  readonly acceptBaseUrl: string | undefined;
  /** The project, or project/stack, whose state a destroy may purge from another one in this command. */
  readonly acceptStateOf: string | undefined;
  /** SUPERMEMORY_API_VERSION=v5: a resource that v3 has protected may be purged over v5. */
  readonly acceptV5: boolean;
}

const defaultBaseUrl = "https://api.supermemory.ai";

/**
 * Reads the configuration namespace `supermemory` and the environment.
 *
 * Key: see `findKey`.
 * Address: `supermemory:baseUrl`, then SUPERMEMORY_BASE_URL, then https://api.supermemory.ai.
 * API version: SUPERMEMORY_API_VERSION, which pins it for one command, then `supermemory:apiVersion`.
 * Receipts: SUPERMEMORY_RECEIPTS, then `supermemory:receipts`, because `destroy` uses the configuration of the last
 * `up`. `github` stands for the file in GITHUB_STEP_SUMMARY.
 *
 * @throws ConfigError with the setting, its value and the allowed values
 */
export function readSettings(config: Configuration, env: Environment): Settings {
  return withoutKeys(
    () => [config.apiKey, ...secretsIn(env)],
    () => settingsFrom(config, env),
  );
}

/** Reads what the environment changes for one command. @throws ConfigError for an invalid value */
export function readOverrides(env: Environment): Overrides {
  return withoutKeys(
    () => secretsIn(env),
    () => overridesFrom(env),
  );
}

/** Every key and every value of a custom header in the environment, to keep them out of messages. */
export function secretsIn(env: Environment): readonly (string | undefined)[] {
  return [...keysIn(env), ...customHeaderSecrets(env)];
}

function settingsFrom(config: Configuration, env: Environment): Settings {
  const get = (name: keyof Configuration): string | undefined => text(config[name]);
  const instance = get("instance");
  const configured = tags("supermemory:protectedTags", get("protectedTags"));
  const byVariable = tags("SUPERMEMORY_PROTECTED_TAGS", text(env["SUPERMEMORY_PROTECTED_TAGS"]));
  const insecure = truth("supermemory:allowInsecureHttp", get("allowInsecureHttp"));
  const [urlSource, url] =
    get("baseUrl") === undefined
      ? ["SUPERMEMORY_BASE_URL", text(env["SUPERMEMORY_BASE_URL"]) ?? defaultBaseUrl]
      : ["supermemory:baseUrl", get("baseUrl") ?? defaultBaseUrl];
  return {
    instance,
    apiKey: findKey(instance, get("apiKey"), env),
    baseUrl: address(urlSource, url, insecure),
    apiVersion:
      version("SUPERMEMORY_API_VERSION", text(env["SUPERMEMORY_API_VERSION"])) ??
      version("supermemory:apiVersion", get("apiVersion")) ??
      "auto",
    protectedTags: [...configured, ...byVariable],
    protectedTagSources: new Map([
      ...byVariable.map((tag) => [tag, "SUPERMEMORY_PROTECTED_TAGS"] as const),
      ...configured.map((tag) => [tag, sourceOf("protectedTags", instance)] as const),
    ]),
    allowedTags: isSet(config.allowedTags) ? list("supermemory:allowedTags", get("allowedTags")) : undefined,
    concurrency: whole("supermemory:concurrency", get("concurrency") ?? "8", 1, 64),
    customHeaders: customHeadersIn(env),
    receipts: receiptTarget(text(env["SUPERMEMORY_RECEIPTS"]) ?? get("receipts"), env),
  };
}

function sourceOf(name: keyof Configuration, instance: string | undefined): string {
  return instance === undefined ? `supermemory:${name}` : `${name} of the provider ${instance}`;
}

/** A file named "github" can be written as "./github". */
function receiptTarget(value: string | undefined, env: Environment): ReceiptTarget | undefined {
  if (value === undefined) return undefined;
  if (value !== "github") return { kind: "file", path: value };
  return { kind: "summary", path: text(env["GITHUB_STEP_SUMMARY"]) };
}

function overridesFrom(env: Environment): Overrides {
  const purge = text(env["SUPERMEMORY_PURGE"]);
  if (purge !== undefined && purge !== "skip") {
    throw invalid("SUPERMEMORY_PURGE", purge, 'set it to "skip", or unset it');
  }
  const max = text(env["SUPERMEMORY_PURGE_MAX_DELETIONS"]);
  const accept = text(env["SUPERMEMORY_ACCEPT_BASE_URL"]);
  return {
    skip: purge === "skip",
    maxDeletions:
      max === undefined ? undefined : whole("SUPERMEMORY_PURGE_MAX_DELETIONS", max, 0, Number.MAX_SAFE_INTEGER),
    acceptBaseUrl: accept === undefined ? undefined : parseUrl("SUPERMEMORY_ACCEPT_BASE_URL", accept).origin,
    acceptStateOf: text(env["SUPERMEMORY_ACCEPT_STATE_OF"]),
    acceptV5: version("SUPERMEMORY_API_VERSION", text(env["SUPERMEMORY_API_VERSION"])) === "v5",
  };
}

/** Redacts the keys from errors of `read`, in case a key was put into the wrong setting. */
function withoutKeys<T>(keys: () => readonly unknown[], read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const secrets = keys().flatMap((key) => text(key) ?? []);
    throw error instanceof KeyError
      ? new KeyError(error.summary, error.hints, secrets)
      : new ConfigError(error.summary, error.hints, secrets);
  }
}

function address(source: string, value: string, insecure: boolean): string {
  const url = parseUrl(source, value);
  // A lone "?" or "#" has neither search nor hash, but would cut off the path of every request.
  if (url.username !== "" || url.password !== "" || /[?#]/.test(url.href)) {
    throw new ConfigError(`${source} contains a user, a query or a fragment`, ["use only scheme, host, port and path"]);
  }
  if (url.protocol === "http:" && !insecure && !isLoopback(url.hostname)) {
    throw new ConfigError(`${source} is ${url.href}, which would send the key unencrypted`, [
      "use https, or set supermemory:allowInsecureHttp to true for your own server",
    ]);
  }
  const [, before] = apiPath.exec(url.pathname) ?? [];
  if (before !== undefined) {
    throw new ConfigError(`${source} is ${url.href}, which contains a path of the API`, [
      `set it to ${url.origin}${before}`,
    ]);
  }
  return url.href.replace(/\/+$/, "");
}

/**
 * An address with a version or a route of the API at its end, as other clients and examples show it. What is before may be
 * a path of a gateway. Source: the paths in the vendor's OpenAPI documents of v3 and v5.
 */
const apiPath =
  /^(.*?)\/(?:v[345](?:\/(?:documents|search|settings|container-tags|memories|profile|conversations|connections|session).*)?|ns\/[^/]+\/(?:document|memories|list|connectors).*|ns|namespaces|connectors)\/*$/i;

function version(source: string, value: string | undefined): Settings["apiVersion"] | undefined {
  if (value === undefined || value === "auto" || value === "v3" || value === "v5") return value;
  throw invalid(source, value, 'set it to "auto", "v3" or "v5"');
}
