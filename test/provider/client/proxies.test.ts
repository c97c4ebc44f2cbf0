import type { LookupFunction } from "node:net";
import { Deadline } from "../../../provider/client/deadline";
import { mayTakeProxy, proxyIn } from "../../../provider/config/proxy";
import { LeapingClock } from "../support/clocks";
import { failure } from "../support/config-errors";
import { connect } from "../support/connect";
import { atEnd } from "../support/ends";
import { listPage, startAnswering } from "../support/hostile";
import { startClosing, startProxy, startTlsBefore, trustTestAuthority } from "../support/proxy";
import { errorOf, idleSession, purgeTags } from "../support/world";
import { openEmulator } from "../../wire/emulator";

type Env = Readonly<Record<string, string>>;

/** "user" and "p@ss/w#rd", as a URL needs them. */
const [login, password] = ["user:p%40ss%2Fw%23rd", "p@ss/w#rd"];
const basic = `Basic ${Buffer.from(`user:${password}`).toString("base64")}`;

describe("the proxy of the environment", () => {
  test.each<[Env, string | undefined, string | undefined]>([
    [{}, undefined, undefined],
    [{ HTTPS_PROXY: " ", https_proxy: "" }, undefined, undefined],
    [{ HTTPS_PROXY: "http://proxy.example:8080" }, "http://proxy.example:8080", "HTTPS_PROXY"],
    [{ HTTPS_PROXY: "http://a.example", https_proxy: "http://b.example/" }, "http://b.example", "https_proxy"],
    [{ HTTP_PROXY: "http://a.example", HTTPS_PROXY: "http://b.example" }, "http://b.example", "HTTPS_PROXY"],
    [{ HTTP_PROXY: "http://a.example", http_proxy: "https://b.example" }, "https://b.example", "http_proxy"],
    [{ HTTPS_PROXY: "", HTTP_PROXY: "proxy.example:8080" }, "http://proxy.example:8080", "HTTP_PROXY"],
    [{ https_proxy: "[::1]:3128" }, "http://[::1]:3128", "https_proxy"],
  ])("of %j is %s", (env, url, variable) => {
    expect([proxyIn(env)?.url, proxyIn(env)?.variable]).toEqual([url, variable]);
  });

  test("keeps the login apart from the address", () => {
    const proxy = proxyIn({ HTTPS_PROXY: `http://${login}@proxy.example:8080`, NO_PROXY: "a.example", no_proxy: "" });
    expect(proxy).toEqual({
      url: "http://proxy.example:8080",
      variable: "HTTPS_PROXY",
      token: basic,
      noProxy: "a.example",
    });
    expect(proxyIn({ HTTPS_PROXY: "http://user@proxy.example" })?.token).toBe("Basic dXNlcjo=");
  });

  test.each([
    "socks5://user:secret-1@proxy.example:1080",
    "http://user:secret-1%zz@proxy.example",
    "http://user:secret-1/2@proxy.example",
    "http://user:1#secret-1@proxy.example",
    "http://user:secret 1@:0",
    "://secret-1",
    "http://",
  ])("is refused without a word of its password: %s", (value) => {
    const message = failure(() => proxyIn({ HTTPS_PROXY: value }));
    expect(message).toMatch(/^HTTPS_PROXY is not the address of an HTTP proxy.*\nset it to a URL such as http:/);
    expect(value.includes("@") && /secret|user:/.test(message.replace(/^.*with percent.*$/m, ""))).toBe(false);
  });

  test.each([
    [true, ["https://api.supermemory.ai", "https://127.example", "https://localhost.example", "https://10.0.0.1"]],
    [false, ["https://localhost", "https://a.localhost:8", "https://LOCALHOST.", "https://127.0.0.2", "https://[::1]"]],
    [false, ["https://0.0.0.0", "https://[::ffff:127.0.0.1]", "http://127.0.0.1:4000"]],
    [false, ["http://api.supermemory.ai", "http://10.0.0.1"]],
  ])("is used (%p) for %j", (used, addresses) => {
    expect(addresses.map((address) => mayTakeProxy(new URL(address)))).toEqual(addresses.map(() => used));
  });
});

