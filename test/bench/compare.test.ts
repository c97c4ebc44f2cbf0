import { compare, type Contest } from "../../bench/compare";
import { spreadOf } from "../../bench/statistics";
import { inWords, isReached, ratioOf, type Target } from "../../bench/target";

const target = { atMost: 1 };

test("a comparison runs both sides in turns, leaves out the warm-up, and takes the ratio of each round", async () => {
  const order: string[] = [];
  const mine = [99, 10, 20, 30];
  const theirs = [99, 10, 10, 60];
  const result = await compare(
    { rounds: 3, warmUps: 1, target },
    {
      ours: () => turn(order, "ours", mine),
      peer: () => turn(order, "peer", theirs),
      close: () => {
        order.push("closed");
        return Promise.resolve();
      },
    },
  );
  expect(order).toEqual(["ours", "peer", "ours", "peer", "peer", "ours", "ours", "peer", "closed"]);
  expect(result).toMatchObject({ rounds: 3, ours: { median: 20 }, peer: { median: 10 }, ratio: { median: 1 } });
  expect(result.reached).toBe(true);
});

test("a comparison fails, and is closed, when the sides must send the same requests and do not", async () => {
  let closed = false;
  const contest: Contest = {
    sameRequests: true,
    ours: () => Promise.resolve({ value: 1, sent: { list: 2 } }),
    peer: () => Promise.resolve({ value: 1, sent: { list: 3 } }),
    close: () => {
      closed = true;
      return Promise.resolve();
    },
  };
  await expect(compare({ rounds: 1, warmUps: 1, target }, contest)).rejects.toThrow("the requests differ");
  expect(closed).toBe(true);
});

function turn(order: string[], who: string, values: number[]): Promise<{ value: number }> {
  order.push(who);
  return Promise.resolve({ value: values.shift() ?? Number.NaN });
}

test("the median is the middle of the values in any order", () => {
  expect(spreadOf([9, 1, 5]).median).toBe(5);
  expect(spreadOf([4, 1, 3, 2]).median).toBe(2.5);
  expect(spreadOf([7])).toEqual({ median: 7, lower: 7, upper: 7 });
});

test("half of the values lie between lower and upper", () => {
  expect(spreadOf([5, 1, 2, 4, 3])).toEqual({ median: 3, lower: 2, upper: 4 });
  expect(spreadOf([1, 2, 3, 4])).toEqual({ median: 2.5, lower: 1.75, upper: 3.25 });
});

test("an empty list is an error", () => {
  expect(() => spreadOf([])).toThrow(RangeError);
});

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
