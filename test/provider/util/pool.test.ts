import { setImmediate } from "node:timers/promises";
import { inParallel } from "../../../provider/util/pool";
import { errorOf } from "../support/world";

test("runs all items, at most the given number at a time", async () => {
  const done: number[] = [];
  let [now, most] = [0, 0];
  await inParallel([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
    most = Math.max(most, (now += 1));
    await Promise.resolve();
    now -= 1;
    done.push(item);
  });
  expect(done.sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(most).toBe(3);
});

test("takes an item only when there is room for it", async () => {
  const made: number[] = [];
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  function* items(): Generator<number> {
    for (const item of [0, 1, 2]) {
      made.push(item);
      yield item;
    }
  }
  const all = inParallel(items(), 1, () => opened);
  expect(made).toEqual([0]);
  open();
  await all;
  expect(made).toEqual([0, 1, 2]);
});

test("after a failure no item is begun, and work in flight still ends", async () => {
  const begun: number[] = [];
  const ended: number[] = [];
  const work = async (item: number): Promise<void> => {
    begun.push(item);
    if (item === 2) throw new Error("two");
    await setImmediate();
    ended.push(item);
  };
  expect((await errorOf(inParallel([1, 2, 3, 4], 2, work))).message).toBe("two");
  expect([begun, ended]).toEqual([[1, 2], [1]]);

  function* items(): Generator<number> {
    yield 3;
    throw new Error("no item left");
  }
  expect((await errorOf(inParallel(items(), 2, work))).message).toBe("no item left");
  expect(ended).toEqual([1, 3]);
});
