import { setImmediate } from "node:timers/promises";
import type { FaultRule } from "../../../emulator/index";
import type { Deadline } from "../../../provider/client/deadline";
import { DeadlineError, StoppedError } from "../../../provider/errors";
import { look, type Storm, startStorm } from "../support/storm";
import { errorOf } from "../support/world";

const containers = { "pr-1": 3, "pr-2": 3 };
const concurrency = 8;

test("when the operation of a probe ends, the next request becomes the probe", async () => {
  const storm = await startStorm({ containers, concurrency, faults: limitedThenSlow });
  const { abandoned, mine } = await behindSlowProbe(storm);
  abandoned.end();
  expect((await mine).total).toBe(3);
  expect(storm.emulator.requests.map(({ status }) => status)).toEqual([429, null, 200]);
  expect(storm.manners.breaches).toEqual([]);
});

test("a request that waits for the probe ends when its operation is stopped", async () => {
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
])("a request that waits %s fails at its deadline, with the API's Retry-After as the reason", async (_name, places) => {
  const storm = await startStorm({ containers, concurrency: places, faults: limitedThenSlow });
  await slowProbe(storm);
  const error = await errorOf(look(storm, "pr-2", storm.deadline(50)));
  expect(error).toBeInstanceOf(DeadlineError);
  expect(error.message).toBe("the API's Retry-After held back this request until the timeout (0.05s)");
  expect(storm.emulator.requests).toHaveLength(2);
});

const limitedThenSlow: readonly FaultRule[] = [
  { then: { kind: "rateLimit", retryAfter: 30 } },
  { then: { kind: "slow" } },
];

/** A list that was asked to wait, and is sent again without a response. */
async function slowProbe(storm: Storm): Promise<Deadline> {
  const deadline = storm.deadline();
  void look(storm, "pr-1", deadline).catch(() => undefined);
  await storm.emulator.whenHeld();
  return deadline;
}

/** A second list, which waits for that response. */
async function behindSlowProbe(storm: Storm, stop?: AbortSignal) {
  const abandoned = await slowProbe(storm);
  const mine = look(storm, "pr-2", storm.deadline(undefined, stop));
  mine.catch(() => undefined);
  await setImmediate();
  return { abandoned, mine };
}
