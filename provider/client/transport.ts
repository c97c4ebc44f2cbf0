import * as dns from "node:dns";
import type { LookupFunction } from "node:net";
import type { Agent } from "undici";
import { SupermemoryError } from "../errors";
import { isLocalName } from "../util/loopback";
import { exchange, type HttpRequest, type HttpResponse } from "./exchange";

/** One HTTP exchange: a request out, status and text in. No retries, no interpretation. */
export interface Transport {
  /** Rejects with an `ApiError` if no complete response arrives. */
  send(request: HttpRequest): Promise<HttpResponse>;
  close(): Promise<void>;
}

/** Loads undici with the first request, because most calls of the engine send none. */
export function createTransport(concurrency: number, lookup = lookupHost): Transport {
  let opening: Promise<Agent> | undefined;
  return {
    async send(request) {
      opening ??= openAgent(concurrency, lookup);
      return await exchange(await opening, request);
    },
    async close() {
      await (await opening)?.destroy();
    },
  };
}

async function openAgent(connections: number, lookup: LookupFunction): Promise<Agent> {
  const undici = await import("undici");
  return new undici.Agent({
    connections,
    pipelining: 1,
    connectTimeout: 10_000,
    // With NODE_TLS_REJECT_UNAUTHORIZED=0 anyone on the network path could read the key.
    connect: { rejectUnauthorized: true, lookup },
    // undici's own timeouts are up to a second late; the timer of the exchange is exact.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
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