describe.each([false, true])("over a proxy (with TLS: %p)", (secure) => {
  test("a purge works, and the proxy cannot read the key", async () => {
    const { apiKey, emulator, proxy, purge } = await behindProxy({ secure });
    expect(await purge()).toMatchObject({ deleted: 5 });
    expect(emulator.containers()).toMatchObject({ "pr-42": 0, bystander: 3 });
    expect(new Set(proxy.tunnels)).toEqual(new Set(["api.example:443"]));
    expectUnread(proxy.readable(), apiKey);
  });

  test("a purge logs in where the proxy wants it", async () => {
    const { apiKey, proxy, purge } = await behindProxy({ secure, login: basic }, { user: login });
    expect(await purge()).toMatchObject({ deleted: 5 });
    expectUnread(proxy.readable(), apiKey);
  });
});

describe("a proxy that makes no connection is named, without its password", () => {
  test("where it asks for a login", async () => {
    const { emulator, proxy, purge } = await behindProxy({ login: basic });
    const { message } = await errorOf(purge());
    const [name, set] = [`the proxy ${proxy.url} (HTTPS_PROXY)`, `http://<user>:<password>@${proxy.host}`];
    expect(message).toBe(`${name} asks for a login (407); nothing was deleted\nset HTTPS_PROXY to ${set}`);
    expect([proxy.tunnels.length, emulator.requests]).toEqual([1, []]);
  });

  test("where it rejects the login", async () => {
    const { proxy, purge } = await behindProxy({ login: "Basic b3RoZXI=" }, { user: login });
    const { message } = await errorOf(purge());
    expect(message).toBe(
      `the proxy ${proxy.url} (HTTPS_PROXY) rejected the login (407); nothing was deleted\ncheck the user and password in HTTPS_PROXY`,
    );
    expect(proxy.tunnels).toHaveLength(1);
  });

  test("where it refuses the address", async () => {
    const { emulator, proxy, purge } = await behindProxy({ status: 403 }, { user: login });
    const { message } = await errorOf(purge());
    expect(message).toBe(
      `the proxy ${proxy.url} (HTTPS_PROXY) refused to connect to api.example:443 (403); nothing was deleted\nallow this address in the proxy, or add api.example to NO_PROXY if it can be reached without the proxy`,
    );
    expect([proxy.tunnels.length, emulator.requests]).toEqual([1, []]);
  });

  test.each([
    ["is not there", () => Promise.resolve({ url: "http://127.0.0.1:9", connections: [] }), "was refused"],
    ["closes the connection", () => startClosing("connected"), "was closed"],
    ["closes the connection when it is asked", () => startClosing("asked"), "was closed"],
  ])("where it %s, and it is not asked without a pause", async (_what, start, reason) => {
    const { connections, url } = await start();
    const { message } = await errorOf(overProxy("https://api.example", { HTTPS_PROXY: url }).list());
    expect(message).toBe(
      `cannot reach the proxy ${url} (HTTPS_PROXY): the connection ${reason}\ncheck HTTPS_PROXY, or add api.example to NO_PROXY if it can be reached without the proxy`,
    );
    expect(connections.length).toBeLessThan(20);
  });

  test("where the variable is not valid", async () => {
    const list = (address: string) => overProxy(address, { HTTPS_PROXY: `socks5://${login}@proxy.example` }).list();
    expect((await errorOf(list("https://api.example"))).message).toMatch(/^HTTPS_PROXY is not the address of an HTTP/);
    const { url } = await startAnswering(200, { memories: [], pagination: { totalItems: 0 } });
    expect(await list(url)).toEqual({ total: 0, rows: [] });
  });
});

test("a proxy that reads TLS with a certificate of its own receives nothing but the name of the API", async () => {
  const { apiKey, emulator, proxy, purge } = await behindProxy({}, { trusted: false });
  expect((await errorOf(purge())).message).toContain(
    "cannot reach https://api.example: its certificate is not trusted",
  );
  expect(emulator.requests).toEqual([]);
  expectUnread(proxy.readable(), apiKey);
});

