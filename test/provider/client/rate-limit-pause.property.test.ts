import fc from "fast-check";
import { type Cause, RateLimitPause, type Waiter } from "../../../provider/client/rate-limit-pause";
import { WaitingClock } from "../support/clocks";
import { Manners } from "../support/manners";

const limited: Cause = { reason: "limited", status: 429 };

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
