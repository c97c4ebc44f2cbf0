import type { Agent } from "undici";
import { ApiError, SupermemoryError } from "../errors";

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
}

export interface HttpAnswer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly text: string;
}

/** No documented answer comes near this; a larger one is not the API's. */
const maxAnswerBytes = 32 * 1024 * 1024;
const answerTimeoutMs = 60_000;

/** undici is loaded with the first request: most calls of the engine need none. */
export function createTransport(concurrency: number): Transport {
  let agent: Promise<Agent> | undefined;
  return {
    async send(request) {
      const undici = await import("undici");
      agent ??= Promise.resolve(
        new undici.Agent({
          connections: concurrency,
          pipelining: 1,
          connectTimeout: 10_000,
          headersTimeout: answerTimeoutMs,
          bodyTimeout: answerTimeoutMs,
        }),
      );
      try {
        const response = await undici.request(request.url, {
          method: request.method,
          headers: request.headers,
          body: request.body ?? null,
          signal: request.signal,
          dispatcher: await agent,
        });
        const header = response.headers["retry-after"];
        const retryAfter = Array.isArray(header) ? header[0] : header;
        return { status: response.statusCode, retryAfter, text: await readText(response.body) };
      } catch (error) {
        throw asApiError(error, request);
      }
    },
    async close() {
      await (await agent)?.destroy();
    },
  };
}

/** A transport that only looks: what is neither a GET nor a list is refused before it is sent. For previews. */
export function withoutDeletes(transport: Transport): Transport {
  return {
    send: async (request) => {
      if (request.method !== "GET" && !request.url.endsWith("/list")) {
        throw new SupermemoryError(`${request.method} ${request.url} is not sent: this only looks`);
      }
      return await transport.send(request);
    },
    close: async () => {
      await transport.close();
    },
  };
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

/** Errors of which it is certain that the request never left: it may be sent again. */
const notSent = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: "the connection was refused",
  ENOTFOUND: "the host name is not known",
  EAI_AGAIN: "the host name could not be looked up",
  UND_ERR_CONNECT_TIMEOUT: "no connection within 10s",
  ECONNRESET: "the connection was reset",
  UND_ERR_SOCKET: "the connection was closed",
  UND_ERR_HEADERS_TIMEOUT: "no answer within 60s",
  UND_ERR_BODY_TIMEOUT: "the answer stopped for 60s",
};

function asApiError(error: unknown, { method, url }: HttpRequest): ApiError {
  const where = `${method} ${url}`;
  if (error instanceof TooLarge) {
    return new ApiError({ kind: "unreadable" }, `${where} answered with more than 32 MiB, which no API answer has`);
  }
  const code = codeOf(error);
  if (code !== undefined && (notSent.has(code) || isCertificateProblem(code))) {
    return new ApiError({ kind: "unreachable" }, `cannot reach ${new URL(url).origin}: ${words[code] ?? code}`);
  }
  const kind = code === "UND_ERR_HEADERS_TIMEOUT" ? "no-answer" : "interrupted-answer";
  return new ApiError({ kind }, `${where}: ${words[code ?? ""] ?? "the connection ended before the answer was whole"}`);
}

function isCertificateProblem(code: string): boolean {
  return code.includes("CERT") || code.startsWith("ERR_TLS") || code.startsWith("ERR_SSL");
}

/** An error, or the first of several attempts (IPv4 and IPv6) that has a code. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ("code" in error && typeof error.code === "string") return error.code;
  if (error instanceof AggregateError) return error.errors.map(codeOf).find((code) => code !== undefined);
  return codeOf(error.cause);
}
