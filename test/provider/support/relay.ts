import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { connect, type ConnectOptions } from "./connect";
import { atEnd, listen } from "./ends";
import { hearRequest } from "../../wire/server";
import type { World } from "./world";

export interface Relayed {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

export interface RelayOptions extends Pick<ConnectOptions, "apiVersion" | "concurrency"> {
  /** Before a request goes on to the emulator: holds it, or does what another client might. */
  readonly before?: (request: Relayed) => void | Promise<void>;
  /** Another body in place of the request's; undefined lets it pass. */
  readonly rewrite?: (request: Relayed) => string | undefined;
  /** Compresses the body of a response. */
  readonly compress?: { readonly encoding: string; readonly encode: (text: string) => Buffer };
  /** Another body in place of an answer in JSON; undefined lets it pass. */
  readonly answer?: (body: Json, request: Relayed) => unknown;
}

export type Json = Readonly<Record<string, unknown>>;

/** The API of a world, with a relay in between that sees and changes what an emulator alone cannot. */
export async function startRelay({ emulator }: World, options: RelayOptions) {
  const { answer = () => undefined, before = () => undefined, compress, rewrite = () => undefined } = options;
  let [now, most] = [0, 0];
  const relay = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    hearRequest(incoming);
    const request = { method: incoming.method ?? "", path: incoming.url ?? "", body: await textOf(incoming) };
    const step = request.method === "DELETE" ? 1 : 0;
    now += step;
    most = Math.max(most, now);
    await before(request);
    const sent = rewrite(request) ?? request.body;
    const passed = await fetch(emulator.url + request.path, {
      method: request.method,
      headers: { authorization: `Bearer ${emulator.apiKey}`, "content-type": "application/json" },
      ...(sent === "" ? {} : { body: sent }),
    });
    const text = await passed.text();
    const body: unknown = JSON.parse(text);
    const other = isJson(body) ? answer(body, request) : undefined;
    now -= step;
    const sentBack = other === undefined ? text : JSON.stringify(other);
    const encoding = compress === undefined ? {} : { "content-encoding": compress.encoding };
    response.writeHead(passed.status, { "content-type": "application/json", ...encoding });
    response.end(compress?.encode(sentBack) ?? sentBack);
  };
  const server = createServer((incoming, response) => {
    void relay(incoming, response).catch(() => response.destroy());
  });
  const port = await listen(server, () => {
    server.closeAllConnections();
  });
  const { api, close } = connect(`http://127.0.0.1:${port}`, options);
  atEnd(close);
  return {
    api,
    /** The most deleting requests that were under way at a time. */
    get mostDeletes() {
      return most;
    },
  };
}

/** The ids that a delete names; empty for any other request. */
export function idsIn({ body, method }: Relayed): readonly string[] {
  const json: unknown = method === "DELETE" && body !== "" ? JSON.parse(body) : undefined;
  return isJson(json) && Array.isArray(json["ids"]) ? json["ids"].map(String) : [];
}

export function withRows(body: Json, change: (row: Json, at: number) => Json): Json | undefined {
  const { memories } = body;
  return Array.isArray(memories) ? { ...body, memories: memories.filter(isJson).map(change) } : undefined;
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
