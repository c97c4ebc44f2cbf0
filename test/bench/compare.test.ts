import { compare, type Contest } from "../../bench/compare";

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
