import type { Socket } from "node:net";
import { createTransport } from "../../../provider/client/transport";
import { clear } from "../../../provider/client/api";
import { Deadline, systemClock } from "../../../provider/client/deadline";
import { type Hostile, listPage, startRaw } from "../support/hostile";
import { errorOf } from "../support/world";

const head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";

describe("a server that never ends its response", () => {
  test.each<[string, (socket: Socket) => void]>([
    ["sends nothing", () => undefined],
    ["begins a response and stops", (socket) => socket.write("HTTP/1.1 2")],
    ["sends its body byte by byte", drip(`${head}transfer-encoding: chunked\r\n\r\n`, "1\r\n \r\n")],
    ["promises more than it sends", drip(`${head}content-length: 1000000000\r\n\r\n`, " ")],
    ["keeps sending early hints", drip("", "HTTP/1.1 103 Early Hints\r\n\r\n")],
    ["keeps extending a chunk header", drip(`${head}transfer-encoding: chunked\r\n\r\n1`, ";x=y")],
  ])("and %s: a request fails after its timeout", async (_what, speak) => {
    const hostile = await startRaw(speak);
    const error = await exchange(hostile, 500);
    expect(error).toMatchObject({ failure: { kind: "no-response" } });
    expect(error.message).toBe(`DELETE ${hostile.url}/: no complete response within 0.5s`);
    expect(hostile.requests).toHaveLength(1);
  });

  test("does not outlast the timeout of the operation, although a list is repeated", async () => {
    const { api, context } = await startRaw(drip(`${head}transfer-encoding: chunked\r\n\r\n`, "1\r\n \r\n"));
    const deadline = new Deadline(100, systemClock);
    const { message } = await errorOf(listPage({ api, context: { ...context, deadline } }));
    deadline.end();
    expect(message).toMatch(/until the timeout \(0\.1s\)$/);
  });
});

describe("a response that is refused by its head", () => {
  test.each([
    ["with too many headers", `${head}${"x-private-words: y\r\n".repeat(2_000)}\r\n`, "larger headers than the API"],
    ["with one header that is too long", `${head}x: ${"y".repeat(100_000)}\r\n\r\n`, "larger headers than the API"],
    ["of another protocol", "SSH-2.0-OpenSSH_9.6\r\n", "something that is not HTTP"],
    ["with two lengths", `${head}content-length: 1\r\ncontent-length: 2\r\n\r\n{}`, "something that is not HTTP"],
  ])("%s fails after one request", async (_what, bytes, problem) => {
    const hostile = await startRaw((socket) => socket.write(bytes));
    for (const error of [await exchange(hostile), await errorOf(listPage(hostile))]) {
      expect(error).toMatchObject({ name: "ApiError", failure: { kind: "unreadable" } });
      expect(error.message).toMatch(/^[^\n]{1,200}\ncheck that the base URL is the address of the API$/);
      expect(error.message).toContain(`returned ${problem}`);
      expect(error.message).not.toContain("private");
    }
    expect(hostile.requests).toHaveLength(2);
  });

  test.each([
    ["with another protocol", "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n"],
    ["with a request to continue", "HTTP/1.1 100 Continue\r\n\r\n"],
  ])("%s is no response, and a delete is not sent again", async (_what, bytes) => {
    const hostile = await startRaw((socket) => socket.write(bytes));
    const ids = clear({ containerTag: "pr-42", ids: ["a"] });
    const error = await errorOf(hostile.api.deleteIds(ids, hostile.context));
    expect(error).toMatchObject({ failure: { kind: "interrupted-response" } });
    expect(error.message).toBe(`DELETE ${hostile.url}/v3/documents/bulk: the connection was closed`);
    expect(hostile.requests).toHaveLength(1);
  });
});

test("a second response behind the first is never used for another request", async () => {
  const empty = JSON.stringify({ memories: [], pagination: { totalItems: 0 } });
  const first = `${head}content-length: ${empty.length}\r\n\r\n${empty}`;
  const forged = `${head}content-length: 35\r\n\r\n{"success":true,"deletedCount":1000}`;
  const hostile = await startRaw((socket) => socket.write(first + forged), { concurrency: 1 });
  for (let count = 0; count < 2; count += 1) expect(await listPage(hostile)).toEqual({ total: 0, rows: [] });
});

/** Sends a beginning, then a piece at every turn until the other side has gone. */
function drip(beginning: string, piece: string): (socket: Socket) => void {
  return (socket) => {
    socket.write(beginning);
    const timer = setInterval(() => socket.write(piece), 5);
    socket.on("close", () => {
      clearInterval(timer);
    });
  };
}

/** One exchange of the transport alone, of a request that deletes. */
async function exchange({ url }: Hostile, timeoutMs = 10_000): Promise<Error> {
  const transport = createTransport(1);
  const { signal } = new AbortController();
  const request = { method: "DELETE", url: `${url}/`, headers: {}, body: undefined, signal, timeoutMs } as const;
  const error = await errorOf(transport.send(request));
  await transport.close();
  return error;
}