describe("no proxy is used", () => {
  test.each([{ NO_PROXY: "other.example,.EXAMPLE" }, { no_proxy: "api.example" }, { NO_PROXY: "*" }])(
    "for an address in %j",
    async (env) => {
      const { emulator, port, proxy, purge } = await behindProxy({}, { env, withPort: true });
      expect(await purge()).toMatchObject({ deleted: 5 });
      expect([emulator.containers()["pr-42"], proxy.tunnels, port > 0]).toEqual([0, [], true]);
    },
  );

  test.each(["127.0.0.1", "localhost", "api.localhost"])("for this machine (%s)", async (host) => {
    const { proxy, url } = await besideProxy();
    const address = url.replace("127.0.0.1", host);
    expect(await overProxy(address, proxies(proxy.url)).list()).toMatchObject({ total: 0 });
    expect(proxy.readable()).toBe("");
  });

  test("over http, where a proxy could read the key, which the error says if it stands in the way", async () => {
    const { proxy, url } = await besideProxy();
    const address = url.replace("127.0.0.1", "api.example");
    expect(await overProxy(address, proxies(proxy.url), toThisMachine).list()).toMatchObject({ total: 0 });
    const unknown: LookupFunction = (host, _options, callback) => {
      callback(Object.assign(new Error(host), { code: "ENOTFOUND", syscall: "getaddrinfo" }), "", 4);
    };
    const { message } = await errorOf(overProxy(address, proxies(proxy.url), unknown).list());
    expect(message).toBe(
      `cannot reach ${address}: the host name is unknown\nHTTPS_PROXY is not used for an http address, because the proxy could read the key. Use https`,
    );
    expect(proxy.readable()).toBe("");
  });
});

function proxies(url: string): Env {
  return { HTTPS_PROXY: url, HTTP_PROXY: url, http_proxy: url };
}

const toThisMachine: LookupFunction = (_host, options, callback) => {
  if (options.all === true) callback(null, [{ address: "127.0.0.1", family: 4 }]);
  else callback(null, "127.0.0.1", 4);
};

interface Behind {
  readonly user?: string;
  readonly trusted?: boolean;
  readonly env?: Env;
  /** The address has the port of the TLS listener, so that it can be reached without the proxy. */
  readonly withPort?: boolean;
}

/** An emulator with TLS at https://api.example, which only the proxy can reach. */
async function behindProxy(
  options: Omit<Parameters<typeof startProxy>[0], "to">,
  { env = {}, trusted = true, user, withPort = false }: Behind = {},
) {
  if (trusted || options.secure === true) trustTestAuthority();
  const emulator = await openEmulator({
    clock: new LeapingClock(),
    seed: { containers: { "pr-42": 5, bystander: 3 } },
  });
  atEnd(() => emulator.close());
  const port = await startTlsBefore(Number(new URL(emulator.url).port));
  const proxy = await startProxy({ ...options, to: port });
  const address = withPort ? `https://api.example:${port}` : "https://api.example";
  const url = user === undefined ? proxy.url : proxy.url.replace("://", `://${user}@`);
  const opened = overProxy(address, { HTTPS_PROXY: url, ...env }, undefined, emulator.apiKey);
  const session = { ...idleSession, ...opened.context, api: opened.api };
  const purge = () => purgeTags({ emulator, session }, ["pr-42"], { address: { now: address } });
  return { apiKey: emulator.apiKey, emulator, port, proxy, purge };
}

/** An API over http, and a proxy that should see nothing. */
async function besideProxy() {
  const { url } = await startAnswering(200, { memories: [], pagination: { totalItems: 0 } });
  return { url, proxy: await startProxy({ to: Number(new URL(url).port) }) };
}

function overProxy(address: string, env: Env, lookup?: LookupFunction, apiKey?: string) {
  const byName: LookupFunction = (host, options, callback) => {
    (lookup ?? toThisMachine)(host, options, callback);
  };
  const { api, close } = connect(address, { env, lookup: byName, ...(apiKey === undefined ? {} : { apiKey }) });
  const deadline = new Deadline(600_000, new LeapingClock());
  const context = { deadline, policy: idleSession.policy };
  atEnd(async () => {
    deadline.end();
    await close();
  });
  return { api, context, list: () => listPage({ api, context }) };
}

/** Neither the key nor the header that contains it, in any form that a proxy could read. */
function expectUnread(read: string, apiKey: string): void {
  expect(read.length).toBeGreaterThan(0);
  for (const secret of [apiKey, Buffer.from(apiKey).toString("base64"), "Bearer"]) expect(read).not.toContain(secret);
}
