import { collector, GarbageCollector } from "../../../provider/client/garbage";

test("garbage is collected with every 450th answer, and nothing is prepared before", () => {
  const events: string[] = [];
  const garbage = new GarbageCollector(() => {
    events.push("prepared");
    return () => events.push("collected");
  });
  answer(garbage, 449);
  expect(events).toEqual([]);
  answer(garbage, 1);
  expect(events).toEqual(["prepared", "collected"]);
  answer(garbage, 900);
  expect(events).toEqual(["prepared", "collected", "collected", "collected"]);
});

test("a collection takes what nobody holds any more, in a process that was started without a flag for it", async () => {
  const collect = collector();
  const gone = new WeakRef({ rows: new Array(1_000).fill("row") });
  // A reference that was just made counts as held until the next turn.
  await new Promise((next) => setImmediate(next));
  collect();
  expect(gone.deref()).toBeUndefined();
});

function answer(garbage: GarbageCollector, times: number): void {
  for (let count = 0; count < times; count += 1) garbage.answered();
}
