import { EventEmitter } from "node:events";
import { Shutdown } from "../../../provider/host/shutdown";
import { providerText } from "../../../provider/dynamic/provider-text";
import { hasSignals } from "../../engine/signals";
import { mutations, startEmulator } from "../support/host-emulator";
import { startEngine } from "../support/host-engine";
import { projectFolder, startInterruptible, until } from "../support/host-process";
import { urnOfMemory } from "../support/host-stack";

const inputs = {
  containerTags: ["a", "b"],
  purgeOn: ["create", "update", "delete"],
  maxDeletions: 10_000,
  allowProtectedTags: [],
  verify: true,
  timeout: "1m",
  __provider: providerText("containerPurge"),
  __urn: urnOfMemory,
};
const held = { match: { method: "DELETE", containerTag: "a" }, then: { kind: "slow", when: "afterEffect" } } as const;

(hasSignals ? describe : describe.skip)("SIGINT", () => {
  test("ends a process that has nothing to do", async () => {
    const { exitCode, process } = await started();
    await process.create({ ...inputs, purgeOn: [] });
    process.interruptIdle();
    expect(await exitCode).toBe(130);
  });

  test("during a purge lets the running request end, sends no new one, reports what was done, and then ends", async () => {
    const { emulator, exitCode, process } = await started();
    emulator.addFault(held);
    const failure = process.create(inputs);
    await until(() => emulator.held === 1, "a delete on its way");
    await process.interrupt();
    emulator.release();
    expect(await failure).toContain("deleted 2 of 5 documents");
    expect(await exitCode).toBe(130);
    expect(mutations(emulator)).toEqual(["DELETE a"]);
    expect(emulator.containers()).toMatchObject({ a: 0, b: 3 });
  });
});

describe.each(["SIGINT", "SIGBREAK"])("%s", (signal) => {
  test("ends a process that has nothing to do at once", () => {
    const { codes, interruption, source } = listening();
    source.emit(signal);
    expect([codes, interruption.signal.aborted]).toEqual([[130], true]);
  });

  test("ends a process when its last operation has ended", async () => {
    const { codes, interruption, source } = listening();
    await interruption.guard(async () => {
      source.emit(signal);
      await Promise.resolve();
      expect([codes, interruption.signal.aborted]).toEqual([[], true]);
    });
    await new Promise(setImmediate);
    expect(codes).toEqual([130]);
  });
});

describe("an engine that is gone", () => {
  test("gets no further delete sent", async () => {
    const { emulator, engine, process } = await started();
    emulator.addFault(held);
    const failure = process.create(inputs);
    await until(() => emulator.held === 1, "a delete on its way");
    await engine.end();
    emulator.release();
    expect(await failure).toContain("the Pulumi engine stopped responding, so no request is sent");
    expect(mutations(emulator)).toEqual(["DELETE a"]);
  });
});

/** What listens for signals, and with which codes it has ended the process. */
function listening() {
  const codes: number[] = [];
  const emitter = new EventEmitter();
  const source = Object.assign(emitter, { exit: (code: number) => void codes.push(code) });
  const interruption = new Shutdown();
  interruption.listen(source);
  return { codes, interruption, source };
}

/** One request at a time, of which the first delete is held back where a test purges. */
async function started() {
  const emulator = await startEmulator({ a: 2, b: 3 });
  const engine = await startEngine();
  const process = await startInterruptible(projectFolder(), engine.address);
  await process.configure({
    "supermemory:baseUrl": emulator.url,
    "supermemory:apiKey": emulator.apiKey,
    "supermemory:concurrency": "1",
  });
  return { emulator, engine, process, exitCode: process.exitCode };
}
