import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Clock } from "../clock";
import { type Answer, problem } from "./answer";
import type { SentAnswer } from "./exchange";

/** Larger bodies are refused: 600 documents of a batch fit, a runaway client does not. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** A request with its whole body. */
export interface Arrival {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly target: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Whether there was a query string, be it an empty one. */
  readonly hasQuery: boolean;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
  /** Aborted when the client goes away before it was answered. */
  readonly gone: AbortSignal;
}

/** What answers a request, and who hears what was sent; null when the connection ended without an answer. */
export interface Handled {
  readonly answer: Answer;
  readonly sent: (answer: SentAnswer | null) => void;
}

type Handle = (arrival: Arrival) => Promise<Handled>;

export interface RunningServer {
  readonly url: string;
  /** Ends every connection, also those that wait for an answer. */
  close(): Promise<void>;
}

/** Listens on the loopback interface only; answers are dated by the clock. Rejects when the port is taken. */
export async function startServer(port: number, clock: Clock, handle: Handle): Promise<RunningServer> {
  const server = createServer((request, response) => {
    response.setHeader("date", new Date(clock.now()).toUTCString());
    serve(request, response, handle).catch((error: unknown) => {
      // The client has gone, or this is a mistake of the emulator's own, which must not look like a fault of the network.
      if (!response.destroyed && !response.headersSent) send(response, problem(500, "Emulator error", String(error)));
      else response.destroy();
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

async function serve(request: IncomingMessage, response: ServerResponse, handle: Handle): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => {
    gone.abort();
  });
  const body = await readBody(request);
  if (body === undefined) {
    send(response, problem(413, "Payload too large", `the limit is ${MAX_BODY_BYTES} bytes`));
    return;
  }
  const { method = "GET", headers, url: target = "/" } = request;
  const [path = "/"] = target.split("?", 1);
  const query = new URLSearchParams(target.slice(path.length));
  const hasQuery = target.includes("?");
  const { answer, sent } = await handle({ method, target, path, query, hasQuery, headers, body, gone: gone.signal });
  sent(send(response, answer));
}

/** The whole body; undefined when it is too large, which is read all the same so that the client hears the answer. */
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

/** Sends an answer and returns it as it went out; null when the connection is gone or reset. */
function send(response: ServerResponse, answer: Answer): SentAnswer | null {
  if (response.destroyed) return null;
  switch (answer.kind) {
    case "reset":
      // A reset, not an orderly end: that is what a crashed proxy looks like to the client.
      response.socket?.resetAndDestroy();
      return null;
    case "empty":
      return write(response, { status: answer.status, headers: { ...answer.headers }, text: "" });
    case "json":
      return write(response, {
        status: answer.status,
        headers: { "content-type": "application/json", ...answer.headers },
        text: JSON.stringify(answer.body),
      });
    case "html":
      return write(response, {
        status: answer.status,
        headers: { "content-type": "text/html; charset=utf-8", ...answer.headers },
        text: answer.body,
      });
  }
}

function write(response: ServerResponse, answer: SentAnswer): SentAnswer {
  response.writeHead(answer.status, answer.headers).end(answer.text);
  return answer;
}
