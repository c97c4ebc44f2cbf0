import { Freshness, isFresh } from "../../../provider/purge/freshness";
import { LeapingClock } from "../support/clocks";

test.each([
  ["just now", { epoch: 1, at: 5_000 }, true],
  ["ten seconds ago", { epoch: 1, at: 0 }, true],
  ["longer ago", { epoch: 1, at: -1 }, false],
  ["before a wait", { epoch: 0, at: 9_999 }, false],
])("a delete may rest on a look %s: %p", (_what, look, expected) => {
  expect(isFresh(look, { epoch: 1, at: 10_000 })).toBe(expected);
});

test("a wait of one container ends what all know, a new round only what that one knows", () => {
  const waits = { count: 0 };
  const [one, other] = [new Freshness(new LeapingClock(), waits), new Freshness(new LeapingClock(), waits)];
  const [first, second] = [one.now(), other.now()];
  one.nextRound();
  expect([one.isFresh(first), other.isFresh(second)]).toEqual([false, true]);
  one.waited();
  expect(other.isFresh(second)).toBe(false);
});
