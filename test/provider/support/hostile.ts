import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createRawServer, type Server, type Socket } from "node:net";
import { Deadline } from "../../../provider/client/deadline";
import { defaultRetryPolicy } from "../../../provider/client/retry";
import { LeapingClock } from "./clocks";
import { connect, type ConnectOptions } from "./connect";
import { atEnd, listen } from "./ends";
import { hearRequest } from "../../wire/server";

export type Hostile = Awaited<ReturnType<typeof open>>;

/** A server with the responses of the test, without a Date header, and a client of it. */
export async function startHostile(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  options: ConnectOptions = {},
): Promise<Hostile> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    hearRequest(request);
    response.sendDate = false;
    if (checksFilter(request)) {
      respond(response, { documents: [], pagination: { totalItems: 0 } });
      return;
    }
    requests.push(`${request.method ?? ""} ${request.url ?? ""}`);
    answer(request, response);
  });
  return await open(server, requests, options, () => {
    server.closeAllConnections();
  });
}

/** The lists by which a client checks the filter of v5, where rows have no tags: none but pr-42 has documents. */
function checksFilter({ method, url = "" }: IncomingMessage): boolean {
  return method === "POST" && /^\/ns\/(?!pr-42\/)[^/]+\/list\/documents/.test(url);
}

/** A server below HTTP. For each request it writes the bytes of the test. */
export async function startRaw(speak: (socket: Socket) => void, options: ConnectOptions = {}): Promise<Hostile> {
  const requests: string[] = [];
  const sockets: Socket[] = [];
  const server = createRawServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => socket.destroy());
    socket.on("data", (chunk: Buffer) => {
      const [line] = /^(GET|POST|DELETE) \S+/.exec(chunk.toString("latin1")) ?? [];
      if (line === undefined) return;
      requests.push(line);
      speak(socket);
    });
  });
  return await open(server, requests, options, () => {
    for (const socket of sockets) socket.destroy();
  });
}

/** What a test sees of a server: its address, the requests so far ("POST /v3/documents/list"), and a client of it. */
async function open(server: Server, requests: readonly string[], options: ConnectOptions, hangUp: () => void) {
  const url = `http://127.0.0.1:${await listen(server, hangUp)}`;
  const connection = connect(url, options);
  const clock = new LeapingClock();
  const deadline = new Deadline(600_000, clock);
  atEnd(async () => {
    deadline.end();
    await connection.close();
  });
  return { ...connection, url, clock, requests, context: { deadline, policy: defaultRetryPolicy } };
}

export async function startAnswering(
  status: number,
  body: unknown,
  { headers = {}, ...options }: ConnectOptions & { readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<Hostile> {
  return await startHostile((_request, response) => {
    respond(response, body, status, headers);
  }, options);
}

export function respond(
  response: ServerResponse,
  body: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(typeof body === "string" ? body : JSON.stringify(body));
}

const [id, createdAt] = ["a".repeat(22), "2026-01-01T00:00:00Z"];
export const listedRow = { id, createdAt, status: "done", containerTags: ["pr-42"] };
export const firstPage = { containerTag: "pr-42", page: 1, order: "desc" } as const;

export async function listPage({ api, context }: Pick<Hostile, "api" | "context">) {
  return await api.list(firstPage, context);
}
