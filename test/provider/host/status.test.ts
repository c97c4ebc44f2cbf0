import { waitLine } from "../../../provider/host/messages";
import { idleRow, lineOf, nextChange, nextRow, type RowState, type Status } from "../../../provider/host/status";

const limited = { reason: "limited", status: 429 } as const;

test.each([
  ["waiting 12 s: rate limited", limited],
  ["waiting 12 s: the API is unavailable (503)", { reason: "server", status: 503 }],
  ["waiting 12 s: the API returned a server error", { reason: "server", status: 500 }],
  ["waiting 12 s: a firewall or proxy returned an HTML page (503)", { reason: "server", status: 503, foreign: true }],
  ["waiting 12 s: the API cannot be reached", { reason: "unreachable", status: undefined }],
  [
    "waiting 12 s: the API cannot be reached (the connection was refused)",
    { reason: "unreachable", status: undefined, problem: "the connection was refused" },
  ],
] as const)("a row that waits begins with the time, then says why: %s", (line, wait) => {
  expect(waitLine({ ...wait, ms: 12_000 })).toBe(line);
});

describe("the line of a row", () => {
  test.each<readonly [string, readonly (readonly [number, Status])[], number, string | undefined]>([
    ["is empty before the first status", [], 0, undefined],
    ["is the phase", [[0, counting()]], 0, "counting documents in pr-42"],
    ["says what is deleted before the first response", [[0, progress(0)]], 60_000, "deleting 20,000 documents"],
    [
      "guesses no time in the first second",
      [
        [0, progress(0)],
        [999, progress(500)],
      ],
      999,
      "2% 500/20,000 deleted",
    ],
    [
      "guesses no time from less than one percent",
      [
        [0, progress(0)],
        [9_000, progress(199)],
      ],
      9_000,
      "0% 199/20,000 deleted",
    ],
    [
      "begins with the numbers",
      [
        [0, progress(0)],
        [5_100, progress(11_200)],
      ],
      5_100,
      "56% 11,200/20,000 deleted, 5 s left",
    ],
    [
      "gives a long time in minutes",
      [
        [0, progress(0)],
        [6_000, progress(400)],
      ],
      6_000,
      "2% 400/20,000 deleted, 5 min left",
    ],
    [
      "is 99% until the last document",
      [
        [0, progress(0)],
        [9_000, progress(19_999)],
      ],
      9_000,
      "99% 19,999/20,000 deleted, 1 s left",
    ],
    [
      "is 100% after the last",
      [
        [0, progress(0)],
        [9_000, progress(20_000)],
      ],
      9_000,
      "100% 20,000/20,000 deleted",
    ],
    [
      "is 100% after more than planned",
      [
        [0, progress(0)],
        [9_000, progress(20_050)],
      ],
      9_000,
      "100% 20,050/20,000 deleted",
    ],
    [
      "counts down while all is held back",
      [
        [0, progress(700)],
        [0, wait(10_000)],
      ],
      3_500,
      "waiting 7 s: rate limited",
    ],
    [
      "keeps the wait when responses in flight arrive",
      [
        [0, wait(10_000)],
        [200, progress(800)],
      ],
      200,
      "waiting 10 s: rate limited",
    ],
    [
      "keeps the wait when another phase begins",
      [
        [0, wait(10_000)],
        [200, counting()],
      ],
      200,
      "waiting 10 s: rate limited",
    ],
    [
      "shows what those responses deleted after the wait",
      [
        [0, wait(10_000)],
        [200, progress(800)],
      ],
      10_000,
      "4% 800/20,000 deleted, 4 min left",
    ],
    [
      "shows the latest end of several waits",
      [
        [0, wait(10_000)],
        [500, wait(2_000)],
        [600, wait(12_000)],
      ],
      600,
      "waiting 12 s: rate limited",
    ],
    [
      "keeps such a wait when one request waits for itself",
      [
        [0, wait(10_000)],
        [500, conflict(20_000)],
      ],
      500,
      "waiting 10 s: rate limited",
    ],
    [
      "shows the wait of one request until something happens",
      [
        [0, progress(700)],
        [0, conflict(5_000)],
      ],
      1_000,
      "waiting 4 s: documents are still being processed (409)",
    ],
    [
      "shows the work of the others after that",
      [
        [0, progress(0)],
        [0, conflict(5_000)],
        [900, progress(700)],
      ],
      900,
      "3% 700/20,000 deleted",
    ],
    [
      "goes back to the phase after a wait",
      [
        [0, counting()],
        [0, conflict(5_000)],
      ],
      5_000,
      "counting documents in pr-42",
    ],
    [
      "takes no wait for work when it guesses the time",
      [
        [0, progress(0)],
        [1_000, wait(60_000)],
        [62_000, progress(10_000)],
      ],
      62_000,
      "50% 10,000/20,000 deleted, 2 s left",
    ],
    [
      "takes waits that overlap once",
      [
        [0, progress(0)],
        [1_000, wait(50_000)],
        [11_000, wait(50_000)],
        [62_000, progress(10_000)],
      ],
      62_000,
      "50% 10,000/20,000 deleted, 2 s left",
    ],
  ])("%s", (_title, statuses, now, line) => {
    expect(lineOf(rowAfter(statuses), now)?.text).toBe(line);
  });

  test("belongs to another step with each tenth, each phase and each reason to wait", () => {
    const steps = [progress(1_999), progress(2_000), progress(3_999), counting(), wait(5_000), conflict(5_000)].map(
      (status) => lineOf(rowAfter([[0, status]]), 0)?.step,
    );
    expect(steps).toEqual([
      "deleting, 0",
      "deleting, 1",
      "deleting, 1",
      "counting",
      "waiting, limited",
      "waiting, conflict",
    ]);
  });
});

test("a wait changes its line every second, and at its end", () => {
  const row = rowAfter([[0, wait(2_500)]]);
  expect([0, 499, 500, 1_500, 2_499, 2_500].map((now) => nextChange(row, now))).toEqual([
    500,
    500,
    1_500,
    2_500,
    2_500,
    undefined,
  ]);
});

function rowAfter(statuses: readonly (readonly [number, Status])[]): RowState {
  return statuses.reduce((row, [now, status]) => nextRow(row, status, now), idleRow);
}

function counting(): Status {
  return { kind: "phase", text: "counting documents in pr-42" };
}

function progress(deleted: number): Status {
  return { kind: "progress", deleted, planned: 20_000 };
}

/** A wait of all requests. */
function wait(ms: number): Status {
  return { kind: "wait", wait: { ...limited, ms, holdsAllBack: true } };
}

/** A wait of one request. */
function conflict(ms: number): Status {
  return { kind: "wait", wait: { reason: "conflict", status: 409, ms } };
}
