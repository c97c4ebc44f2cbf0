import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type Answer, problem } from "./answer";

/** Larger bodies are refused: 600 documents of a batch fit, a runaway client does not. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** A request with its whole body. */
export interface Arrival {
  readonly method: string;
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

export interface RunningServer {
  readonly url: string;
  /** Ends every connection, also those that wait for an answer. */
  close(): Promise<void>;
}

/** Listens on the loopback interface only. Rejects when the port is taken. */
export async function startServer(port: number, answer: (arrival: Arrival) => Promise<Answer>): Promise<RunningServer> {
  const server = createServer((request, response) => {
    serve(request, response, answer).catch((error: unknown) => {
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

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (arrival: Arrival) => Promise<Answer>,
): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => {
    gone.abort();
  });
  const body = await readBody(request);
  if (body === undefined) {
    send(response, problem(413, "Payload too large", `the limit is ${MAX_BODY_BYTES} bytes`));
    return;
  }
  const { method = "GET", headers, url = "/" } = request;
  const [path = "/"] = url.split("?", 1);
  const query = new URLSearchParams(url.slice(path.length));
  const hasQuery = url.includes("?");
  send(response, await answer({ method, path, query, hasQuery, headers, body, gone: gone.signal }));
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

function send(response: ServerResponse, answer: Answer): void {
  if (response.destroyed) return;
  switch (answer.kind) {
    case "reset":
      // A reset, not an orderly end: that is what a crashed proxy looks like to the client.
      response.socket?.resetAndDestroy();
      return;
    case "empty":
      response.writeHead(answer.status, answer.headers).end();
      return;
    case "json":
      sendText(response, answer.status, "application/json", JSON.stringify(answer.body), answer.headers);
      return;
    case "html":
      sendText(response, answer.status, "text/html; charset=utf-8", answer.body, answer.headers);
      return;
  }
}

function sendText(
  response: ServerResponse,
  status: number,
  type: string,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { "content-type": type, ...headers });
  response.end(text);
}
