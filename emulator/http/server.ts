import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Clock } from "../clock";
import { type HttpResponse, problem } from "./response";
import type { SentResponse } from "./exchange";

/** Room for a batch of 600 documents. Larger bodies get 413. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** A request with its whole body. */
export interface Arrival {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly target: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Whether there was a query string, even an empty one. */
  readonly hasQuery: boolean;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
  /** Aborted when the client disconnects before the response was sent. */
  readonly disconnected: AbortSignal;
}

/** The response to a request, and a function that gets what was sent: null when the connection ended without a response. */
export interface Handled {
  readonly response: HttpResponse;
  readonly sent: (sent: SentResponse | null) => void;
}

type Handle = (arrival: Arrival) => Promise<Handled>;

export interface RunningServer {
  readonly url: string;
  /** Ends every connection, including those that wait for a response. */
  close(): Promise<void>;
}

/** Listens on the loopback interface only. The clock sets the Date header. Rejects when the port is taken. */
export async function startServer(port: number, clock: Clock, handle: Handle): Promise<RunningServer> {
  const server = createServer((request, outgoing) => {
    outgoing.setHeader("date", new Date(clock.now()).toUTCString());
    serve(request, outgoing, handle).catch((error: unknown) => {
      // Either the client has disconnected, or this is a bug of the emulator, which must not look like a network fault.
      if (!outgoing.destroyed && !outgoing.headersSent) send(outgoing, problem(500, "Emulator error", String(error)));
      else outgoing.destroy();
    });
  });
  await listen(server, port);
  const address = server.address();
  const bound = typeof address === "object" && address !== null ? address.port : port;
  return {
    url: `http://127.0.0.1:${bound}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
}

async function serve(request: IncomingMessage, outgoing: ServerResponse, handle: Handle): Promise<void> {
  const disconnect = new AbortController();
  outgoing.once("close", () => {
    disconnect.abort();
  });
  const body = await readBody(request);
  if (body === undefined) {
    send(outgoing, problem(413, "Payload too large", `the limit is ${MAX_BODY_BYTES} bytes`));
    return;
  }
  const { method = "GET", headers, url: target = "/" } = request;
  const [path = "/"] = target.split("?", 1);
  const query = new URLSearchParams(target.slice(path.length));
  const hasQuery = target.includes("?");
  const disconnected = disconnect.signal;
  const { response, sent } = await handle({ method, target, path, query, hasQuery, headers, body, disconnected });
  sent(send(outgoing, response));
}

/** The whole body, or undefined when it is too large. It is always read to its end, so that the client gets the response. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const part: unknown = chunk;
    if (!Buffer.isBuffer(part)) continue;
    length += part.length;
    if (length <= MAX_BODY_BYTES) chunks.push(part);
  }
  return length <= MAX_BODY_BYTES ? Buffer.concat(chunks) : undefined;
}

/** Sends a response and returns it as it was sent; null when the connection has ended or is reset. */
function send(outgoing: ServerResponse, response: HttpResponse): SentResponse | null {
  if (outgoing.destroyed) return null;
  switch (response.kind) {
    case "reset":
      // A reset, not an orderly end, is what a client sees when a proxy crashes.
      outgoing.socket?.resetAndDestroy();
      return null;
    case "empty":
      return write(outgoing, { status: response.status, headers: { ...response.headers }, text: "" });
    case "json":
      return write(outgoing, {
        status: response.status,
        headers: { "content-type": "application/json", ...response.headers },
        text: JSON.stringify(response.body),
      });
    case "html":
      return write(outgoing, {
        status: response.status,
        headers: { "content-type": "text/html; charset=utf-8", ...response.headers },
        text: response.body,
      });
  }
}

function write(outgoing: ServerResponse, response: SentResponse): SentResponse {
  outgoing.writeHead(response.status, response.headers).end(response.text);
  return response;
}
