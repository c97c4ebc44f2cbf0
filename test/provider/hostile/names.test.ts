import { createServer } from "node:http";
import { lookupHost } from "../../../provider/client/transport";
import { connect } from "../support/connect";
import { listPage, startAnswering } from "../support/hostile";
import { askInProcess, authorityFile, startHttps } from "../support/https";
import { LeapingClock } from "../support/clocks";
import { errorOf } from "../support/world";
import { Deadline } from "../../../provider/client/deadline";
import { briefRetryPolicy } from "../../../provider/client/retry";

describe("a host name of another server", () => {
  test("receives nothing over https without a trusted certificate", async () => {
    const server = await startHttps();
    const address = `https://trusted.localhost:${server.port}`;
    const { api, close } = connect(address);
    const deadline = new Deadline(600_000, new LeapingClock());
    const { message } = await errorOf(listPage({ api, context: { deadline, policy: briefRetryPolicy } }));
    deadline.end();
    await close();
    expect(message).toBe(
      `cannot reach ${address}: its certificate is not trusted\nif your own certificate authority issued it, set NODE_EXTRA_CA_CERTS to a file with the certificate of that authority`,
    );
    expect(server.keys).toEqual([]);
  });

  test("receives nothing with a trusted certificate of another host", async () => {
    const server = await startHttps();
    const env = { NODE_EXTRA_CA_CERTS: authorityFile() };
    const other = `https://other.localhost:${server.port}`;
    expect(await askInProcess(`https://trusted.localhost:${server.port}/`, env)).toBe("200");
    expect(await askInProcess(`${other}/`, env)).toBe(`cannot reach ${other}: its certificate is for another host`);
    expect(server.keys).toEqual(["Bearer key"]);
  });

  test("receives nothing despite NODE_TLS_REJECT_UNAUTHORIZED", async () => {
    const server = await startHttps();
    const url = `https://trusted.localhost:${server.port}/`;
    expect(await askInProcess(url, { NODE_TLS_REJECT_UNAUTHORIZED: "0" })).toContain("its certificate is not trusted");
    expect(server.keys).toEqual([]);
  });

  test.each(["localhost", "api.localhost", "a.b.localhost"])("is not looked up for %s, this machine", (host) => {
    const found: unknown[] = [];
    for (const options of [{ all: true }, { all: false }, { family: 6 }]) {
      lookupHost(host, options, (...result) => found.push(result));
    }
    const [v4, v6] = [
      { address: "127.0.0.1", family: 4 },
      { address: "::1", family: 6 },
    ];
    // A lookup would not call back within the same turn.
    expect(found).toEqual([
      [null, [v4, v6]],
      [null, "127.0.0.1", 4],
      [null, "::1", 6],
    ]);
  });

  test("is looked up unless it is this machine's", async () => {
    const result = await new Promise<unknown>((resolve) => {
      lookupHost("no-such-host.invalid", { all: true }, resolve);
    });
    expect(result).toMatchObject({ syscall: "getaddrinfo" });
  });
});

test("a proxy of the environment is not used, and sees no key", async () => {
  const api = await startAnswering(200, {});
  const seen: string[] = [];
  const proxy = createServer((request, response) => {
    seen.push(request.url ?? "");
    response.end();
  }).on("connect", (request, socket) => {
    seen.push(request.url ?? "");
    socket.destroy();
  });
  await new Promise<void>((listening) => proxy.listen(0, "127.0.0.1", listening));
  const address = proxy.address();
  const url = typeof address === "object" ? `http://127.0.0.1:${address?.port ?? 0}` : "";
  const variables = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"];
  const env = Object.fromEntries(variables.map((name) => [name, url]));
  const printed = await askInProcess(`${api.url}/v3/documents/list`, { ...env, NODE_USE_ENV_PROXY: "1" });
  proxy.close();
  expect([printed, api.requests, seen]).toEqual(["200", ["POST /v3/documents/list"], []]);
});
