import { setMaxListeners } from "node:events";
import { type Cause, Pause, type Waiter } from "../../../provider/client/pause";
import { WaitingClock } from "../support/clocks";
import { errorOf } from "../support/world";

const never = new AbortController().signal;
setMaxListeners(0, never);

const limited: Cause = { reason: "limited", status: 429 };

test("nobody waits while the API has asked for nothing", async () => {
  const { begin, sent } = crew();
  await begin("a", "b", "c");
  expect(sent).toEqual(["a", "b", "c"]);
});

test("a pause lasts until the latest time that was asked for, whatever the order", async () => {
  const { begin, clock, pause, sent } = crew();
  pause.extendTo(5_000, limited);
  pause.extendTo(3_000, limited);
  await begin("a");
  await clock.pass(4_999);
  expect(sent).toEqual([]);
  await clock.pass(1);
  expect(sent).toEqual(["a"]);
});

test("a time that is asked for while others wait holds them back longer", async () => {
  const { begin, clock, pause, sent } = crew();
  pause.extendTo(3_000, limited);
  await begin("a", "b");
  pause.extendTo(5_000, limited);
  await clock.pass(4_999);
  expect(sent).toEqual([]);
  await clock.pass(1);
  expect(sent).toEqual(["a"]);
});

test("when a pause is over one goes alone, and the others once it is answered", async () => {
  const { answer, begin, clock, pause, sent } = crew();
  pause.extendTo(1_000, limited);
  await begin("a", "b", "c");
  await clock.pass(60_000);
  expect(sent).toEqual(["a"]);
  await begin("late");
  expect(sent).toEqual(["a"]);
  await answer("a");
  expect([...sent].sort()).toEqual(["a", "b", "c", "late"]);
  expect(pause.isOn).toBe(false);
});

test("a probe that is told to wait again begins a new pause with one probe", async () => {
  const { answer, begin, clock, pause, sent } = crew();
  pause.extendTo(1_000, limited);
  await begin("a", "b", "c");
  await clock.pass(1_000);
  pause.extendTo(3_000, limited);
  await answer("a");
  await clock.pass(1_999);
  expect(sent).toEqual(["a"]);
  await clock.pass(1);
  expect(sent).toEqual(["a", "b"]);
});

test("a probe that is told to wait for no time still lets only one go after it", async () => {
  const { answer, begin, clock, pause, sent } = crew();
  pause.extendTo(1_000, limited);
  await begin("a", "b", "c");
  await clock.pass(1_000);
  pause.extendTo(1_000, limited);
  await answer("a");
  expect(sent).toEqual(["a", "b"]);
});

test("a probe without an answer leaves its role to the next one, and only to one", async () => {
  const { answer, begin, clock, lose, pause, sent } = crew();
  pause.extendTo(1_000, limited);
  await begin("a", "b", "c", "d");
  await clock.pass(1_000);
  await lose("a");
  expect(sent).toEqual(["a", "b"]);
  await lose("b");
  expect(sent).toEqual(["a", "b", "c"]);
  await answer("c");
  expect(sent).toEqual(["a", "b", "c", "d"]);
});

test("a probe that is refused before it is sent leaves its role to the next one", async () => {
  const { clock, begin, pause, sent, waiter } = crew();
  pause.extendTo(1_000, limited);
  const prepare = (): Promise<void> => Promise.reject(new Error("refused"));
  const send = (): Promise<string> => Promise.resolve(`${sent.push("refused")}`);
  const refused = errorOf(pause.pass({ prepare, send }, waiter));
  await begin("b", "c");
  await clock.pass(1_000);
  expect((await refused).message).toBe("refused");
  expect(sent).toEqual(["b"]);
});

test("who gives up waiting for the probe leaves, and the others still go on", async () => {
  const { answer, begin, clock, pause, sent, waiter } = crew();
  pause.extendTo(1_000, limited);
  await begin("a", "b");
  await clock.pass(1_000);
  const until = (): Promise<void> => Promise.reject(new Error("no time left"));
  const prepare = (): Promise<void> => Promise.resolve();
  const send = (): Promise<string> => Promise.resolve(`${sent.push("impatient")}`);
  const impatient = await errorOf(pause.pass({ prepare, send }, { ...waiter, until }));
  expect(impatient.message).toBe("no time left");
  await answer("a");
  expect(sent).toEqual(["a", "b"]);
});

test("the answer to a request from before the pause does not end it", async () => {
  const { answer, begin, clock, pause, sent } = crew();
  await begin("before");
  pause.extendTo(1_000, limited);
  await begin("a", "b");
  await answer("before");
  await clock.pass(999);
  expect(sent).toEqual(["before"]);
  await clock.pass(1);
  expect(sent).toEqual(["before", "a"]);
});

test("the answer to a request from before the pause that comes after its end changes nothing", async () => {
  const { answer, begin, clock, pause } = crew();
  await begin("before");
  pause.extendTo(1_000, limited);
  await begin("a");
  await clock.pass(1_000);
  await answer("a");
  await answer("before");
  expect(pause.isOn).toBe(false);
});

test("a request from before the pause that is told to wait while the probe is under way counts more than its answer", async () => {
  const { answer, begin, clock, pause, sent } = crew();
  await begin("before");
  pause.extendTo(1_000, limited);
  await begin("a", "b", "c");
  await clock.pass(1_000);
  pause.extendTo(9_000, limited);
  await answer("before");
  await answer("a");
  await clock.pass(7_999);
  expect(sent).toEqual(["before", "a"]);
  await clock.pass(1);
  expect(sent).toEqual(["before", "a", "b"]);
});

test("a request that is being prepared when the API asks to wait is not sent before the time is over", async () => {
  const { clock, pause, sent, waiter } = crew();
  const prepared: number[] = [];
  const prepare = (): Promise<void> => {
    // The first time the answer to another request comes in meanwhile.
    if (prepared.push(clock.now()) === 1) pause.extendTo(1_000, limited);
    return Promise.resolve();
  };
  const send = (): Promise<number> => Promise.resolve(sent.push("a"));
  const a = pause.pass({ prepare, send }, waiter);
  await clock.pass(999);
  expect(sent).toEqual([]);
  await clock.pass(1);
  expect(await a).toBe(1);
  expect(prepared).toEqual([0, 1_000]);
});

/** Requests of one process that send when they may, and end when the test says so. */
function crew() {
  const pause = new Pause();
  const clock = new WaitingClock("by hand");
  const sent: string[] = [];
  const ends = new Map<string, (lost?: Error) => void>();
  const waiter: Waiter = { now: () => clock.now(), sleep: (ms) => clock.sleep(ms, never), until: (event) => event };
  const send = (name: string): Promise<void> =>
    new Promise((resolve, reject) => {
      sent.push(name);
      ends.set(name, (lost) => {
        if (lost === undefined) resolve();
        else reject(lost);
      });
    });
  const begin = async (...names: string[]): Promise<void> => {
    for (const name of names) {
      const attempt = { prepare: () => Promise.resolve(), send: () => send(name) };
      void pause.pass(attempt, waiter).catch(() => undefined);
    }
    await clock.pass(0);
  };
  const end = async (name: string, lost?: Error): Promise<void> => {
    ends.get(name)?.(lost);
    await clock.pass(0);
  };
  const answer = (name: string): Promise<void> => end(name);
  const lose = (name: string): Promise<void> => end(name, new Error("lost"));
  return { pause, clock, sent, waiter, begin, answer, lose };
}
