import * as net from "node:net";
import type { Emulator } from "../../../emulator";
import type { Wait } from "../../../provider/client/call-context";
import { Deadline } from "../../../provider/client/deadline";
import { createTransport, type Transport } from "../../../provider/client/transport";
import { Host } from "../../../provider/host/host";
import type { PurgeMethod } from "../../../provider/purge/types";
import { connect } from "../support/connect";
import { atEnd, listen } from "../support/ends";
import { firstPage } from "../support/hostile";
import { lookupUnless, startListener, WatchedClock } from "../support/outages";
import { errorOf, idleSession, purgeTags } from "../support/world";
import { openEmulator } from "../../wire/emulator";

const byTag: PurgeMethod = { kind: "tag" };
const byIds: PurgeMethod = { kind: "ids", select: undefined, sharedDocuments: "delete" };

describe("an address that is away for 8 s in the middle of a purge", () => {
  test.each([
    ["before the delete by tag", byTag, 1],
    ["after the delete by tag", byTag, 2],
    ["before the first delete by ids", byIds, 3],
    ["between two deletes by ids", byIds, 4],
    ["before the last list", byIds, 6],
  ])("%s is waited for, and the purge is exact", async (_when, method, requests) => {
    const { emulator, events, purge, waits } = await startOutage({ after: requests, forMs: 8_000 });
    const outcome = await purge(method);
    expect(outcome).toMatchObject({ deleted: 250, estimated: false });
    expect(emulator.containers()).toMatchObject({ "pr-42": 0, bystander: 3 });
    expect(events).toEqual(["away", "back"]);
    expect(Math.max(...waits.map(({ ms }) => ms))).toBeLessThanOrEqual(5_000);
    expect(waits.map(({ problem }) => problem)).toContain("the connection was refused");
  });
});

test("an address that stays away is tried until the deadline, and the purge says how far it came", async () => {
  const { purge, startedAt, url, clock } = await startOutage({ after: 4, forMs: Infinity, timeoutMs: 60_000 });
  const { message } = await errorOf(purge(byIds));
  expect(message).toContain("deleted 100 of 250 documents in pr-42, then ");
  expect(message).toContain(`cannot reach ${url}: the connection was refused until the timeout (1m)`);
  const elapsed = clock.now() - startedAt;
  expect([elapsed > 50_000, elapsed <= 60_000]).toEqual([true, true]);
});

test.each(["EAI_AGAIN", "ENOTFOUND"])("name servers that fail for 5 s (%s) are waited for", async (code) => {
  const { list, waits } = await startLookups({ code, forMs: 5_000 });
  expect(await list()).toMatchObject({ total: 3 });
  expect(waits.length).toBeGreaterThan(2);
});

test("an address that has never responded is tried for 10 s", async () => {
  const { clock, list, startedAt, url } = await startLookups({ code: "EAI_AGAIN", forMs: Infinity });
  const { message } = await errorOf(list());
  expect(message).toBe(`cannot reach ${url}: the host name could not be looked up`);
  expect(clock.now() - startedAt).toBe(10_000);
});

test("an address that responded to a preview is waited for in the same process", async () => {
  const emulator = await openEmulator({ seed: { containers: { "pr-42": 3 } } });
  const listener = await startListener(Number(new URL(emulator.url).port));
  const clock = new WatchedClock();
  const [env, print] = [{ SUPERMEMORY_API_KEY: emulator.apiKey }, () => undefined];
  const host = new Host({ argv: ["node", "x"], env, cwd: ".", clock, print });
  host.configure({ baseUrl: `http://127.0.0.1:${listener.port}` });
  atEnd(async () => {
    await host.close();
    await emulator.close();
  });
  const list = async (mode: "look" | "purge") =>
    await host.session({ mode, settings: host.settings(), urn: undefined, timeoutMs: 60_000 }, (session) =>
      session.api.list(firstPage, { deadline: session.deadline, policy: session.policy }),
    );
  expect(await list("look")).toMatchObject({ total: 3 });
  await listener.goAway();
  const backAt = clock.now() + 20_000;
  clock.beforeWake = async (now) => {
    if (now < backAt) return;
    clock.beforeWake = () => Promise.resolve();
    await listener.comeBack();
  };
  expect(await list("purge")).toMatchObject({ total: 3 });
  expect(clock.now()).toBeGreaterThanOrEqual(backAt);
});

