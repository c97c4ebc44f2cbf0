import { Deadline, formatDuration, systemClock } from "../../../provider/client/deadline";
import { DeadlineError, StoppedError } from "../../../provider/errors";
import { LeapingClock } from "../support/clocks";
import { errorOf } from "../support/world";

const open: Deadline[] = [];

afterEach(() => {
  for (const deadline of open.splice(0)) deadline.end();
});

test("a wait that would end after the deadline is not begun", async () => {
  const { clock, deadline } = start(1_000);
  const error = await errorOf(deadline.sleep(1_000, "the API answered 503"));
  expect(error).toBeInstanceOf(DeadlineError);
  expect(error.message).toBe("the API answered 503 until the timeout of 1s");
  expect(clock.slept).toEqual([]);
});

test("waits add up to the deadline and no further", async () => {
  const { clock, deadline } = start(1_000);
  await deadline.sleep(600, "waiting");
  await deadline.sleep(399, "waiting");
  expect(await errorOf(deadline.sleep(1, "waiting"))).toBeInstanceOf(DeadlineError);
  expect(clock.slept).toEqual([600, 399]);
});

test("nothing begins once the time is over", () => {
  const { clock, deadline } = start(1_000);
  deadline.check("waiting");
  clock.advance(1_000);
  expect(() => {
    deadline.check("the API gave no answer");
  }).toThrow("the API gave no answer until the timeout of 1s");
});

test("a stop ends a wait that is under way", async () => {
  const stop = new AbortController();
  const deadline = keep(new Deadline(600_000, systemClock, stop.signal));
  const waiting = errorOf(deadline.sleep(500_000, "waiting"));
  stop.abort();
  expect(await waiting).toBeInstanceOf(StoppedError);
});

test("a stop lets a request that is under way come to its end", () => {
  const stop = new AbortController();
  const deadline = keep(new Deadline(600_000, systemClock, stop.signal));
  stop.abort();
  expect([deadline.sendSignal.aborted, deadline.waitSignal.aborted]).toEqual([false, true]);
});

test("the machine's time ends requests and waits alike", async () => {
  const deadline = keep(new Deadline(1, systemClock));
  await new Promise((resolve) => {
    deadline.sendSignal.addEventListener("abort", resolve);
  });
  expect(deadline.waitSignal.aborted).toBe(true);
  expect(await errorOf(deadline.sleep(0, "waiting"))).toBeInstanceOf(DeadlineError);
});

test("a deadline beyond what a timer can hold is not over at once", async () => {
  const deadline = keep(new Deadline(30 * 86_400_000, systemClock));
  await deadline.sleep(5, "waiting");
  deadline.check("waiting");
  expect(deadline.sendSignal.aborted).toBe(false);
});

test("the end of an operation ends what it left under way", async () => {
  const { deadline } = start(600_000, systemClock);
  const waiting = errorOf(deadline.sleep(500_000, "waiting"));
  deadline.end();
  expect(await waiting).toBeInstanceOf(DeadlineError);
  expect(deadline.sendSignal.aborted).toBe(true);
});

test("a timeout is written as people write it", () => {
  expect([600_000, 90_000, 1_500, 120_000, 250].map(formatDuration)).toEqual(["10m", "90s", "1.5s", "2m", "0.25s"]);
});

function start(ms: number, clock: LeapingClock | typeof systemClock = new LeapingClock()) {
  return {
    clock: clock instanceof LeapingClock ? clock : new LeapingClock(),
    deadline: keep(new Deadline(ms, clock)),
  };
}

function keep(deadline: Deadline): Deadline {
  open.push(deadline);
  return deadline;
}
