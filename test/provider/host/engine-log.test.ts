import { connect, createServer, type Socket } from "node:net";
import { createEngineLog, engineAddress } from "../../../provider/host/engine-log";
import type { Status } from "../../../provider/host/status";
import { listen } from "../support/ends";
import { startEngine } from "../support/host-engine";
import { WaitingClock } from "../support/clocks";
import { until } from "../support/host-process";

describe("the log of the engine", () => {
  test("gets each line on its resource's row, in order, and never as an error", async () => {
    const { engine, log } = await started();
    log.info("urn:a", "one");
    log.status("urn:a", progress(1, 2));
    log.warn("urn:b", "two");
    log.info(undefined, "three");
    for (let i = 0; i < 50; i += 1) log.info("urn:a", String(i));
    await log.flush();
    expect(engine.lines.slice(0, 4)).toEqual([
      { urn: "urn:a", severity: "info", message: "one", ephemeral: false },
      { urn: "urn:a", severity: "info", message: "50% 1/2 deleted", ephemeral: true },
      { urn: "urn:b", severity: "warning", message: "two", ephemeral: false },
      { urn: "", severity: "info", message: "three", ephemeral: false },
    ]);
    expect(engine.lines.slice(4).map(({ message }) => message)).toEqual(Array.from({ length: 50 }, (_, i) => `${i}`));
  });

  test("gets no status after the line that ends the purge", async () => {
    const { clock, engine, log } = await started();
    log.status("urn:a", progress(0, 5));
    log.status("urn:a", progress(4, 5));
    log.info("urn:a", "deleted 5 documents");
    await clock.pass(1_000);
    await log.flush();
    expect(engine.lines.map(({ message }) => message)).toEqual(["deleting 5 documents", "deleted 5 documents"]);
  });

  test("gets a status only after ten seconds where the CLI prints each of them", async () => {
    const { clock, engine, log } = await started(() => false);
    log.status("urn:a", progress(0, 5));
    await clock.pass(9_999);
    log.status("urn:a", progress(4, 5));
    await clock.pass(1);
    await log.flush();
    expect(engine.lines.map(({ message }) => message)).toEqual(["80% 4/5 deleted, 3 s left"]);
  });

  test("detects immediately that the engine has ended, however recently it responded", async () => {
    const line = await lineTo((await startEngine()).address);
    const log = createEngineLog(line.address, neverPrint, new WaitingClock("by hand"));
    expect(await log.alive()).toBe(true);
    line.cut();
    expect(await log.alive()).toBe(false);
  });

  test("asks the engine once for all callers, and again a tenth of a second after its response", async () => {
    const { clock, engine, log } = await started();
    expect(await Promise.all([log.alive(), log.alive(), log.alive()])).toEqual([true, true, true]);
    await clock.pass(99);
    expect([await log.alive(), engine.questions]).toEqual([true, 1]);
    await clock.pass(1);
    expect([await log.alive(), engine.questions]).toEqual([true, 2]);
  });

  test("counts the age of a response from its request, and does not trust one from the future", async () => {
    const { clock, engine, log } = await started();
    const release = engine.hang();
    const first = log.alive();
    await until(() => engine.questions === 1, "a question");
    await clock.pass(60);
    release();
    expect(await first).toBe(true);
    await clock.pass(40);
    expect([await log.alive(), engine.questions]).toEqual([true, 2]);
    await clock.pass(-1);
    expect([await log.alive(), engine.questions]).toEqual([true, 3]);
  });

  test("counts the response to a log line as a sign of life", async () => {
    const { engine, log } = await started();
    log.info("urn:a", "one");
    await log.flush();
    expect([await log.alive(), engine.questions]).toEqual([true, 0]);
  });

  test("loses lines that cannot be delivered, without failing or waiting for ever", async () => {
    const { engine, log } = await started();
    await engine.end();
    log.info("urn:a", "one");
    log.warn("urn:a", "two");
    await expect(log.flush()).resolves.toBeUndefined();
    expect(engine.lines).toEqual([]);
  });

  test("is dropped as a whole if the engine accepts calls and does not respond, which then counts as ended", async () => {
    const { clock, engine, log } = await started();
    expect(await log.alive()).toBe(true);
    engine.hang();
    await clock.pass(100);
    for (let i = 0; i < 100; i += 1) log.info("urn:a", String(i));
    expect(await Promise.all([log.alive(), log.flush()])).toEqual([false, undefined]);
    expect(await log.alive()).toBe(false);
  });

  test("is written to stdout without an engine, without statuses", async () => {
    const printed: string[] = [];
    const log = createEngineLog(undefined, (line) => printed.push(line), new WaitingClock("by hand"));
    log.info("urn:a", "one");
    log.status("urn:a", progress(0, 5));
    log.warn(undefined, "two");
    log.endStatus("urn:a");
    await log.flush();
    expect([printed, await log.alive()]).toEqual([["one", "warning: two"], true]);
  });
});

test.each([
  [["127.0.0.1:4000"], "127.0.0.1:4000"],
  [["[::1]:4000"], "[::1]:4000"],
  [["--flag"], undefined],
  [[], undefined],
])("the engine's address among the arguments %j of the process is %s", (args, address) => {
  expect(engineAddress(["node", "x", ...args])).toBe(address);
});

function progress(deleted: number, planned: number): Status {
  return { kind: "progress", deleted, planned };
}

async function started(overwrites?: () => boolean) {
  const engine = await startEngine();
  const clock = new WaitingClock("by hand");
  return { clock, engine, log: createEngineLog(engine.address, neverPrint, clock, overwrites) };
}

/** A connection to this address that a test can cut: what is at the other end is gone at that moment. */
async function lineTo(address: string): Promise<{ readonly address: string; readonly cut: () => void }> {
  const sockets: Socket[] = [];
  const server = createServer((near) => {
    const far = connect(Number(address.split(":")[1]), "127.0.0.1");
    sockets.push(near, far);
    for (const socket of [near, far]) socket.on("error", () => socket.destroy());
    near.pipe(far).pipe(near);
  });
  const cut = (): void => {
    server.close();
    for (const socket of sockets.splice(0)) socket.destroy();
  };
  return { address: `127.0.0.1:${await listen(server, cut)}`, cut };
}

function neverPrint(line: string): void {
  throw new Error(`not expected on stdout: ${line}`);
}
