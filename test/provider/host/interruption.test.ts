import { EventEmitter } from "node:events";
import { join } from "node:path";
import type { FaultRule } from "../../../emulator";
import { Shutdown } from "../../../provider/host/shutdown";
import { providerText } from "../../../provider/dynamic/provider-text";
import { hasSignals } from "../../engine/signals";
import { startEmulator } from "../support/host-emulator";
import { startEngine } from "../support/host-engine";
import { projectFolder, startInterruptible } from "../support/host-process";
import { containing } from "../support/host-matchers";
import { receiptsIn } from "../support/host-receipts";
import { urnOfMemory } from "../support/host-stack";

/** Over v5, 1,000 documents take ten deletes, of which the third is held back. */
const thousand = {
  ...{ containers: { a: 1_000 }, apiVersion: "v5", concurrency: 1 },
  fault: { match: { route: "v5.documents.delete" }, nth: 3 },
  ...{ held: 1, deletes: 3, reported: "deleted 300 of 1,000 documents", remain: 700 },
} as const;

/** A purge by tag has a delete for each container, of which the first two are held back. */
const sixTags = {
  ...{ containers: { a: 2, b: 2, c: 2, d: 2, e: 2, f: 2 }, apiVersion: "v3", concurrency: 2 },
  fault: { match: { route: "documents.deleteBulk" }, times: 2 },
  ...{ held: 2, deletes: 2, reported: "deleted 4 of 12 documents", remain: 8 },
} as const;

type Purge = typeof thousand | typeof sixTags;

const whereSignals = hasSignals ? test : test.skip;

describe.each<[string, Purge]>([
  ["many deletes", thousand],
  ["many containers", sixTags],
])("in the middle of %s", (_what, purge) => {
  whereSignals.each<[NodeJS.Signals, number]>([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ])("%s lets the running ones end, and the message and the receipt show what was deleted", async (signal, code) => {
    const { emulator, failure, process, receipts, requests } = await midway(purge);
    await process.interrupt(signal);
    emulator.release();
    expect(await failure).toContain(purge.reported);
    expect(await process.endsInTime()).toBe(code);
    expect(emulator.requests).toHaveLength(requests);
    expect(documentsLeft(emulator.containers())).toBe(purge.remain);
    expect(receipts()).toMatchObject([{ result: "incomplete", error: containing(purge.reported) }]);
  });

  test("an engine that is gone gets no further delete sent", async () => {
    const { emulator, engine, failure } = await midway(purge);
    await engine.end();
    emulator.release();
    expect(await failure).toContain("the Pulumi engine stopped responding, so no request is sent");
    expect(emulator.requests.filter(({ method }) => method === "DELETE")).toHaveLength(purge.deletes);
    expect(documentsLeft(emulator.containers())).toBe(purge.remain);
  });
});

whereSignals("after SIGTERM a delete without a response is cut off in time, and reported", async () => {
  const { emulator, failure, process, receipts } = await midway(thousand);
  await process.interrupt("SIGTERM");
  expect(await failure).toContain(
    "deleted at least 200 of 1,000 documents in a, then the operation was stopped; 800 were not confirmed deleted",
  );
  expect(await process.endsInTime()).toBe(143);
  expect(receipts()).toMatchObject([{ result: "incomplete", deletedCount: 200 }]);
  expect(documentsLeft(emulator.containers())).toBe(700);
});

whereSignals("SIGINT ends a process that has nothing to do", async () => {
  const { process } = await started({});
  await process.create({ ...inputs, containerTags: ["a"], purgeOn: [] });
  process.interruptIdle();
  expect(await process.exitCode).toBe(130);
});

describe.each([
  ["SIGINT", 130],
  ["SIGBREAK", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
])("%s", (signal, code) => {
  test("ends a process that has nothing to do at once", () => {
    const { codes, interruption, source } = listening();
    source.emit(signal);
    expect([codes, interruption.signal.aborted]).toEqual([[code], true]);
  });

  test("ends a process when its last operation has ended", async () => {
    const { codes, interruption, source } = listening();
    await interruption.guard(async () => {
      source.emit(signal);
      await Promise.resolve();
      expect([codes, interruption.signal.aborted]).toEqual([[], true]);
    });
    await new Promise(setImmediate);
    expect(codes).toEqual([code]);
  });
});

/** What listens for signals, and with which codes it has ended the process. */
function listening() {
  const codes: number[] = [];
  const source = Object.assign(new EventEmitter(), { exit: (code: number) => void codes.push(code) });
  const interruption = new Shutdown();
  interruption.listen(source);
  return { codes, interruption, source };
}

const inputs = {
  purgeOn: ["create", "update", "delete"],
  maxDeletions: 10_000,
  allowProtectedTags: [],
  verify: true,
  timeout: "1m",
  __provider: providerText("containerPurge"),
  __urn: urnOfMemory,
};

async function started({ apiVersion = "v3", concurrency = 1, containers, fault }: Partial<Purge>) {
  const faults: FaultRule[] = fault === undefined ? [] : [{ ...fault, then: { kind: "slow", when: "afterEffect" } }];
  const emulator = await startEmulator(containers ?? {}, { faults });
  const engine = await startEngine();
  const folder = projectFolder();
  const process = await startInterruptible(folder, engine.address);
  await process.configure({
    "supermemory:baseUrl": emulator.url,
    "supermemory:apiKey": emulator.apiKey,
    "supermemory:apiVersion": apiVersion,
    "supermemory:concurrency": String(concurrency),
    "supermemory:receipts": "receipts.jsonl",
  });
  return { emulator, engine, process, receipts: () => receiptsIn(join(folder, "receipts.jsonl")) };
}

/** A real provider process in the middle of a purge: so many of its deletes are done, but not answered yet. */
async function midway(purge: Purge) {
  const { emulator, engine, process, receipts } = await started(purge);
  const failure = process.create({ ...inputs, containerTags: Object.keys(purge.containers) });
  await emulator.whenHeld(purge.held, 20_000);
  return { emulator, engine, failure, process, receipts, requests: emulator.requests.length };
}

function documentsLeft({ bystander, ...purged }: Readonly<Record<string, number>>): number {
  expect(bystander).toBe(3);
  return Object.values(purged).reduce((sum, documents) => sum + documents, 0);
}
