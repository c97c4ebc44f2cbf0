import fc from "fast-check";
import { waitLine } from "../../../provider/host/messages";
import { StatusThrottle } from "../../../provider/host/status-throttle";
import { WaitingClock } from "../support/clocks";

test.each([
  ["rate limited, retrying in 12 s", { reason: "limited", status: 429 }],
  ["the API is unavailable (503), retrying in 12 s", { reason: "server", status: 503 }],
  ["the API returned a server error, retrying in 12 s", { reason: "server", status: 500 }],
  ["the API cannot be reached, retrying in 12 s", { reason: "unreachable", status: undefined }],
  [
    "the API cannot be reached (the connection was refused), retrying in 12 s",
    { reason: "unreachable", status: undefined, problem: "the connection was refused" },
  ],
] as const)("a row that waits says why: %s", (line, wait) => {
  expect(waitLine({ ...wait, ms: 12_000 })).toBe(line);
});

describe("status lines", () => {
  test("go out at once when the last one is a quarter of a second old", async () => {
    const { clock, sent, throttle } = start();
    throttle.status("urn:a", "one");
    await clock.pass(250);
    throttle.status("urn:a", "two");
    expect(sent).toEqual(["0 urn:a one", "250 urn:a two"]);
  });

  test("wait for their turn, and the newest takes it, so that a long wait is always announced", async () => {
    const { clock, sent, throttle } = start();
    throttle.status("urn:a", "deleting: 0 of 5");
    await clock.pass(10);
    throttle.status("urn:a", "deleting: 3 of 5");
    throttle.status("urn:a", "rate limited, going on in 12 s");
    await clock.pass(240);
    await clock.pass(12_000);
    expect(sent).toEqual(["0 urn:a deleting: 0 of 5", "250 urn:a rate limited, going on in 12 s"]);
  });

  test("are dropped when their phase is over", async () => {
    const { clock, sent, throttle } = start();
    throttle.status("urn:a", "one");
    throttle.status("urn:a", "two");
    throttle.end("urn:a");
    await clock.pass(1_000);
    expect(sent).toEqual(["0 urn:a one"]);
  });

  test("of one resource do not hold back those of another", () => {
    const { sent, throttle } = start();
    for (const urn of ["urn:a", "urn:b", undefined]) throttle.status(urn, "one");
    expect(sent).toEqual(["0 urn:a one", "0 urn:b one", "0 undefined one"]);
  });

  test("are at most four a second, however they come", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 40 }), async (pauses) => {
        const { clock, sent, throttle } = start();
        for (const pause of pauses) {
          throttle.status("urn:a", "status");
          await clock.pass(pause);
        }
        const times = sent.map((line) => Number(line.split(" ")[0]));
        for (const [index, time] of times.slice(1).entries()) {
          expect(time - (times[index] ?? 0)).toBeGreaterThanOrEqual(250);
        }
      }),
    );
  });
});

function start() {
  const clock = new WaitingClock("by hand");
  const sent: string[] = [];
  const throttle = new StatusThrottle(clock, (urn, message) => {
    sent.push(`${clock.now()} ${String(urn)} ${message}`);
  });
  return { clock, sent, throttle };
}
