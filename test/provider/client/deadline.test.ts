import { type Clock, Deadline, formatDuration, systemClock } from "../../../provider/client/deadline";
import { DeadlineError, StoppedError } from "../../../provider/errors";
import { LeapingClock } from "../support/clocks";
import { errorOf } from "../support/world";

const open: Deadline[] = [];

afterEach(() => {
  for (const deadline of open.splice(0)) deadline.end();
});

test("waits add up, and nothing begins at the deadline, or would end there", async () => {
  const clock = new LeapingClock();
  const deadline = start(1_000, clock);
  await deadline.sleep(600, "waiting");
  await deadline.sleep(399, "waiting");
  const error = await errorOf(deadline.sleep(1, "the API returned 503"));
  expect(error).toMatchObject({ name: "DeadlineError", message: "the API returned 503 until the timeout (1s)" });
  expect(clock.slept).toEqual([600, 399]);
  deadline.check("waiting");
  clock.advance(1);
  expect(() => {
    deadline.check("the API sent no response");
  }).toThrow("the API sent no response until the timeout (1s)");
});

test("a stop ends a running wait, and does not abort a request in flight", async () => {
  const stop = new AbortController();
  const deadline = start(600_000, systemClock, stop.signal);
  const waiting = errorOf(deadline.sleep(500_000, "waiting"));
  stop.abort();
  expect(await waiting).toBeInstanceOf(StoppedError);
  expect([deadline.sendSignal.aborted, deadline.waitSignal.aborted]).toEqual([false, true]);
});

test("a delete in flight has three seconds after a stop", () => {
  jest.useFakeTimers();
  const stop = new AbortController();
  const deadline = start(600_000, systemClock, stop.signal);
  stop.abort();
  jest.advanceTimersByTime(2_999);
  expect(deadline.sendSignal.aborted).toBe(false);
  jest.advanceTimersByTime(1);
  expect(deadline.sendSignal.aborted).toBe(true);
  jest.useRealTimers();
});

test("the time limit ends requests and waits", async () => {
  const deadline = start(1, systemClock);
  await new Promise((resolve) => {
    deadline.sendSignal.addEventListener("abort", resolve);
  });
  expect(deadline.waitSignal.aborted).toBe(true);
  expect(await errorOf(deadline.sleep(0, "waiting"))).toBeInstanceOf(DeadlineError);
});

test("a deadline beyond the range of a timer does not end immediately", async () => {
  const deadline = start(30 * 86_400_000, systemClock);
  await deadline.sleep(5, "waiting");
  expect(deadline.sendSignal.aborted).toBe(false);
});

test("the end of an operation ends its running waits and requests", async () => {
  const deadline = start(600_000, systemClock);
  const waiting = errorOf(deadline.sleep(500_000, "waiting"));
  deadline.end();
  expect(await waiting).toBeInstanceOf(DeadlineError);
  expect(deadline.sendSignal.aborted).toBe(true);
});

test("a timeout is shown in its largest whole unit", () => {
  expect([600_000, 90_000, 1_500, 120_000, 250].map(formatDuration)).toEqual(["10m", "90s", "1.5s", "2m", "0.25s"]);
});

function start(ms: number, clock: Clock, stop?: AbortSignal): Deadline {
  const deadline = new Deadline(ms, clock, stop);
  open.push(deadline);
  return deadline;
}
