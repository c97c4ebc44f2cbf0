import { lookup } from "node:dns";
import type { LookupFunction } from "node:net";
import type { Agent } from "undici";
import { SupermemoryError } from "../errors";
import { isLocalName } from "../util/loopback";
import { asApiError, noResponse, OversizedResponse } from "./transport-errors";

/** One HTTP exchange: a request out, status and text in. No retries, no interpretation. */
export interface Transport {
  /** Rejects with an `ApiError` if no complete response arrives. */
  send(request: HttpRequest): Promise<HttpResponse>;
  close(): Promise<void>;
}

export interface HttpRequest {
  readonly method: "GET" | "POST" | "DELETE";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly signal: AbortSignal;
  /** How long the complete response may take. */
  readonly timeoutMs: number;
}

export interface HttpResponse {
  readonly status: number;
  readonly retryAfter: string | undefined;
  /** When it was sent, by the server's clock (RFC 9110, 6.6.1). */
  readonly date: string | undefined;
  readonly text: string;
}

/** Loads undici with the first request, because most calls of the engine send none. */
export function createTransport(concurrency: number): Transport {
  let opening: Promise<Agent> | undefined;
  return {
    async send(request) {
      opening ??= openAgent(concurrency);
      const agent = await opening;
      const { origin, pathname, search } = new URL(request.url);
      const tooLate = AbortSignal.timeout(request.timeoutMs);
      try {
        const response = await agent.request({
          origin,
          path: pathname + search,
          method: request.method,
          headers: request.headers,
          body: request.body ?? null,
          // By default undici closes the connection after each DELETE with a body: a handshake per hundred documents.
          reset: false,
          signal: AbortSignal.any([request.signal, tooLate]),
        });
        const { date, "retry-after": retryAfter } = response.headers;
        const text = await readText(response.body);
        return { status: response.statusCode, retryAfter: firstOf(retryAfter), date: firstOf(date), text };
      } catch (error) {
        throw tooLate.aborted && !request.signal.aborted ? noResponse(request) : asApiError(error, request);
      }
    },
    async close() {
      await (await opening)?.destroy();
    },
  };
}

async function openAgent(connections: number): Promise<Agent> {
  const undici = await import("undici");
  return new undici.Agent({
    connections,
    pipelining: 1,
    connectTimeout: 10_000,
    // With NODE_TLS_REJECT_UNAUTHORIZED=0 anyone on the network path could read the key.
    connect: { rejectUnauthorized: true, lookup: lookupHost },
    // undici's own timeouts are up to a second late; `tooLate` is exact.
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
    lookup(host, options, callback);
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

/**
 * The largest response is the v3 list of containers, which has no pages: this is enough for 16,000 containers of 1 KiB,
 * description included. No JSON of this size takes more than 512 MiB when parsed, not even nested empty lists.
 */
const maxMiB = 16;

/** @throws OversizedResponse as soon as the limit is exceeded, without reading the rest */
async function readText(body: AsyncIterable<unknown>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    if (!Buffer.isBuffer(chunk)) continue;
    bytes += chunk.length;
    if (bytes > maxMiB * 1024 * 1024) throw new OversizedResponse(`more than ${maxMiB} MiB`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function firstOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

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
