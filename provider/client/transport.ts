import type { Agent } from "undici";
import { SupermemoryError } from "../errors";
import { readText } from "./response-text";
import { GarbageCollector } from "./garbage";
import { lookupHost } from "./lookup";
import { asApiError, noAnswer } from "./transport-errors";
import { loadUndici, type UndiciParts } from "./undici";

/** One HTTP exchange, without retries and without meaning: bytes out, status and text in. */
export interface Transport {
  /** Rejects with an `ApiError` when no whole answer came back. */
  send(request: HttpRequest): Promise<HttpResponse>;
  close(): Promise<void>;
}

export interface HttpRequest {
  readonly method: "GET" | "POST" | "DELETE";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly signal: AbortSignal;
  /** How long the whole answer may take. */
  readonly answerTimeoutMs: number;
}

export interface HttpResponse {
  readonly status: number;
  readonly retryAfter: string | undefined;
  /** When it was made, by the clock of whoever answers (RFC 9110, 6.6.1). */
  readonly date: string | undefined;
  readonly text: string;
}

/** undici is loaded with the first request: most calls of the engine need none. */
export function createTransport(concurrency: number): Transport {
  let opened: { readonly undici: UndiciParts; readonly agent: Agent } | undefined;
  const garbage = new GarbageCollector();
  return {
    async send(request) {
      opened ??= open(concurrency);
      const { agent, undici } = opened;
      const { origin, pathname, search } = new URL(request.url);
      const tooLate = AbortSignal.timeout(request.answerTimeoutMs);
      try {
        const response = await undici.request(agent, {
          origin,
          path: pathname + search,
          method: request.method,
          headers: request.headers,
          body: request.body ?? null,
          // By itself undici ends the connection after each DELETE with a body: a handshake for every hundred documents.
          reset: false,
          signal: AbortSignal.any([request.signal, tooLate]),
        });
        const { date, "retry-after": retryAfter } = response.headers;
        const text = await readText(response.body);
        garbage.answered();
        return { status: response.statusCode, retryAfter: firstOf(retryAfter), date: firstOf(date), text };
      } catch (error) {
        throw tooLate.aborted && !request.signal.aborted ? noAnswer(request) : asApiError(error, request);
      }
    },
    async close() {
      await opened?.agent.destroy();
    },
  };
}

function firstOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

function open(connections: number): { readonly undici: UndiciParts; readonly agent: Agent } {
  const undici = loadUndici();
  const agent = new undici.Agent({
    connections,
    pipelining: 1,
    connectTimeout: 10_000,
    // NODE_TLS_REJECT_UNAUTHORIZED=0 would let anybody on the way have the key.
    connect: { rejectUnauthorized: true, lookup: lookupHost },
    // undici's own limits are up to a second late; see `tooLate`.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return { undici, agent };
}

/** A transport that only looks: what is neither a GET nor a POST to a list is refused unsent. For previews. */
export function withoutDeletes(transport: Transport): Transport {
  return {
    send: async (request) => {
      const looks = request.method === "GET" || (request.method === "POST" && isList(request.url));
      if (!looks) {
        throw new SupermemoryError(`${request.method} ${request.url} is not sent: this only looks`);
      }
      return await transport.send(request);
    },
    close: async () => {
      await transport.close();
    },
  };
}

/** /v3/documents/list, /ns/{namespace}/list/documents and /ns/{namespace}/list/memories */
function isList(url: string): boolean {
  return /\/v3\/documents\/list$|\/ns\/[^/?]+\/list\/(documents|memories)(\?|$)/.test(url);
}
