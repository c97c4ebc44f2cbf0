import { inWords, isReached, ratioOf } from "../../bench/target";

test("so many times faster means that the peer takes so many times as long", () => {
  const target = { timesFaster: 6 };
  expect(ratioOf(target, 100, 700)).toBe(7);
  expect([5.99, 6, 7].map((ratio) => isReached(target, ratio))).toEqual([false, true, true]);
  expect(inWords(target)).toBe("at least 6 times faster");
});

test("at most means so much of what the peer takes", () => {
  const target = { atMost: 1.1 };
  expect(ratioOf(target, 105, 100)).toBe(1.05);
  expect([1.09, 1.1, 1.11].map((ratio) => isReached(target, ratio))).toEqual([true, true, false]);
  expect(inWords(target)).toBe("at most 1.10");
});
