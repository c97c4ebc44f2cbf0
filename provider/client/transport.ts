import * as dns from "node:dns";
import type { LookupFunction } from "node:net";
import type { Dispatcher } from "undici";
import type { Environment } from "../config/keys";
import { mayTakeProxy, type Proxy, proxyIn } from "../config/proxy";
import { ApiError, SupermemoryError } from "../errors";
import { isThisMachine } from "../util/address";
import { isLocalName } from "../util/loopback";
import { exchange, type HttpRequest, type HttpResponse } from "./exchange";
import { ProxyError } from "./transport-errors";

/** One HTTP exchange: a request out, status and text in. No retries, no interpretation. */
export interface Transport {
  /** Rejects with an `ApiError` if no complete response arrives. */
  send(request: HttpRequest): Promise<HttpResponse>;
  close(): Promise<void>;
}

/**
 * Loads undici with the first request, because most calls of the engine send none.
 *
 * @param env the environment variables that configure a proxy. Default: no proxy
 */
export function createTransport(concurrency: number, lookup = lookupHost, env: Environment = {}): Transport {
  const settings = { concurrency, lookup };
  let direct: Promise<Dispatcher> | undefined;
  let proxied: Promise<Dispatcher> | undefined;
  return {
    async send(request) {
      const proxy = proxyOf(request, env);
      if (proxy !== undefined) {
        proxied ??= openProxied(settings, proxy);
        return await exchange(await proxied, request);
      }
      direct ??= openDirect(settings);
      return await exchange(await direct, request).catch((error: unknown) => {
        throw withUnusedProxy(error, new URL(request.url), env);
      });
    },
    async close() {
      await (await direct)?.destroy();
      await (await proxied)?.destroy();
    },
  };
}

interface ConnectionSettings {
  readonly concurrency: number;
  readonly lookup: LookupFunction;
}

const connectTimeoutMs = 10_000;

async function openDirect(settings: ConnectionSettings): Promise<Dispatcher> {
  const undici = await import("undici");
  return new undici.Agent(agentOptions(settings));
}

/** Requests to hosts of NO_PROXY take no proxy. undici reads that list. */
async function openProxied(settings: ConnectionSettings, proxy: Proxy): Promise<Dispatcher> {
  const undici = await import("undici");
  const options = agentOptions(settings);
  return new undici.EnvHttpProxyAgent({
    ...options,
    httpsProxy: proxy.url,
    httpProxy: "",
    noProxy: proxy.noProxy,
    ...(proxy.token === undefined ? {} : { token: proxy.token }),
    proxyTls: options.connect,
    requestTls: tlsOptions,
    clientFactory: (origin, given) => {
      const pool = new undici.Pool(origin, { ...given, headersTimeout: connectTimeoutMs });
      return Object.assign(pool, { connect: tunnelThrough(proxy, pool.connect.bind(pool)) });
    },
  });
}

/**
 * Every problem with the proxy becomes a `ProxyError`. Without it, undici would not tell the proxy from the API, and would
 * connect again and again, without a pause, to a proxy that closes the connection.
 */
function tunnelThrough(proxy: Proxy, connect: Connect): Connect {
  return async (request) => {
    const target = request.path;
    const data = await connect(request).catch((cause: unknown) => {
      throw new ProxyError(proxy, target, undefined, cause);
    });
    if (data.statusCode === 200) return data;
    data.socket.on("error", () => undefined).destroy();
    throw new ProxyError(proxy, target, data.statusCode);
  };
}

type Connect = (request: Dispatcher.ConnectOptions) => Promise<Dispatcher.ConnectData>;

/** With NODE_TLS_REJECT_UNAUTHORIZED=0 anyone on the network path could read the key. */
const tlsOptions = { rejectUnauthorized: true, timeout: connectTimeoutMs } as const;

function agentOptions({ concurrency, lookup }: ConnectionSettings) {
  return {
    connections: concurrency,
    pipelining: 1,
    connect: {
      ...tlsOptions,
      lookup,
      // Node gives each address of a host 250 ms. A slow IPv4 connection would lose to IPv6 that leads nowhere.
      autoSelectFamilyAttemptTimeout: 3_000,
    },
    // undici's own timeouts are up to a second late; the timer of the exchange is exact.
    headersTimeout: 0,
    bodyTimeout: 0,
  } as const;
}

/** The same error. Over http to another machine it adds why the proxy is not used, which may be the only way there. */
function withUnusedProxy(error: unknown, url: URL, env: Environment): unknown {
  if (!(error instanceof ApiError) || error.failure.kind !== "unreachable") return error;
  const proxy = url.protocol === "http:" && !isThisMachine(url) ? proxyIn(env) : undefined;
  if (proxy === undefined) return error;
  const hint = `${proxy.variable} is not used for an http address, because the proxy could read the key. Use https`;
  return new ApiError(error.failure, error.summary, [...error.hints, hint]);
}

/** @throws ConfigError if the variable of the proxy is not valid */
function proxyOf({ url }: HttpRequest, env: Environment): Proxy | undefined {
  return mayTakeProxy(new URL(url)) ? proxyIn(env) : undefined;
}

/**
 * Looks up the addresses of a host. `localhost` and names below it are this machine, without a lookup: some resolvers
 * forward them to a name server, which could direct unencrypted requests to another machine.
 */
export const lookupHost: LookupFunction = (host, options, callback) => {
  if (!isLocalName(host)) {
    dns.lookup(host, options, callback);
    return;
  }
  const [first, ...others] = options.family === 6 ? [...loopback].reverse() : loopback;
  if (options.all === true) callback(null, [first, ...others]);
  else callback(null, first.address, first.family);
};

const loopback = [
  { address: "127.0.0.1", family: 4 },
  { address: "::1", family: 6 },
] as const;

/** A read-only transport for previews: sends only GET requests and POST requests to a list. */
export function withoutDeletes(transport: Transport): Transport {
  return {
    send: async (request) => {
      const reads = request.method === "GET" || (request.method === "POST" && isList(request.url));
      if (!reads) {
        throw new SupermemoryError(
          `${request.method} ${request.url} was not sent, because this connection is read-only`,
        );
      }
      return await transport.send(request);
    },
    close: async () => {
      await transport.close();
    },
  };
}

/** /v3/documents/list, /v4/memories/list, /ns/{namespace}/list/documents and /ns/{namespace}/list/memories */
function isList(url: string): boolean {
  return /\/v3\/documents\/list$|\/v4\/memories\/list$|\/ns\/[^/?]+\/list\/(documents|memories)(\?|$)/.test(url);
}
