import { setImmediate } from "node:timers/promises";
import type { FaultRule } from "../../../emulator/index";
import type { Deadline } from "../../../provider/client/deadline";
import { DeadlineError, StoppedError } from "../../../provider/errors";
import { look, type Storm, startStorm } from "../support/storm";
import { errorOf } from "../support/world";

const containers = { "pr-1": 3, "pr-2": 3 };
const concurrency = 8;

test("a probe whose operation ends leaves its role to the next one", async () => {
  const storm = await startStorm({ containers, concurrency, faults: limitedThenSlow });
  const { abandoned, mine } = await behindSlowProbe(storm);
  abandoned.end();
  expect((await mine).total).toBe(3);
  expect(storm.emulator.requests.map(({ status }) => status)).toEqual([429, null, 200]);
  expect(storm.manners.breaches).toEqual([]);
});

test("who waits for the probe stops when it is told to", async () => {
  const stop = new AbortController();
  const storm = await startStorm({ containers, concurrency, faults: limitedThenSlow });
  const { mine } = await behindSlowProbe(storm, stop.signal);
  stop.abort();
  const error = await errorOf(mine);
  expect(error).toBeInstanceOf(StoppedError);
  expect(storm.emulator.held).toBe(1);
  expect(storm.emulator.requests).toHaveLength(2);
});

test.each([
  ["beside the probe", 8],
  ["in line behind the probe", 1],
])("who waits %s fails at its deadline, and names the API's wish", async (_name, places) => {
  const storm = await startStorm({ containers, concurrency: places, faults: limitedThenSlow });
  await slowProbe(storm);
  const error = await errorOf(look(storm, "pr-2", storm.deadline(50)));
  expect(error).toBeInstanceOf(DeadlineError);
  expect(error.message).toBe("the API asked to wait (Retry-After) and has let nobody go on until the timeout of 0.05s");
  expect(storm.emulator.requests).toHaveLength(2);
});

const limitedThenSlow: readonly FaultRule[] = [
  { then: { kind: "rateLimit", retryAfter: 30 } },
  { then: { kind: "slow" } },
];

/** A list that was told to wait, and asks again without getting an answer. */
async function slowProbe(storm: Storm): Promise<Deadline> {
  const deadline = storm.deadline();
  void look(storm, "pr-1", deadline).catch(() => undefined);
  await storm.emulator.whenHeld();
  return deadline;
}

/** One more list, which has come to wait for that answer. */
async function behindSlowProbe(storm: Storm, stop?: AbortSignal) {
  const abandoned = await slowProbe(storm);
  const mine = look(storm, "pr-2", storm.deadline(undefined, stop));
  mine.catch(() => undefined);
  await setImmediate();
  return { abandoned, mine };
}
