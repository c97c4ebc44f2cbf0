import fc from "fast-check";
import {
  type Cause,
  nextState,
  type PauseEvent,
  type PauseState,
  RateLimitPause,
  type Waiter,
} from "../../../provider/client/rate-limit-pause";
import { WaitingClock } from "../support/clocks";
import { Manners } from "../support/manners";
import { errorOf } from "../support/world";

const limited: Cause = { reason: "limited", status: 429 };
const busy: Cause = { reason: "server", status: 503 };
const open: PauseState = { name: "open" };
const paused: PauseState = { name: "paused", until: 5, cause: limited };
const probing: PauseState = { ...paused, name: "probing", extended: false };
const extended: PauseState = { ...probing, extended: true };
const asked = (until: number): PauseEvent => ({ name: "asked to wait", until, cause: busy });
const began: PauseEvent = { name: "probe began" };
const ended = (responded: boolean): PauseEvent => ({ name: "probe ended", responded });

test.each<[string, PauseState, PauseEvent, PauseState]>([
  ["a request to wait pauses an open API", open, asked(3), { name: "paused", until: 3, cause: busy }],
  ["a later time extends a pause", paused, asked(9), { name: "paused", until: 9, cause: busy }],
  ["an earlier time does not shorten a pause", paused, asked(3), { name: "paused", until: 5, cause: busy }],
  ["a probe begins after a pause", paused, began, probing],
  ["a probe needs a pause", open, began, open],
  ["a probe with a response opens the API", probing, ended(true), open],
  ["a probe without a response leaves the pause to the next probe", probing, ended(false), paused],
  ["a request to wait extends a probe", probing, asked(9), { ...extended, until: 9, cause: busy }],
  ["a response to an extended probe does not end the pause", extended, ended(true), paused],
  ["the end of a probe changes nothing after a pause", open, ended(true), open],
])("%s", (_what, state, event, next) => {
  expect(nextState(state, event)).toEqual(next);
});

test("a probe that fails before it is sent makes the next request the probe", async () => {
  const { clock, pass, pause, sent } = pausedFor(1_000);
  const refused = errorOf(pass("refused", { prepare: () => Promise.reject(new Error("refused")) }));
  void pass("next");
  await clock.pass(1_000);
  expect((await refused).message).toBe("refused");
  expect([sent, pause.isOpen]).toEqual([["next"], true]);
});

test("a request that stops waiting for the probe fails, and the others are still sent", async () => {
  const { clock, pass, sent } = pausedFor(1_000);
  let respond = (): void => undefined;
  const response = new Promise<void>((resolve) => {
    respond = resolve;
  });
  void pass("probe", { send: () => response });
  void pass("patient");
  await clock.pass(1_000);
  const until = (): Promise<void> => Promise.reject(new Error("no time left"));
  expect((await errorOf(pass("impatient", { until }))).message).toBe("no time left");
  respond();
  await clock.pass(0);
  expect(sent).toEqual(["patient"]);
});

test("a request that is prepared while the API asks to wait is sent after the wait, and prepared again", async () => {
  const { clock, pass, pause, sent, start } = pausedFor(0);
  const prepared: number[] = [];
  const prepare = (): Promise<void> => {
    if (prepared.push(clock.now()) === 1) pause.extendTo(start + 1_000, limited);
    return Promise.resolve();
  };
  const passed = pass("a", { prepare });
  await clock.pass(999);
  expect(sent).toEqual([]);
  await clock.pass(1);
  await passed;
  expect(prepared).toEqual([start, start + 1_000]);
});

test("for any responses of the API, no request is sent too early or beside a probe, and every request is sent", async () => {
  const ending = fc.oneof(
    { weight: 3, arbitrary: fc.constant("answered" as const) },
    { weight: 2, arbitrary: fc.constant("lost" as const) },
    { weight: 4, arbitrary: fc.record({ wait: fc.integer({ min: 0, max: 30 }) }) },
  );
  const request = fc.record({
    comes: fc.integer({ min: 0, max: 40 }),
    prepares: fc.integer({ min: 0, max: 3 }),
    takes: fc.integer({ min: 0, max: 25 }),
    ends: ending,
  });
  await fc.assert(
    fc.asyncProperty(fc.array(request, { minLength: 2, maxLength: 12 }), async (requests) => {
      const clock = new WaitingClock("idle");
      const pause = new RateLimitPause();
      const manners = new Manners();
      const sleep = (ms: number): Promise<void> => clock.sleep(ms, new AbortController().signal);
      const waiter: Waiter = { now: () => clock.now(), sleep, until: (event) => event };
      const ended = requests.map(async ({ comes, prepares, takes, ends }) => {
        await sleep(comes);
        const send = async (): Promise<void> => {
          const end = manners.sent(clock.now());
          await sleep(takes);
          end(typeof ends === "object" ? { waitUntil: clock.now() + ends.wait } : ends);
          if (typeof ends === "object") pause.extendTo(clock.now() + ends.wait, limited);
          if (ends === "lost") throw new Error("lost");
        };
        await pause.pass({ prepare: () => sleep(prepares), send }, waiter).catch(() => undefined);
      });
      await Promise.all(ended);
      expect(manners.breaches).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

/** A pause of this length, and requests of one process that pass it. */
function pausedFor(ms: number) {
  const pause = new RateLimitPause();
  const clock = new WaitingClock("by hand");
  const sent: string[] = [];
  const start = clock.now();
  if (ms > 0) pause.extendTo(start + ms, limited);
  const waiter = {
    now: () => clock.now(),
    sleep: (wait: number) => clock.sleep(wait, new AbortController().signal),
    until: (event: Promise<void>) => event,
  };
  const pass = async (name: string, given: Partial<Parameters<RateLimitPause["pass"]>[0] & Waiter> = {}) => {
    const attempt = { prepare: () => Promise.resolve(), send: () => Promise.resolve(void sent.push(name)) };
    await pause.pass({ ...attempt, ...given }, { ...waiter, ...given });
  };
  return { pause, clock, start, sent, pass };
}
