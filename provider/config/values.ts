import { ConfigError } from "../errors";

/** Reads single values of the configuration and the environment; every error names the source and what is allowed. */

/** A set value as trimmed text, undefined for a blank one; what is not a string is read as its JSON. */
export function text(value: unknown): string | undefined {
  if (!isSet(value)) return undefined;
  const trimmed = (typeof value === "string" ? value : JSON.stringify(value)).trim();
  return trimmed === "" ? undefined : trimmed;
}

export function isSet(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** A value as a message may show it: without a user, password or query, and not when it could be a key. */
export function shown(value: string): string {
  const plain = value.replace(/^.*@/s, "").replace(/[?#].*$/s, "");
  // One that was cut could end with a part of a key, which nothing would recognize.
  const isKeyLike = plain.length > 200 || (plain.length > 20 && !/[./:]/.test(plain));
  return isKeyLike ? `a value of ${value.length} characters` : JSON.stringify(plain);
}

/** An address of http or https. */
export function parseUrl(source: string, value: string): URL {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url?.protocol === "https:" || url?.protocol === "http:") return url;
  throw new ConfigError(`${source} is ${shown(value)}, which is not a URL such as https://api.supermemory.ai`);
}

export function truth(source: string, value: string | undefined): boolean {
  if (value === undefined || value === "false") return false;
  if (value === "true") return true;
  throw new ConfigError(`${source} is ${shown(value)}; allowed are true and false`);
}

export function whole(source: string, value: string, min: number, max: number): number {
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (number >= min && number <= max) return number;
  const range = max === Number.MAX_SAFE_INTEGER ? `${min} or more` : `from ${min} to ${max}`;
  throw new ConfigError(`${source} is ${shown(value)}; allowed is a whole number, ${range}; nothing was deleted`);
}

/** A JSON list (`pulumi config set --path`) or names with commas between them; blank is the empty list. */
export function list(source: string, value: string | undefined): readonly string[] {
  if (value === undefined) return [];
  const items = /^[[{"]/.test(value) ? jsonList(source, value) : value.split(",");
  return items.map((item) => item.trim()).filter((item) => item !== "");
}

/** A list of container tags. A glob among them would protect nothing, so it is an error. */
export function tags(source: string, value: string | undefined): readonly string[] {
  const items = list(source, value);
  const wrong = items.find((item) => !/^[a-zA-Z0-9_:-]{1,100}$/.test(item));
  if (wrong === undefined) return items;
  throw new ConfigError(
    `${source} holds ${shown(wrong)}, which is no container tag; allowed are 1 to 100 letters, digits, "_", ":" and "-", globs only in allowedTags`,
  );
}

function jsonList(source: string, value: string): readonly string[] {
  try {
    const parsed: unknown = JSON.parse(value);
    if (Array.isArray(parsed) && parsed.every((item) => typeof item === "string")) return parsed;
  } catch {
    // told below, in the same words as a list of something else
  }
  throw new ConfigError(`${source} is not a list of strings; write ["a","b"] or a,b`);
}
