import type { FaultRule } from "../../../emulator/index";
import type { Wait } from "../../../provider/client/call-context";
import type { PurgeOutcome } from "../../../provider/purge/types";
import { expectAllPurged, look, type Storm, startStorm } from "../support/storm";

const tags = Array.from({ length: 40 }, (_, index) => `pr-${index}`);
const containers = Object.fromEntries(tags.map((tag) => [tag, 3]));
const concurrency = 8;

test("after many 429 responses a purge succeeds, with one request for each Retry-After", async () => {
  // The first eight are in flight together. Then each of six waits ends with one request.
  const faults: FaultRule[] = [{ times: 8 + 6, then: { kind: "rateLimit", retryAfter: 30 } }];
  const storm = await startStorm({ containers, concurrency, faults });
  const start = storm.clock.now();
  expectAllPurged(storm, await purgeAll(storm), 120);
  expect(limitedAt(storm)).toEqual(Array.from({ length: 14 }, (_, index) => index));
  expect(storm.clock.now() - start).toBe(7 * 30_000);
  expect(storm.manners.probes).toBe(7);
});

test("503 with Retry-After holds all requests back, as 429 does", async () => {
  const then = { kind: "serverError", status: 503, retryAfter: 30 } as const;
  const storm = await startStorm({ containers, concurrency, faults: [{ times: 8 + 6, then }] });
  const start = storm.clock.now();
  expectAllPurged(storm, await purgeAll(storm), 120);
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
  expect(waits).toEqual([{ reason, status, ms: 30_000 }]);
});

test("a delete with the response 503 is not repeated, and the list after it waits", async () => {
  const match = { route: "documents.deleteBulk" } as const;
  const then = { kind: "serverError", status: 503, retryAfter: 30, when: "afterEffect" } as const;
  const storm = await startStorm({ containers: { "pr-1": 3 }, concurrency, faults: [{ match, then }] });
  const start = storm.clock.now();
  expectAllPurged(storm, [await storm.purge("pr-1", storm.v3)], 3);
  expect(storm.clock.now() - start).toBe(30_000);
  expect(storm.emulator.requests.map(({ status }) => status)).toEqual([200, 503, 200]);
});

test("many operations on both API versions keep to a limit of requests per minute", async () => {
  const storm = await startStorm({ containers, concurrency, rateLimit: { requests: 15, seconds: 60 } });
  const start = storm.clock.now();
  expectAllPurged(storm, await purgeAll(storm), 120);
  const minutes = (storm.clock.now() - start) / 60_000;
  const limited = limitedAt(storm).length;
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
  expect(storm.emulator.requests.slice(8, 12).map(({ fault }) => fault)).toEqual([
    "probe 1",
    "probe 2",
    "probe 3",
    null,
  ]);
  expect(storm.manners.probes).toBe(4);
});

test("a 429 without Retry-After holds back no other request", async () => {
  const faults: FaultRule[] = [
    { match: { containerTag: "pr-1" }, then: { kind: "rateLimit" } },
    { match: { containerTag: "pr-2" }, then: { kind: "slow" } },
  ];
  const storm = await startStorm({ containers, concurrency, faults });
  const reasons: string[] = [];
  let limited: Promise<PurgeOutcome> | undefined;
  await new Promise<void>((resolve) => {
    const onWait = ({ reason }: Wait): void => {
      reasons.push(reason);
      resolve();
    };
    limited = storm.purge("pr-1", storm.v3, { onWait });
  });
  const slow = look(storm, "pr-2", storm.deadline());
  await storm.emulator.whenHeld();
  expect((await look(storm, "pr-3", storm.deadline(10_000))).total).toBe(3);
  expect(storm.emulator.held).toBe(1);
  storm.emulator.release();
  expect([(await slow).total, (await limited)?.deleted]).toEqual([3, 3]);
  expect(reasons).toEqual(["limited"]);
  expect(storm.emulator.containers()["bystander"]).toBe(3);
});

/** Each container in its own operation, half of them on each API version. */
async function purgeAll(storm: Storm) {
  return await Promise.all(tags.map((tag, index) => storm.purge(tag, index % 2 === 0 ? storm.v3 : storm.v5)));
}

/** The indexes of requests with the response 429. */
function limitedAt({ emulator }: Storm): readonly number[] {
  return emulator.requests.flatMap(({ status }, index) => (status === 429 ? [index] : []));
}
