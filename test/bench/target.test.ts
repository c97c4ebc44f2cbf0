import { inWords, isReached, ratioOf, type Target } from "../../bench/target";

test.each<[Target, string, met: number, missed: number]>([
  [{ timesFaster: 5 }, "at least 5 times faster", 20, 21],
  [{ atMost: 1.1 }, "at most 1.10", 110, 111],
  [{ withinMiB: 400 }, "within 400 MiB", 400, 401],
])(
  "the target %j reads %j; against a peer of 100 it is reached with %d and missed with %d",
  (target, words, ...both) => {
    const reached = both.map((ours) => isReached(target, { ours, ratio: ratioOf(target, ours, 100) }));
    expect([inWords(target), ...reached]).toEqual([words, true, false]);
  },
);
