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
        let [running, peak, ended] = [0, 0, 0];
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

test("requests run in the order of their arrival, and a new one does not overtake waiting ones", async () => {
  const { first, gate, order, run } = occupied();
  const waiting = ["a", "b", "c"].map((name) => run(name));
  // The new request arrives in the same turn in which the first one ends.
  const newcomer = first.then(() => run("newcomer"));
  gate.open();
  await Promise.all([...waiting, newcomer]);
  expect(order).toEqual(["first", "a", "b", "c", "newcomer"]);
});

test("a request aborted while it waits does not run, and the requests behind it do", async () => {
  const { gate, order, run } = occupied();
  const stop = new AbortController();
  const aborted = errorOf(run("aborted", stop.signal));
  const behind = run("behind");
  stop.abort();
  expect((await aborted).message).toContain("aborted");
  gate.open();
  await behind;
  expect(order).toEqual(["first", "behind"]);
});

test("a request aborted before its arrival does not run, even if there is room", async () => {
  const work = jest.fn(() => Promise.resolve());
  await errorOf(new Limiter(1).run(work, AbortSignal.abort()));
  expect(work).not.toHaveBeenCalled();
});

test("a request aborted as its turn comes does not run, and passes its place on", async () => {
  const { first, gate, order, run } = occupied();
  const stop = new AbortController();
  const aborted = errorOf(run("aborted", stop.signal));
  const behind = run("behind");
  void first.then(() => {
    stop.abort();
  });
  gate.open();
  await Promise.all([aborted, behind]);
  expect(order).toEqual(["first", "behind"]);
});

test("a failing request passes its place on", async () => {
  const limiter = new Limiter(1);
  const failed = await errorOf(limiter.run(() => Promise.reject(new Error("failed")), never));
  expect(failed.message).toBe("failed");
  expect(await limiter.run(() => Promise.resolve("next"), never)).toBe("next");
});

/** A limiter with one place, which is occupied until the gate opens. */
function occupied() {
  const limiter = new Limiter(1);
  const order: string[] = [];
  const gate = { open: (): void => undefined };
  const opened = new Promise<void>((resolve) => {
    gate.open = resolve;
  });
  const run = (name: string, signal = never, before = Promise.resolve()): Promise<unknown> =>
    limiter.run(() => before.then(() => order.push(name)), signal);
  return { limiter, order, gate, run, first: run("first", never, opened) };
}

describe("a request aside", () => {
  test("runs while a place is free", async () => {
    expect(await new Limiter(1).runAside(() => Promise.resolve("done"))).toBe("done");
  });

  test("does not run without a free place, or during a pause", async () => {
    const { gate, limiter, first } = occupied();
    const ran: string[] = [];
    const aside = async (): Promise<void> => {
      await limiter.runAside(() => Promise.resolve(void ran.push("aside")));
    };
    await expect(aside()).rejects.toThrow("no place is free");
    gate.open();
    await first;
    limiter.pause.extendTo(Date.now() + 1_000, { reason: "limited", status: 429 });
    await expect(aside()).rejects.toThrow("no place is free");
    expect(ran).toEqual([]);
  });

  test("is aborted as soon as another request needs its place, which then runs", async () => {
    const limiter = new Limiter(1);
    const aside = limiter.runAside(async (signal) => {
      await new Promise<void>((_resolve, reject) => {
        signal.addEventListener("abort", () => {
          reject(new Error("aborted"));
        });
      });
    });
    const other = limiter.run(() => Promise.resolve("other"), never);
    await expect(aside).rejects.toThrow("aborted");
    expect(await other).toBe("other");
  });
});
