import fc from "fast-check";
import type { Status } from "../../../provider/host/status";
import { logPace, StatusRows, terminalPace } from "../../../provider/host/status-rows";
import { WaitingClock } from "../support/clocks";

describe("in a terminal a status", () => {
  test("is shown immediately if the last one is a quarter of a second old", async () => {
    const { clock, rows, sent } = start();
    rows.status("urn:a", phase("one"));
    await clock.pass(250);
    rows.status("urn:a", phase("two"));
    expect(sent).toEqual(["0 urn:a one", "250 urn:a two"]);
  });

  test("waits for its turn, and the newest takes it, so that a long wait is always shown", async () => {
    const { clock, rows, sent } = start();
    rows.status("urn:a", progress(0));
    await clock.pass(10);
    rows.status("urn:a", progress(300));
    rows.status("urn:a", rateLimit(12_000));
    await clock.pass(240);
    expect(sent).toEqual(["0 urn:a deleting 1,200 documents", "250 urn:a waiting 12 s: rate limited"]);
  });

  test("of a wait counts down, whatever responses arrive, and ends with what they deleted", async () => {
    const { clock, rows, sent } = start();
    rows.status("urn:a", progress(700));
    rows.status("urn:a", rateLimit(3_000));
    rows.status("urn:a", progress(800));
    for (let ms = 0; ms < 5_000; ms += 50) {
      await clock.pass(50);
      if (ms === 2_000) rows.status("urn:a", progress(900));
    }
    expect(sent).toEqual([
      "0 urn:a 58% 700/1,200 deleted",
      "250 urn:a waiting 3 s: rate limited",
      "1000 urn:a waiting 2 s: rate limited",
      "2000 urn:a waiting 1 s: rate limited",
      "3000 urn:a 75% 900/1,200 deleted",
    ]);
  });

  test("is not repeated", async () => {
    const { clock, rows, sent } = start();
    for (let i = 0; i < 3; i += 1) {
      rows.status("urn:a", phase("one"));
      await clock.pass(1_000);
    }
    expect(sent).toEqual(["0 urn:a one"]);
  });

  test.each(["end", "replaced"] as const)("that has to wait is dropped on %s", async (how) => {
    const { clock, rows, sent } = start();
    rows.status("urn:a", rateLimit(5_000));
    rows.status("urn:a", phase("two"));
    rows[how]("urn:a");
    await clock.pass(10_000);
    expect(sent).toEqual(["0 urn:a waiting 5 s: rate limited"]);
  });

  test("of new work does not show a wait of the work before it", async () => {
    const { clock, rows, sent } = start();
    rows.status("urn:a", rateLimit(60_000));
    rows.end("urn:a");
    await clock.pass(1_000);
    rows.status("urn:a", phase("two"));
    expect(sent).toEqual(["0 urn:a waiting 60 s: rate limited", "1000 urn:a two"]);
  });

  test("is shown again after another line has replaced it", async () => {
    const { clock, rows, sent } = start();
    rows.status("urn:a", phase("one"));
    rows.replaced("urn:a");
    await clock.pass(250);
    rows.status("urn:a", phase("one"));
    expect(sent).toEqual(["0 urn:a one", "250 urn:a one"]);
  });

  test("of one resource does not hold back that of another", () => {
    const { rows, sent } = start();
    for (const urn of ["urn:a", "urn:b", undefined]) rows.status(urn, phase("one"));
    expect(sent).toEqual(["0 urn:a one", "0 urn:b one", "0 undefined one"]);
  });

  test("is shown immediately after the clock was set back", async () => {
    const { clock, rows, sent } = start();
    rows.status("urn:a", phase("one"));
    await clock.pass(-60_000);
    rows.status("urn:a", phase("two"));
    expect(sent).toEqual(["0 urn:a one", "-60000 urn:a two"]);
  });

  test("comes four times a second at most", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 40 }), async (pauses) => {
        const { clock, rows, sent } = start();
        for (const [index, pause] of pauses.entries()) {
          rows.status("urn:a", index % 5 === 4 ? rateLimit(pause) : phase(`status ${index}`));
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

describe("without a terminal", () => {
  test("a purge of 22 seconds prints a line after 10 and after 20", async () => {
    expect(await printedIn(22_000)).toEqual([
      "10000 urn:a 43% 518/1,200 deleted, 14 s left",
      "20000 urn:a 88% 1,063/1,200 deleted, 3 s left",
    ]);
  });

  test("a purge of half an hour prints a line per minute", async () => {
    const printed = await printedIn(1_800_000);
    expect([printed.length, printed.slice(1, 3).map((line) => line.split(" ")[0])]).toEqual([35, ["70000", "130000"]]);
  });

  test("a long wait is one line, then one per minute", async () => {
    const { clock, rows, sent } = start(logPace);
    rows.status("urn:a", rateLimit(90_000));
    for (let second = 0; second < 100; second += 1) await clock.pass(1_000);
    expect(sent).toEqual(["10000 urn:a waiting 80 s: rate limited", "70000 urn:a waiting 20 s: rate limited"]);
  });

  test("short work prints nothing", async () => {
    expect(await printedIn(9_000)).toEqual([]);
  });
});

/** The lines of a purge that deletes at a constant rate. */
async function printedIn(ms: number): Promise<readonly string[]> {
  const { clock, rows, sent } = start(logPace);
  for (let now = 0; now < ms; now += 500) {
    rows.status("urn:a", progress(Math.floor((1_200 * now) / ms)));
    await clock.pass(500);
  }
  rows.end("urn:a");
  await clock.pass(60_000);
  return sent;
}

function start(pace = terminalPace) {
  const clock = new WaitingClock("by hand");
  const sent: string[] = [];
  const rows = new StatusRows(clock, pace, (urn, message) => {
    sent.push(`${clock.now()} ${String(urn)} ${message}`);
  });
  return { clock, rows, sent };
}

function phase(text: string): Status {
  return { kind: "phase", text };
}

function progress(deleted: number): Status {
  return { kind: "progress", deleted, planned: 1_200 };
}

function rateLimit(ms: number): Status {
  return { kind: "wait", wait: { reason: "limited", status: 429, ms, holdsAllBack: true } };
}
