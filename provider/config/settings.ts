import { isSet, list, parseUrl, shown, tags, text, truth, whole } from "./values";
import type { Configuration } from "./names";
import { ConfigError } from "../errors";
import { type Environment, findKey, keysIn } from "./keys";
import { isLoopback } from "../util/loopback";

/** Where the API is, with which key, and the guardrails that hold for every purge of this provider instance. */
export interface Settings {
  /** The name of the explicit provider instance; undefined for the default one. */
  readonly instance: string | undefined;
  /** Absent when no source names one; each purge then fails with the list of sources. */
  readonly apiKey: string | undefined;
  /** Without a slash at the end. Default `https://api.supermemory.ai`. */
  readonly baseUrl: string;
  /** `auto` is v3 until the API shows that it is gone. Default `auto`. */
  readonly apiVersion: "auto" | "v3" | "v5";
  /** Tags that are protected beside the built-in ones. */
  readonly protectedTags: readonly string[];
  /** Globs of which every purged tag must match one; undefined allows all, an empty list none. */
  readonly allowedTags: readonly string[] | undefined;
  /** Requests in flight per process. Default 8. */
  readonly concurrency: number;
  /** Where receipts go: lines of JSON to a file, or a table to the summary of a GitHub step. Default: nowhere. */
  readonly receipts: ReceiptTarget | undefined;
}

/** `path` is undefined where GitHub did not say which file is the step's summary. */
export type ReceiptTarget =
  { readonly kind: "file"; readonly path: string } | { readonly kind: "summary"; readonly path: string | undefined };

/** The environment's say in one command; it is always today's, also in `destroy`. */
export interface Overrides {
  readonly skip: boolean;
  /** Raises the limit of deletions for this command. */
  readonly maxDeletions: number | undefined;
  /** The one new origin that passes the address check in this command. */
  readonly acceptBaseUrl: string | undefined;
}

const defaultBaseUrl = "https://api.supermemory.ai";

/**
 * Reads the configuration namespace `supermemory`, completed by the environment.
 *
 * Key: see `findKey`.
 * Address: `supermemory:baseUrl`, then SUPERMEMORY_BASE_URL, then https://api.supermemory.ai.
 * Receipts: SUPERMEMORY_RECEIPTS, then `supermemory:receipts` (in `destroy` only the environment is fresh); `github`
 * stands for the file that GITHUB_STEP_SUMMARY names.
 *
 * @throws ConfigError naming the setting, its value and what is allowed
 */
export function readSettings(config: Configuration, env: Environment): Settings {
  return withoutKeys(
    () => [config.apiKey, ...keysIn(env)],
    () => settingsFrom(config, env),
  );
}

/** Reads what the environment changes for one command. @throws ConfigError for a value that is not allowed */
export function readOverrides(env: Environment): Overrides {
  return withoutKeys(
    () => keysIn(env),
    () => overridesFrom(env),
  );
}

function settingsFrom(config: Configuration, env: Environment): Settings {
  const get = (name: keyof Configuration): string | undefined => text(config[name]);
  const insecure = truth("supermemory:allowInsecureHttp", get("allowInsecureHttp"));
  const [urlSource, url] =
    get("baseUrl") === undefined
      ? ["SUPERMEMORY_BASE_URL", text(env["SUPERMEMORY_BASE_URL"]) ?? defaultBaseUrl]
      : ["supermemory:baseUrl", get("baseUrl") ?? defaultBaseUrl];
  return {
    instance: get("instance"),
    apiKey: findKey(get("instance"), get("apiKey"), env),
    baseUrl: address(urlSource, url, insecure),
    apiVersion: generation(get("apiVersion")),
    protectedTags: [
      ...tags("supermemory:protectedTags", get("protectedTags")),
      ...tags("SUPERMEMORY_PROTECTED_TAGS", text(env["SUPERMEMORY_PROTECTED_TAGS"])),
    ],
    allowedTags: isSet(config.allowedTags) ? list("supermemory:allowedTags", get("allowedTags")) : undefined,
    concurrency: whole("supermemory:concurrency", get("concurrency") ?? "8", 1, 64),
    receipts: receiptTarget(text(env["SUPERMEMORY_RECEIPTS"]) ?? get("receipts"), env),
  };
}

/** A file named "github" can still be had as "./github". */
function receiptTarget(value: string | undefined, env: Environment): ReceiptTarget | undefined {
  if (value === undefined) return undefined;
  if (value !== "github") return { kind: "file", path: value };
  return { kind: "summary", path: text(env["GITHUB_STEP_SUMMARY"]) };
}

function overridesFrom(env: Environment): Overrides {
  const purge = text(env["SUPERMEMORY_PURGE"]);
  if (purge !== undefined && purge !== "skip") {
    throw new ConfigError(`SUPERMEMORY_PURGE is ${shown(purge)}; allowed is "skip", or unset; nothing was deleted`);
  }
  const max = text(env["SUPERMEMORY_PURGE_MAX_DELETIONS"]);
  const accept = text(env["SUPERMEMORY_ACCEPT_BASE_URL"]);
  return {
    skip: purge === "skip",
    maxDeletions:
      max === undefined ? undefined : whole("SUPERMEMORY_PURGE_MAX_DELETIONS", max, 0, Number.MAX_SAFE_INTEGER),
    acceptBaseUrl: accept === undefined ? undefined : parseUrl("SUPERMEMORY_ACCEPT_BASE_URL", accept).origin,
  };
}

/** Redacts the keys from what `read` throws: a key that was set in the wrong place must not be shown there. */
function withoutKeys<T>(keys: () => readonly unknown[], read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError(
      error.summary,
      error.hints,
      keys().flatMap((key) => text(key) ?? []),
    );
  }
}

function address(source: string, value: string, insecure: boolean): string {
  const url = parseUrl(source, value);
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    throw new ConfigError(`${source} holds a user, a query or a fragment; allowed are scheme, host, port and path`);
  }
  if (url.protocol === "http:" && !insecure && !isLoopback(url.hostname)) {
    throw new ConfigError(
      `${source} is ${url.href}: http would send the key in the clear; use https, or for a server of your own set supermemory:allowInsecureHttp to true`,
    );
  }
  return url.href.replace(/\/+$/, "");
}

function generation(value: string | undefined): Settings["apiVersion"] {
  if (value === undefined) return "auto";
  if (value === "auto" || value === "v3" || value === "v5") return value;
  throw new ConfigError(`supermemory:apiVersion is ${shown(value)}; allowed are "auto", "v3" and "v5"`);
}
