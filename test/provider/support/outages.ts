import { connect, createServer, type LookupFunction, type Server, type Socket } from "node:net";
import { LeapingClock } from "./clocks";
import { atEnd } from "./ends";

/** Waits take no time. Before each one ends, `beforeWake` learns what time it will be. */
export class WatchedClock extends LeapingClock {
  beforeWake: (now: number) => Promise<void> = () => Promise.resolve();

  override async sleep(ms: number, signal: AbortSignal): Promise<void> {
    await super.sleep(ms, signal);
    await this.beforeWake(this.now());
  }
}

/** Forwards to another port. It can close with all its connections, and listen on its own port again. */
export async function startListener(to: number) {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    const target = connect(to, "127.0.0.1");
    for (const side of [socket, target]) {
      sockets.add(side);
      side.on("error", () => socket.destroy());
      side.on("close", () => {
        socket.destroy();
        target.destroy();
        sockets.delete(side);
      });
    }
    socket.pipe(target).pipe(socket);
  });
  const listen = (port: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", resolve);
    });
  const goAway = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.resetAndDestroy();
    await closed;
  };
  await listen(0);
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the listener has no port");
  const { port } = address;
  atEnd(async () => {
    if (server.listening) await goAway();
  });
  return { port, goAway, comeBack: () => listen(port) };
}

/** Looks up this machine, but fails with `code` while `isAway` holds. */
export function lookupUnless(isAway: () => boolean, code: string): LookupFunction {
  return (host, options, callback) => {
    if (isAway()) {
      const error = Object.assign(new Error(`getaddrinfo ${code} ${host}`), { code, syscall: "getaddrinfo" });
      process.nextTick(callback, error, "", 4);
    } else if (options.all === true) callback(null, [{ address: "127.0.0.1", family: 4 }]);
    else callback(null, "127.0.0.1", 4);
  };
}
