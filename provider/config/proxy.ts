import { ConfigError } from "../errors";
import { isThisMachine } from "../util/address";
import type { Environment } from "./keys";
import { shown, text } from "./values";

/** The proxy of the environment. Its user and password are only in `token`, so that no message can contain them. */
export interface Proxy {
  /** Scheme, host and port. */
  readonly url: string;
  /** The variable that sets it, for messages. */
  readonly variable: string;
  /** The Proxy-Authorization header. Undefined without a user. */
  readonly token: string | undefined;
  /** Hosts that are reached without it, as undici reads them. */
  readonly noProxy: string;
}

/**
 * The proxy for https addresses: HTTPS_PROXY, then HTTP_PROXY, lower case first, as undici's EnvHttpProxyAgent reads them.
 *
 * @throws ConfigError for a value that is not the address of an HTTP proxy; the message does not contain its password
 */
export function proxyIn(env: Environment): Proxy | undefined {
  for (const variable of variables) {
    const value = text(env[variable]);
    if (value === undefined) continue;
    const url = parse(value);
    const token = url === undefined ? undefined : tokenOf(url);
    if (url === undefined || token === "invalid") throw notAProxy(variable, value);
    return { url: url.origin, variable, token, noProxy: text(env["no_proxy"]) ?? text(env["NO_PROXY"]) ?? "" };
  }
  return undefined;
}

const variables = ["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY"] as const;

/**
 * Whether a request may take a proxy. A proxy has no way to this machine, and over http it could read the key, even
 * through a tunnel.
 */
export function mayTakeProxy(url: URL): boolean {
  return url.protocol === "https:" && !isThisMachine(url);
}

/** As curl does, a value without a scheme is an HTTP proxy. */
function parse(value: string): URL | undefined {
  const full = value.includes("://") ? value : `http://${value}`;
  const url = URL.canParse(full) ? new URL(full) : undefined;
  if (url?.protocol !== "http:" && url?.protocol !== "https:") return undefined;
  // "/" or "#" in a password ends the host early, and a part of the user would be the host.
  return (url.pathname + url.search + url.hash).includes("@") ? undefined : url;
}

/** Undefined without a user; "invalid" if they are not percent-encoded correctly. */
function tokenOf({ password, username }: URL): string | undefined {
  if (username === "") return undefined;
  try {
    const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return `Basic ${Buffer.from(login).toString("base64")}`;
  } catch {
    return "invalid";
  }
}

function notAProxy(variable: string, value: string): ConfigError {
  const what = value.includes("@") ? "" : `: ${shown(value)}`;
  return new ConfigError(`${variable} is not the address of an HTTP proxy${what}`, [
    "set it to a URL such as http://proxy.example:8080, with percent-encoded user and password if it asks for a login",
  ]);
}
