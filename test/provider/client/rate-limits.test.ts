import { setImmediate } from "node:timers/promises";
import type { FaultRule } from "../../../emulator/index";
import type { Wait } from "../../../provider/client/call-context";
import { StoppedError } from "../../../provider/errors";
import { expectAllPurged, look, type Storm, startStorm } from "../support/storm";
import { errorOf } from "../support/world";

const tags = Array.from({ length: 40 }, (_, index) => `pr-${index}`);
const containers = Object.fromEntries(tags.map((tag) => [tag, 3]));
const concurrency = 8;

test.each([
  [429, { kind: "rateLimit", retryAfter: 30 }],
  [503, { kind: "serverError", status: 503, retryAfter: 30 }],
] as const)("after many %i responses a purge succeeds, with one request per Retry-After", async (status, then) => {
  // The first eight are in flight together. Then each of six waits ends with one request.
  const storm = await startStorm({ containers, concurrency, faults: [{ times: 8 + 6, then }] });
  const start = storm.clock.now();
  expectAllPurged(storm, await purgeAll(storm), 120);
  const statuses = storm.emulator.requests.map((request) => request.status);
  expect([statuses.slice(0, 14), statuses.indexOf(status, 14)]).toEqual([Array.from({ length: 14 }, () => status), -1]);
  expect(storm.clock.now() - start).toBe(7 * 30_000);
  expect(storm.manners.probes).toBe(7);
});

test.each([
  [429, "limited", { kind: "rateLimit", retryAfter: 30 }],
  [503, "server", { kind: "serverError", status: 503, retryAfter: 30 }],
] as const)("a request held back by the %i of another one reports the wait", async (status, reason, then) => {
  const faults: FaultRule[] = [{ match: { containerTag: "pr-1" }, then }];
  const storm = await startStorm({ containers, concurrency, faults });
  const waits: Wait[] = [];
  const onWait = (wait: Wait): void => void waits.push(wait);
  await Promise.all([storm.purge("pr-1", storm.v3), storm.purge("pr-2", storm.v3, { onWait })]);
  expect(waits).toEqual([{ reason, status, ms: 30_000, holdsAllBack: true }]);
});

test("a delete with the response 503 is settled by a list, which waits", async () => {
  const match = { route: "documents.deleteBulk" } as const;
  const then = { kind: "serverError", status: 503, retryAfter: 30, when: "afterEffect" } as const;
  const storm = await startStorm({ containers: { "pr-1": 3 }, concurrency, faults: [{ match, then }] });
  const start = storm.clock.now();
  const outcome = await storm.purge("pr-1", storm.v3);
  expect(outcome).toMatchObject({ deleted: 3, estimated: true, tags: [{ goneWithoutResponse: 3 }] });
  expect(storm.emulator.ledger).toMatchObject([{ count: 3 }]);
  expect(storm.clock.now() - start).toBe(30_000);
  expect(storm.emulator.requests.map(({ status }) => status)).toEqual([200, 503, 200]);
});

test("a Retry-After of a millisecond, for ever, is answered with a growing backoff", async () => {
  const then = { kind: "rateLimit", retryAfter: 0.001 } as const;
  const storm = await startStorm({ containers: { "pr-1": 3 }, concurrency, faults: [{ times: Infinity, then }] });
  const waits: number[] = [];
  const onWait = ({ ms }: Wait): void => void waits.push(ms);
  const deadline = storm.deadline(600_000);
  const { message } = await errorOf(storm.purge("pr-1", storm.v3, { deadline, onWait }));
  expect(message).toContain("the API returned 429 until the timeout");
  expect(waits.slice(0, 8)).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  expect(storm.emulator.requests.length).toBeLessThan(70);
});

test("many operations on both API versions keep to a limit of requests per minute", async () => {
  const storm = await startStorm({ containers, concurrency, rateLimit: { requests: 15, seconds: 60 } });
  const start = storm.clock.now();
  expectAllPurged(storm, await purgeAll(storm), 120);
  const minutes = (storm.clock.now() - start) / 60_000;
  const limited = storm.emulator.requests.filter(({ status }) => status === 429).length;
  const accepted = storm.emulator.requests.length - limited;
  expect(minutes).toBe(Math.ceil(accepted / 15) - 1);
  expect(storm.manners.probes).toBe(minutes);
  expect(limited).toBeLessThanOrEqual(concurrency * minutes);
});