test("a connection that is reset while TLS is negotiated has sent nothing", async () => {
  const server = net.createServer((socket) => socket.once("data", () => socket.resetAndDestroy()));
  const url = `https://127.0.0.1:${await listen(server, () => undefined)}/`;
  const transport = createTransport(1);
  atEnd(() => transport.close());
  const { signal } = new AbortController();
  const request = { method: "DELETE", url, headers: {}, body: undefined, signal, timeoutMs: 10_000 } as const;
  const error = await errorOf(transport.send(request));
  expect(error).toMatchObject({ failure: { kind: "unreachable", lasting: false } });
  expect(error.message).toBe(`cannot reach ${new URL(url).origin}: the connection was reset`);
});

test("each address of a host has seconds to connect, for slow IPv4 beside IPv6 that leads nowhere", async () => {
  const attempts = jest.spyOn(jest.requireActual<Pick<typeof net, "connect">>("node:net"), "connect");
  const { list } = await startLookups({ code: "EAI_AGAIN", forMs: 0 });
  await list();
  expect(attempts.mock.calls[0]?.[0]).toMatchObject({ autoSelectFamilyAttemptTimeout: 3_000 });
  attempts.mockRestore();
});

interface OutageOptions {
  /** Requests with a response before it. */
  readonly after: number;
  readonly forMs: number;
  readonly timeoutMs?: number;
}

/** A purge of 250 documents by one request at a time, and an outage in its middle. */
async function startOutage({ after, forMs, timeoutMs = 600_000 }: OutageOptions) {
  const clock = new WatchedClock();
  const startedAt = clock.now();
  const emulator = await openEmulator({ clock, seed: { containers: { "pr-42": 250, bystander: 3 } } });
  const listener = await startListener(Number(new URL(emulator.url).port));
  const url = `http://127.0.0.1:${listener.port}`;
  const events: string[] = [];
  let sent = 0;
  const watch = (transport: Transport): Transport => ({
    ...transport,
    send: async (request) => {
      if (sent === after && events.length === 0) {
        await listener.goAway();
        events.push("away");
        const backAt = clock.now() + forMs;
        clock.beforeWake = async (now) => {
          if (now < backAt || events.includes("back")) return;
          events.push("back");
          await listener.comeBack();
        };
      }
      const response = await transport.send(request);
      sent += 1;
      return response;
    },
  });
  const { api, close } = connect(url, { apiKey: emulator.apiKey, concurrency: 1, watch });
  const { deadline, onWait, waits } = watchCalls(new Deadline(timeoutMs, clock), close, emulator);
  const session = { ...idleSession, concurrency: 1, api, deadline, onWait };
  const purge = (method: PurgeMethod) => purgeTags({ emulator, session }, ["pr-42"], { method, address: { now: url } });
  return { clock, emulator, events, purge, startedAt, url, waits };
}

/** A list of an address whose name cannot be looked up at first. */
async function startLookups({ code, forMs }: { readonly code: string; readonly forMs: number }) {
  const clock = new WatchedClock();
  const startedAt = clock.now();
  const emulator = await openEmulator({ clock, seed: { containers: { "pr-42": 3 } } });
  const url = emulator.url.replace("127.0.0.1", "api.example");
  const lookup = lookupUnless(() => clock.now() < startedAt + forMs, code);
  const { api, close } = connect(url, { apiKey: emulator.apiKey, lookup });
  const { deadline, onWait, waits } = watchCalls(new Deadline(600_000, clock), close, emulator);
  const list = () => api.list(firstPage, { deadline, policy: idleSession.policy, onWait });
  return { clock, list, startedAt, url, waits };
}

/** Notes the waits of calls, and ends all that they use after the test. */
function watchCalls(deadline: Deadline, close: () => Promise<void>, emulator: Emulator) {
  atEnd(async () => {
    deadline.end();
    await close();
    await emulator.close();
  });
  const waits: Wait[] = [];
  const onWait = (wait: Wait): void => void waits.push(wait);
  return { deadline, onWait, waits };
}
