import { ConfigError } from "../errors";

/** Reads single values of the configuration and the environment. Every error names the setting and the allowed values. */

/** A value as trimmed text; undefined if it is blank. A value that is not a string is read as its JSON. */
export function text(value: unknown): string | undefined {
  if (!isSet(value)) return undefined;
  const trimmed = (typeof value === "string" ? value : JSON.stringify(value)).trim();
  return trimmed === "" ? undefined : trimmed;
}

export function isSet(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** A value as a message may show it: without user, password and query, and only its length if it could be a key. */
export function shown(value: string): string {
  const plain = value.replace(/^.*@/s, "").replace(/[?#].*$/s, "");
  // A shortened value could end with a part of a key, which no rule would find.
  const isKeyLike = plain.length > 200 || (plain.length > 20 && !/[./:]/.test(plain));
  return isKeyLike ? `text of ${value.length} characters (not shown)` : JSON.stringify(plain);
}

export function invalid(source: string, value: string, hint: string): ConfigError {
  return new ConfigError(`${source} has an invalid value: ${shown(value)}`, [hint]);
}

/** An address of http or https. */
export function parseUrl(source: string, value: string): URL {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url?.protocol === "https:" || url?.protocol === "http:") return url;
  throw invalid(source, value, "set it to a URL such as https://api.supermemory.ai");
}

export function truth(source: string, value: string | undefined): boolean {
  if (value === undefined || value === "false") return false;
  if (value === "true") return true;
  throw invalid(source, value, "set it to true or false");
}

export function whole(source: string, value: string, min: number, max: number): number {
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (number >= min && number <= max) return number;
  const range = max === Number.MAX_SAFE_INTEGER ? `${min} or more` : `from ${min} to ${max}`;
  throw invalid(source, value, `set it to a whole number, ${range}`);
}

/** A JSON list (`pulumi config set --path`) or names separated by commas. A blank value is an empty list. */
export function list(source: string, value: string | undefined): readonly string[] {
  if (value === undefined) return [];
  const items = /^[[{"]/.test(value) ? jsonList(source, value) : value.split(",");
  return items.map((item) => item.trim()).filter((item) => item !== "");
}

/** A list of container tags. A glob would protect nothing, so it is an error. */
export function tags(source: string, value: string | undefined): readonly string[] {
  const items = list(source, value);
  const wrong = items.find((item) => !/^[a-zA-Z0-9_:-]{1,100}$/.test(item));
  if (wrong === undefined) return items;
  throw new ConfigError(`${source} contains ${shown(wrong)}, which is not a valid container tag`, [
    'use 1 to 100 letters, digits, "_", ":" and "-"; globs are only allowed in allowedTags',
  ]);
}

function jsonList(source: string, value: string): readonly string[] {
  try {
    const parsed: unknown = JSON.parse(value);
    if (Array.isArray(parsed) && parsed.every((item) => typeof item === "string")) return parsed;
  } catch {
    // The error below applies to this value as well.
  }
  throw new ConfigError(`${source} is not a list of strings`, ['write ["a","b"] or a,b']);
}
