import type { Server } from "node:net";

const ends: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** Does this when the test has ended; what was begun last ends first. */
export function atEnd(end: () => unknown): void {
  ends.push(end);
}

/** Starts a server of this machine on a free port, until the test has ended. */
export async function listen(server: Server, hangUp: () => void): Promise<number> {
  const port = await portOf(server);
  atEnd(async () => {
    hangUp();
    await new Promise((closed) => server.close(closed));
  });
  return port;
}

export async function portOf(server: Server): Promise<number> {
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the server has no port");
  return address.port;
}
