import type { FaultRule } from "../../../emulator/index";
import type { Wait } from "../../../provider/client/call-context";
import { StoppedError } from "../../../provider/errors";
import type { PurgeOutcome } from "../../../provider/purge/types";
import { expectAllPurged, look, type Storm, startStorm } from "../support/storm";
import { errorOf } from "../support/world";

const tags = Array.from({ length: 40 }, (_, index) => `pr-${index}`);
const containers = Object.fromEntries(tags.map((tag) => [tag, 3]));
const concurrency = 8;

test("a storm of 429 at the start ends in success, with one request for each Retry-After", async () => {
  // The first eight are under way together; then six more waits of one request each.
  const faults: FaultRule[] = [{ times: 8 + 6, then: { kind: "rateLimit", retryAfter: 30 } }];
  const storm = await startStorm({ containers, concurrency, faults });
  const start = storm.clock.now();
  expectAllPurged(storm, await purgeAll(storm), 120);
  expect(limitedAt(storm)).toEqual(Array.from({ length: 14 }, (_, index) => index));
  expect(storm.clock.now() - start).toBe(7 * 30_000);
  expect(storm.manners.probes).toBe(7);
});

test("an API that is busy (503) holds all back as a 429 does, with one request for each Retry-After", async () => {
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
] as const)("who is held back by another one's %i tells of the wait, too", async (status, reason, then) => {
  const faults: FaultRule[] = [{ match: { containerTag: "pr-1" }, then }];
  const storm = await startStorm({ containers, concurrency, faults });
  const waits: Wait[] = [];
  const onWait = (wait: Wait): void => void waits.push(wait);
  await Promise.all([storm.purge("pr-1", storm.v3), storm.purge("pr-2", storm.v3, { onWait })]);
  expect(waits).toEqual([{ reason, status, ms: 30_000 }]);
});

test("a delete that was answered 503 is not repeated, and what looks for its effect waits as well", async () => {
  const match = { route: "documents.deleteBulk" } as const;
  const then = { kind: "serverError", status: 503, retryAfter: 30, when: "afterEffect" } as const;
  const storm = await startStorm({ containers: { "pr-1": 3 }, concurrency, faults: [{ match, then }] });
  const start = storm.clock.now();
  expectAllPurged(storm, [await storm.purge("pr-1", storm.v3)], 3);
  expect(storm.clock.now() - start).toBe(30_000);
  expect(storm.emulator.requests.map(({ status }) => status)).toEqual([200, 503, 200]);
});

test("storms of 429 in the middle of the deletes end in success, with one request for each Retry-After", async () => {
  const faults: FaultRule[] = [30, 60, 90].map((nth, index) => ({
    nth,
    times: 12,
    then: { kind: "rateLimit", retryAfter: index + 1, shape: "code" },
  }));
  const storm = await startStorm({ containers, concurrency, faults });
  expectAllPurged(storm, await purgeAll(storm), 120);
  expect(limitedAt(storm)).toHaveLength(36);
  // Twelve refusals, of which at most eight were under way together.
  expect(storm.manners.probes).toBeGreaterThanOrEqual(3 * 5);
});

test("a limit of requests per minute is kept for many operations of both generations", async () => {
  const storm = await startStorm({ containers, concurrency, rateLimit: { requests: 15, seconds: 60 } });
  const start = storm.clock.now();
  expectAllPurged(storm, await purgeAll(storm), 120);
  const minutes = (storm.clock.now() - start) / 60_000;
  const limited = limitedAt(storm).length;
  const answered = storm.emulator.requests.length - limited;
  expect(minutes).toBe(Math.ceil(answered / 15) - 1);
  expect(storm.manners.probes).toBe(minutes);
  expect(limited).toBeLessThanOrEqual(concurrency * minutes);
});

test("a probe whose connection is reset leaves its role to the next one, and all end in success", async () => {
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

test("a probe that is stopped before its delete leaves its role to the next one", async () => {
  const match = { route: "documents.deleteBulk" } as const;
  const faults: FaultRule[] = [{ match, times: 2, then: { kind: "rateLimit", retryAfter: 30 } }];
  const storm = await startStorm({ containers: { "pr-1": 3, "pr-2": 3 }, concurrency: 2, faults });
  let asked = 0;
  const beforeMutation = (): Promise<void> => {
    asked += 1;
    return asked === 1 ? Promise.resolve() : Promise.reject(new StoppedError("Pulumi no longer answers"));
  };
  const stopped = errorOf(storm.purge("pr-1", storm.v3, { beforeMutation }));
  const outcome = await storm.purge("pr-2", storm.v3);
  expect((await stopped).message).toContain("Pulumi no longer answers");
  expect(outcome.deleted).toBe(3);
  expect(storm.emulator.containers()).toEqual({ bystander: 3, "pr-1": 3, "pr-2": 0 });
  expect(storm.manners.breaches).toEqual([]);
});

test("a 429 without Retry-After holds back nobody else", async () => {
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

/** Every container in an operation of its own, half of them over each generation. */
async function purgeAll(storm: Storm) {
  return await Promise.all(tags.map((tag, index) => storm.purge(tag, index % 2 === 0 ? storm.v3 : storm.v5)));
}

/** Which requests were answered 429. */
function limitedAt({ emulator }: Storm): readonly number[] {
  return emulator.requests.flatMap(({ status }, index) => (status === 429 ? [index] : []));
}
