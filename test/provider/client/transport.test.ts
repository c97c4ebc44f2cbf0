import type { ServerResponse } from "node:http";
import { createTransport, type Transport, withoutDeletes } from "../../../provider/client/transport";
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

function transport(concurrency = 2): Transport {
  const made = createTransport(concurrency);
  open.push(made);
  return made;
}

function request(method: "GET" | "POST" | "DELETE", url: string) {
  return { method, url, headers: {}, body: undefined, signal: new AbortController().signal, timeoutMs: 10_000 };
}