test("when the connection of a probe is reset, the next request becomes the probe, and all purges succeed", async () => {
  const faults: FaultRule[] = [
    { times: 8, then: { kind: "rateLimit", retryAfter: 30 } },
    { name: "probe 1", then: { kind: "reset", when: "beforeEffect" } },
    { name: "probe 2", then: { kind: "reset", when: "afterEffect" } },
    { name: "probe 3", then: { kind: "rateLimit", retryAfter: 30 } },
  ];
  const storm = await startStorm({ containers, concurrency, faults });
  expectAllPurged(storm, await purgeAll(storm), 120);
  const probes = storm.emulator.requests.slice(8, 12).map(({ fault }) => fault);
  expect(probes).toEqual(["probe 1", "probe 2", "probe 3", null]);
  expect(storm.manners.probes).toBe(4);
});

test("a 429 without Retry-After holds back no other request", async () => {
  const faults: FaultRule[] = [
    { match: { containerTag: "pr-1" }, then: { kind: "rateLimit" } },
    { match: { containerTag: "pr-2" }, then: { kind: "slow" } },
  ];
  const storm = await startStorm({ containers, concurrency, faults });
  const reasons: string[] = [];
  let waits = (): void => undefined;
  const waiting = new Promise<void>((resolve) => (waits = resolve));
  const onWait = ({ holdsAllBack, reason }: Wait): void => {
    reasons.push(holdsAllBack === true ? "all" : reason);
    waits();
  };
  const limited = storm.purge("pr-1", storm.v3, { onWait });
  await waiting;
  const slow = look(storm, "pr-2", storm.deadline());
  await storm.emulator.whenHeld();
  expect((await look(storm, "pr-3", storm.deadline(10_000))).total).toBe(3);
  expect(storm.emulator.held).toBe(1);
  storm.emulator.release();
  expect([(await slow).total, (await limited).deleted]).toEqual([3, 3]);
  expect(reasons).toEqual(["limited"]);
  expect(storm.emulator.containers()["bystander"]).toBe(3);
});

test("a request that waits for the probe ends when its operation is stopped", async () => {
  const stop = new AbortController();
  const { mine, storm } = await behindSlowProbe(concurrency, undefined, stop.signal);
  stop.abort();
  expect(await errorOf(mine)).toBeInstanceOf(StoppedError);
  expect(storm.emulator.held).toBe(1);
  expect(storm.emulator.requests).toHaveLength(2);
});

test.each([
  ["beside the probe", 8],
  ["in line behind the probe", 1],
])("a request that waits %s fails at its deadline, with the API's Retry-After as the reason", async (_name, places) => {
  const { mine, storm } = await behindSlowProbe(places, 50);
  const message = "the API's Retry-After held back this request until the timeout (0.05s)";
  expect(await errorOf(mine)).toMatchObject({ name: "DeadlineError", message });
  expect(storm.emulator.requests).toHaveLength(2);
});

/** Each container in its own operation, half of them on each API version. */
async function purgeAll(storm: Storm) {
  return await Promise.all(tags.map((tag, index) => storm.purge(tag, index % 2 === 0 ? storm.v3 : storm.v5)));
}

/** A list that waits for another one, which was asked to wait, and is sent again without a response. */
async function behindSlowProbe(places = concurrency, timeoutMs?: number, stop?: AbortSignal) {
  const faults: FaultRule[] = [{ then: { kind: "rateLimit", retryAfter: 30 } }, { then: { kind: "slow" } }];
  const storm = await startStorm({ containers, concurrency: places, faults });
  void look(storm, "pr-1", storm.deadline()).catch(() => undefined);
  await storm.emulator.whenHeld();
  const mine = look(storm, "pr-2", storm.deadline(timeoutMs, stop));
  mine.catch(() => undefined);
  await setImmediate();
  return { mine, storm };
}
