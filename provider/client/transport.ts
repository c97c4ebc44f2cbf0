import type { Agent } from "undici";
import { ApiError, SupermemoryError } from "../errors";
import { formatDuration } from "./deadline";
import { GarbageCollector } from "./garbage";
import { loadUndici, type UndiciParts } from "./undici";

/** One HTTP exchange, without retries and without meaning: bytes out, status and text in. */
export interface Transport {
  /** Rejects with an `ApiError` when no whole answer came back. */
  send(request: HttpRequest): Promise<HttpAnswer>;
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

export interface HttpAnswer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly text: string;
}

/** No documented answer comes near this; a larger one is not the API's. */
const maxAnswerBytes = 32 * 1024 * 1024;

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
        const header = response.headers["retry-after"];
        const retryAfter = Array.isArray(header) ? header[0] : header;
        const text = await readText(response.body);
        garbage.answered();
        return { status: response.statusCode, retryAfter, text };
      } catch (error) {
        throw tooLate.aborted && !request.signal.aborted ? noAnswer(request) : asApiError(error, request);
      }
    },
    async close() {
      await opened?.agent.destroy();
    },
  };
}

function open(connections: number): { readonly undici: UndiciParts; readonly agent: Agent } {
  const undici = loadUndici();
  const agent = new undici.Agent({
    connections,
    pipelining: 1,
    connectTimeout: 10_000,
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

/** /v3/documents/list and /ns/{namespace}/list/documents */
function isList(url: string): boolean {
  return /\/v3\/documents\/list$|\/ns\/[^/?]+\/list\/documents(\?|$)/.test(url);
}

async function readText(body: AsyncIterable<unknown>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size > maxAnswerBytes) throw new TooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

class TooLarge extends Error {}

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: "the connection was refused",
  ENOTFOUND: "the host name is not known",
  EAI_AGAIN: "the host name could not be looked up",
  UND_ERR_CONNECT_TIMEOUT: "no connection within 10s",
  ECONNRESET: "the connection was reset",
  UND_ERR_SOCKET: "the connection was closed",
  ERR_SSL_WRONG_VERSION_NUMBER: "the server does not speak https",
};

function noAnswer({ answerTimeoutMs, method, url }: HttpRequest): ApiError {
  const message = `${method} ${url}: no whole answer within ${formatDuration(answerTimeoutMs)}`;
  return new ApiError({ kind: "no-answer" }, message);
}

function asApiError(error: unknown, { method, url }: HttpRequest): ApiError {
  const where = `${method} ${url}`;
  if (error instanceof TooLarge) {
    return new ApiError({ kind: "unreadable" }, `${where} answered with more than 32 MiB, which no API answer has`);
  }
  const code = codeOf(error) ?? "";
  if (neverSent(error)) {
    return new ApiError({ kind: "unreachable" }, `cannot reach ${new URL(url).origin}: ${words[code] ?? code}`);
  }
  const reason = words[code] ?? "the connection ended before the answer was whole";
  return new ApiError({ kind: "interrupted-answer" }, `${where}: ${reason}`);
}

/**
 * Whether it is certain that the request never left, so that it may be sent again. A code alone does not tell: the
 * network can become unreachable (EHOSTUNREACH) under a connection that has carried the request already.
 */
function neverSent(error: unknown): boolean {
  if (!isObject(error)) return false;
  const { errors, syscall } = error;
  if (Array.isArray(errors)) return errors.length > 0 && errors.every(neverSent);
  if (syscall === "connect" || syscall === "getaddrinfo") return true;
  const code = codeOf(error) ?? "";
  return code === "UND_ERR_CONNECT_TIMEOUT" || isHandshakeProblem(code);
}

function isHandshakeProblem(code: string): boolean {
  return (
    code.includes("CERT") ||
    code.startsWith("ERR_TLS") ||
    code === "UNABLE_TO_VERIFY_LEAF_SIGNATURE" ||
    code === "ERR_SSL_WRONG_VERSION_NUMBER"
  );
}

/** The code of an error, or the first one of several attempts (IPv4 and IPv6). */
function codeOf(error: unknown): string | undefined {
  if (!isObject(error)) return undefined;
  const { cause, code, errors } = error;
  if (typeof code === "string") return code;
  if (Array.isArray(errors)) return errors.map(codeOf).find((found) => found !== undefined);
  return codeOf(cause);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
