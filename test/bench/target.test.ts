import { inWords, isReached, ratioOf, type Target } from "../../bench/target";

const peer = 100;

test.each<[Target, string, ours: readonly [number, boolean][]]>([
  [
    { timesFaster: 5 },
    "at least 5 times faster",
    [
      [21, false],
      [20, true],
      [19, true],
    ],
  ],
  [
    { atMost: 1.1 },
    "at most 1.10",
    [
      [109, true],
      [110, true],
      [111, false],
    ],
  ],
  [
    { withinMiB: 400 },
    "within 400 MiB",
    [
      [184, true],
      [400, true],
      [401, false],
    ],
  ],
])("the target %j reads %j and is reached at its limit, but not beyond", (target, words, rounds) => {
  expect(inWords(target)).toBe(words);
  for (const [ours, reached] of rounds) {
    expect([ours, isReached(target, { ours, ratio: ratioOf(target, ours, peer) })]).toEqual([ours, reached]);
  }
});
