import type { ServerResponse } from "node:http";
import { createServer, type LookupFunction, type Socket } from "node:net";
import { createTransport, type Transport, withoutDeletes } from "../../../provider/client/transport";
import { listen } from "../support/ends";
import { startAnswering, startHostile } from "../support/hostile";
import { errorOf } from "../support/world";

const mockLoads: string[] = [];

jest.mock("undici", () => {
  mockLoads.push("undici");
  return jest.requireActual<object>("undici");
});

const open: Transport[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((transport) => transport.close()));
});

test("undici is loaded with the first request, and only once", async () => {
  const hostile = await startAnswering(200, "{}");
  const one = transport();
  expect(mockLoads).toEqual([]);
  await Promise.all([1, 2].map(() => one.send(request("GET", `${hostile.url}/v3/container-tags/list`))));
  expect(mockLoads).toEqual(["undici"]);
});

test("a read-only transport sends only GET requests and lists", async () => {
  const hostile = await startAnswering(200, "{}");
  const reading = withoutDeletes(transport());
  await reading.send(request("GET", `${hostile.url}/v3/container-tags/list`));
  const lists = [
    "/v3/documents/list",
    "/v4/memories/list",
    "/ns/pr-42/list/documents?page=1",
    "/ns/pr-42/list/memories",
  ];
  for (const path of lists) await reading.send(request("POST", hostile.url + path));
  for (const [method, path] of [
    ["DELETE", "/v3/documents/bulk"],
    ["DELETE", "/v3/container-tags/list"],
    ["POST", "/v3/documents"],
    ["POST", "/v4/memories"],
  ] as const) {
    const error = await errorOf(reading.send(request(method, hostile.url + path)));
    expect(error.message).toContain("this connection is read-only");
  }
  expect(hostile.requests).toEqual(["GET /v3/container-tags/list", ...lists.map((path) => `POST ${path}`)]);
});

test.each<[string, (response: ServerResponse, stop: AbortController) => void]>([
  ["an interrupted response", (response) => response.write("{", () => response.socket?.resetAndDestroy())],
  [
    "a request that was aborted",
    (_response, stop) => {
      stop.abort();
    },
  ],
])("%s leaves open whether a delete took effect", async (_what, answer) => {
  const stop = new AbortController();
  const hostile = await startHostile((_request, response) => {
    answer(response, stop);
  });
  const error = await errorOf(transport().send({ ...request("DELETE", hostile.url), signal: stop.signal }));
  expect(error).toMatchObject({ name: "ApiError", failure: { kind: "interrupted-response" } });
});

test("an unknown host name is unreachable", async () => {
  const error = await errorOf(transport().send(request("GET", "http://no-such-host.invalid/")));
  expect(error).toMatchObject({ failure: { kind: "unreachable" } });
});

/** How far a request gets whose connection never comes: name lookup, or TLS with a server that never speaks. */
const nowhere = {
  "a name is looked up": async () => {
    const held = heldLookup();
    const hostile = await startAnswering(200, "{}");
    return { ...held, url: hostile.url.replace("127.0.0.1", "api.example"), requests: hostile.requests };
  },
  "TLS is negotiated": async () => {
    const connected = once();
    const sockets: Socket[] = [];
    const server = createServer((socket) => {
      sockets.push(socket);
      connected.happen();
    });
    const port = await listen(server, () => {
      for (const socket of sockets) socket.destroy();
    });
    return { lookup: undefined, begun: connected.happened, url: `https://127.0.0.1:${port}`, requests: [] };
  },
};

describe.each(Object.entries(nowhere))("while %s", (_what, start) => {
  test("the timeout ends a request, of which nothing was sent", async () => {
    const { lookup, requests, url } = await start();
    const error = await errorOf(transport(1, lookup).send({ ...request("DELETE", url), timeoutMs: 100 }));
    expect(error).toMatchObject({ failure: { kind: "unreachable" } });
    expect(error.message).toBe(`cannot reach ${url}: no connection was made`);
    expect(requests).toEqual([]);
  });

  test.each(["signal", "connectSignal"])("%s ends a request, of which nothing was sent", async (name) => {
    const stop = new AbortController();
    const { begun, lookup, url } = await start();
    const sending = errorOf(transport(1, lookup).send({ ...request("DELETE", url), [name]: stop.signal }));
    await begun;
    stop.abort();
    expect(await sending).toMatchObject({ failure: { kind: "unreachable" } });
  });
});

test("a request that was given up is not sent when the connection is made after all", async () => {
  const { lookup, release, requests, url } = await nowhere["a name is looked up"]();
  const one = transport(1, lookup);
  await errorOf(one.send({ ...request("DELETE", url), timeoutMs: 100 }));
  release();
  await one.send(request("GET", url));
  expect(requests).toEqual(["GET /"]);
});

test("a signal for the connection does not end a request that was sent", async () => {
  const stop = new AbortController();
  const hostile = await startHostile((_request, response) => {
    stop.abort();
    response.end("{}");
  });
  const response = await transport().send({ ...request("DELETE", hostile.url), connectSignal: stop.signal });
  expect(response).toMatchObject({ status: 200, text: "{}" });
});

test("a signal that has aborted lets no request begin", async () => {
  const hostile = await startAnswering(200, "{}");
  const connectSignal = AbortSignal.abort();
  const error = await errorOf(transport().send({ ...request("DELETE", hostile.url), connectSignal }));
  expect(error).toMatchObject({ failure: { kind: "unreachable" } });
  expect(hostile.requests).toEqual([]);
});

test("deletes with a body reuse the connection", async () => {
  const ports = new Set<number | undefined>();
  const hostile = await startHostile(({ socket }, response) => {
    ports.add(socket.remotePort);
    response.end("{}");
  });
  const one = transport(1);
  const deletion = { ...request("DELETE", `${hostile.url}/v3/documents/bulk`), body: '{"containerTags":["pr-42"]}' };
  for (let count = 0; count < 3; count += 1) await one.send(deletion);
  expect(ports.size).toBe(1);
});

test("a transport that sent nothing can be closed", async () => {
  await expect(createTransport(1).close()).resolves.toBeUndefined();
});

function transport(concurrency = 2, lookup?: LookupFunction): Transport {
  const made = createTransport(concurrency, lookup);
  open.push(made);
  return made;
}

function request(method: "GET" | "POST" | "DELETE", url: string) {
  return { method, url, headers: {}, body: undefined, signal: new AbortController().signal, timeoutMs: 10_000 };
}

/** A lookup of names that ends with this machine's address, but not before its release. */
function heldLookup() {
  const [started, released] = [once(), once()];
  const lookup: LookupFunction = (_host, options, callback) => {
    started.happen();
    void released.happened.then(() => {
      if (options.all === true) callback(null, [{ address: "127.0.0.1", family: 4 }]);
      else callback(null, "127.0.0.1", 4);
    });
  };
  return { lookup, begun: started.happened, release: released.happen };
}

function once() {
  let happen = (): void => undefined;
  const happened = new Promise<void>((resolve) => {
    happen = resolve;
  });
  return { happened, happen };
}
