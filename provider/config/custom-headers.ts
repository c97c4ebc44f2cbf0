import { ConfigError } from "../errors";
import type { Environment } from "./keys";

/** Further headers of each request, such as the login of a gateway. Names in lower case. */
export type CustomHeaders = Readonly<Record<string, string>>;

/**
 * SUPERMEMORY_CUSTOM_HEADERS, as the vendor's client reads it: one `name: value` per line, the last of each name. That
 * client ignores lines without a colon and lets the authorization be replaced. Both are errors here.
 *
 * @throws ConfigError with the line or the name; never with a value, which may be a secret
 */
export function customHeadersIn(env: Environment): CustomHeaders {
  const headers: Record<string, string> = {};
  for (const { line, name, value } of linesOf(env)) {
    if (name === undefined || !/^[\w!#$%&'*+.^`|~-]+$/.test(name)) throw wrong(`line ${line} is not "name: value"`);
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) throw wrong(`line ${line} contains an invalid character`);
    if (own.includes(name)) throw wrong(`${name} is set by this package or by its connection, and cannot be replaced`);
    headers[name] = value;
  }
  return headers;
}

/**
 * Every value, and the words in it, to keep them out of messages. Not shorter ones, such as "1" or "prod", which are no
 * secrets and would be found in any text. Of a line that cannot be read it is the whole line.
 */
export function customHeaderSecrets(env: Environment): readonly string[] {
  return linesOf(env).flatMap(({ value }) => [value, ...value.split(/[\s,;=]+/)].filter((part) => part.length >= 6));
}

function linesOf(env: Environment): readonly HeaderLine[] {
  return (env[variable] ?? "").split("\n").flatMap((text, index): readonly HeaderLine[] => {
    const colon = text.indexOf(":");
    if (text.trim() === "") return [];
    if (colon < 0) return [{ line: index + 1, name: undefined, value: text.trim() }];
    const [name, value] = [text.slice(0, colon).trim().toLowerCase(), text.slice(colon + 1).trim()];
    return [{ line: index + 1, name, value }];
  });
}

interface HeaderLine {
  /** From 1. */
  readonly line: number;
  /** Undefined without a colon. */
  readonly name: string | undefined;
  readonly value: string;
}

const variable = "SUPERMEMORY_CUSTOM_HEADERS";

/** Headers that a request needs as they are, and those of the connection, which undici refuses or would misread. */
const own: readonly string[] = [
  ...["accept", "accept-encoding", "authorization", "content-encoding", "content-length", "content-type", "user-agent"],
  ...["connection", "expect", "host", "http2-settings", "keep-alive", "proxy-authorization", "proxy-connection"],
  ...["te", "trailer", "transfer-encoding", "upgrade"],
];

function wrong(problem: string): ConfigError {
  return new ConfigError(`${variable} cannot be used: ${problem}`, [
    "write one header per line, such as X-Gateway-Key: <value>, or unset it",
  ]);
}
