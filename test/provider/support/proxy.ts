import { createServer, type IncomingMessage, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import * as tls from "node:tls";
import { atEnd, listen } from "./ends";
import { certificate, privateKey } from "./https";

interface ProxyOptions {
  /** The port that every tunnel leads to, whatever host was asked for. */
  readonly to: number;
  /** The Proxy-Authorization header that it wants. Default: it wants none. */
  readonly login?: string;
  /** The status that it returns instead of a tunnel. */
  readonly status?: number;
  /** Over TLS, with a certificate for `proxy.localhost`. Default false. */
  readonly secure?: boolean;
}

/** An HTTP proxy that only makes tunnels, and every byte that it could read. */
export async function startProxy({ login, secure = false, status, to }: ProxyOptions) {
  const [tunnels, read, sockets]: [string[], Buffer[], Socket[]] = [[], [], []];
  const server = secure ? createSecureServer({ key: privateKey, cert: certificate }) : createServer();
  server.on("connection", (socket: Socket) => sockets.push(socket));
  server.on("request", ({ rawHeaders, url }: IncomingMessage) => {
    read.push(Buffer.from([url, ...rawHeaders].join(" ")));
  });
  server.on("connect", ({ headers, rawHeaders, url = "" }: IncomingMessage, socket: Duplex, head: Buffer) => {
    read.push(Buffer.from([url, ...rawHeaders].join(" ")), head);
    tunnels.push(url);
    socket.on("error", () => socket.destroy());
    const refusal = status ?? (login === undefined || headers["proxy-authorization"] === login ? undefined : 407);
    if (refusal !== undefined) {
      socket.end(`HTTP/1.1 ${refusal} No\r\ncontent-length: 6\r\n\r\n<html>`);
      return;
    }
    const target = connect(to, "127.0.0.1", () => socket.write("HTTP/1.1 200 Connection established\r\n\r\n"));
    sockets.push(target);
    target.on("error", () => socket.destroy());
    socket.on("data", (chunk: Buffer) => read.push(chunk));
    socket.pipe(target).pipe(socket);
  });
  const port = await listen(server, () => {
    for (const socket of sockets) socket.destroy();
  });
  const name = secure ? "proxy.localhost" : "127.0.0.1";
  return {
    url: `${secure ? "https" : "http"}://${name}:${port}`,
    host: `${name}:${port}`,
    /** What each tunnel was asked for. */
    tunnels,
    readable: () => Buffer.concat(read).toString("latin1"),
  };
}

/** A listener with the certificate for `api.example`, which passes on what it decrypts. */
export async function startTlsBefore(port: number): Promise<number> {
  const sockets: Duplex[] = [];
  const server = tls.createServer({ key: privateKey, cert: certificate }, (socket) => {
    const target = connect(port, "127.0.0.1");
    sockets.push(socket, target);
    for (const side of [socket, target]) side.on("error", () => socket.destroy());
    socket.pipe(target).pipe(socket);
  });
  return await listen(server, () => {
    for (const socket of sockets) socket.destroy();
  });
}

/** Makes this process trust the authority of that certificate, as NODE_EXTRA_CA_CERTS would at its start. */
export function trustTestAuthority(): void {
  const module = jest.requireActual<Pick<typeof tls, "connect">>("node:tls");
  const real = module.connect;
  const spy = jest.spyOn(module, "connect").mockImplementation((...given: unknown[]) => {
    const [options] = given;
    if (typeof options !== "object") throw new Error("expected options");
    return real({ ...options, ca: certificate });
  });
  atEnd(() => {
    spy.mockRestore();
  });
}

/** A listener that closes every connection, at once or when it was asked for a tunnel, and how many there were. */
export async function startClosing(when: "connected" | "asked") {
  const connections: Socket[] = [];
  const server: Server = createServer();
  server.on("connection", (socket: Socket) => {
    connections.push(socket);
    if (when === "connected") socket.destroy();
  });
  server.on("connect", (_request: IncomingMessage, socket: Duplex) => socket.end());
  const port = await listen(server, () => {
    for (const socket of connections) socket.destroy();
  });
  return { url: `http://127.0.0.1:${port}`, connections };
}
