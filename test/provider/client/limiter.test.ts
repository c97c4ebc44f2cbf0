import fc from "fast-check";
import { Limiter } from "../../../provider/client/limiter";
import { errorOf } from "../support/world";

const never = new AbortController().signal;

test("runs at most the allowed number of requests at a time, and all of them in the end", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 30 }),
      async (max, lengths) => {
        const limiter = new Limiter(max);
        let running = 0;
        let peak = 0;
        let ended = 0;
        const work = async (turns: number): Promise<void> => {
          running += 1;
          peak = Math.max(peak, running);
          for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
          running -= 1;
          ended += 1;
        };
        await Promise.all(lengths.map((turns) => limiter.run(() => work(turns), never)));
        expect(peak).toBe(Math.min(max, lengths.length));
        expect(ended).toBe(lengths.length);
      },
    ),
  );
});

test("requests run in the order of their arrival", async () => {
  const { limiter, order, gate } = occupied();
  const waiting = ["a", "b", "c"].map((name) => limiter.run(() => note(order, name), never));
  gate.open();
  await Promise.all(waiting);
  expect(order).toEqual(["first", "a", "b", "c"]);
});

test("a new request does not overtake waiting ones", async () => {
  const { limiter, order, gate, first } = occupied();
  const waiting = limiter.run(() => note(order, "waiting"), never);
  // The new request arrives in the same turn in which the first one ends.
  const newcomer = first.then(() => limiter.run(() => note(order, "newcomer"), never));
  gate.open();
  await Promise.all([waiting, newcomer]);
  expect(order).toEqual(["first", "waiting", "newcomer"]);
});

test("a request aborted while it waits does not run, and the requests behind it do", async () => {
  const { limiter, order, gate } = occupied();
  const stop = new AbortController();
  const aborted = errorOf(limiter.run(() => note(order, "aborted"), stop.signal));
  const behind = limiter.run(() => note(order, "behind"), never);
  stop.abort();
  expect((await aborted).message).toContain("aborted");
  gate.open();
  await behind;
  expect(order).toEqual(["first", "behind"]);
});

test("a request aborted before its arrival does not run, even if there is room", async () => {
  const order: string[] = [];
  await errorOf(new Limiter(1).run(() => note(order, "aborted"), AbortSignal.abort()));
  expect(order).toEqual([]);
});

test("a request aborted as its turn comes does not run, and passes its place on", async () => {
  const { limiter, order, gate, first } = occupied();
  const stop = new AbortController();
  const aborted = errorOf(limiter.run(() => note(order, "aborted"), stop.signal));
  const behind = limiter.run(() => note(order, "behind"), never);
  void first.then(() => {
    stop.abort();
  });
  gate.open();
  await Promise.all([aborted, behind]);
  expect(order).toContain("behind");
});

test("a failing request passes its place on", async () => {
  const limiter = new Limiter(1);
  const failed = await errorOf(limiter.run(() => Promise.reject(new Error("failed")), never));
  expect(failed.message).toBe("failed");
  expect(await limiter.run(() => Promise.resolve("next"), never)).toBe("next");
});

/** A limiter with one place, which is occupied until the gate opens. */
function occupied(): { limiter: Limiter; order: string[]; gate: { open: () => void }; first: Promise<void> } {
  const limiter = new Limiter(1);
  const order: string[] = [];
  const gate = { open: (): void => undefined };
  const opened = new Promise<void>((resolve) => {
    gate.open = resolve;
  });
  const first = limiter.run(async () => {
    await opened;
    await note(order, "first");
  }, never);
  return { limiter, order, gate, first };
}

function note(order: string[], name: string): Promise<void> {
  order.push(name);
  return Promise.resolve();
}
