import type { FaultRule } from "../../../emulator";
import { providerText } from "../../../provider/dynamic/provider-text";
import { hasSignals } from "../../engine/signals";
import { startEmulator } from "../support/host-emulator";
import { startEngine } from "../support/host-engine";
import { projectFolder, startInterruptible } from "../support/host-process";
import { urnOfMemory } from "../support/host-stack";

/** A purge of 1,000 documents takes ten deletes over v5, of which the third is held back. */
const thousand = { containers: { a: 1_000 }, apiVersion: "v5", concurrency: 1 } as const;
const third: FaultRule = {
  match: { route: "v5.documents.delete" },
  nth: 3,
  then: { kind: "slow", when: "afterEffect" },
};

/** A purge by tag with a delete for each container, of which the first two are held back. */
const sixTags = { containers: { a: 2, b: 2, c: 2, d: 2, e: 2, f: 2 }, apiVersion: "v3", concurrency: 2 } as const;
const firstTwo: FaultRule = {
  match: { route: "documents.deleteBulk" },
  times: 2,
  then: { kind: "slow", when: "afterEffect" },
};

const whereSignals = hasSignals ? test : test.skip;

describe("In the middle of many deletes", () => {
  whereSignals("SIGINT lets the running one end, sends nothing more, and the process ends in time", async () => {
    const { emulator, failure, process, requests } = await midway(thousand, third, 1);
    await process.interrupt();
    emulator.release();
    expect(await failure).toContain("deleted 300 of 1,000 documents");
    expect(await process.endsInTime()).toBe(130);
    expect(emulator.requests).toHaveLength(requests);
    expect(emulator.containers()).toMatchObject({ a: 700 });
  });

  whereSignals("SIGINT leaves the containers whose turn had not come, and the process ends in time", async () => {
    const { emulator, failure, process, requests } = await midway(sixTags, firstTwo, 2);
    await process.interrupt();
    emulator.release();
    expect(await failure).toContain("deleted 4 of 12 documents");
    expect(await process.endsInTime()).toBe(130);
    expect(emulator.requests).toHaveLength(requests);
  });

  test("an engine that is gone gets no further delete sent", async () => {
    const { deletes, emulator, engine, failure } = await midway(thousand, third, 1);
    await engine.end();
    emulator.release();
    expect(await failure).toContain("the Pulumi engine stopped responding, so no request is sent");
    expect(deletes()).toBe(3);
    expect(emulator.containers()).toMatchObject({ a: 700 });
  });

  test("an engine that is gone gets no further container purged", async () => {
    const { deletes, emulator, engine, failure } = await midway(sixTags, firstTwo, 2);
    await engine.end();
    emulator.release();
    expect(await failure).toContain("the Pulumi engine stopped responding, so no request is sent");
    expect(deletes()).toBe(2);
    expect(Object.values(emulator.containers()).filter((documents) => documents === 2)).toHaveLength(4);
  });
});

interface Purge {
  readonly containers: Readonly<Record<string, number>>;
  readonly apiVersion: "v3" | "v5";
  readonly concurrency: number;
}

/** A real provider process in the middle of a purge: so many of its deletes are done, but not answered yet. */
async function midway({ apiVersion, concurrency, containers }: Purge, fault: FaultRule, held: number) {
  const emulator = await startEmulator(containers, { faults: [fault] });
  const engine = await startEngine();
  const process = await startInterruptible(projectFolder(), engine.address);
  await process.configure({
    "supermemory:baseUrl": emulator.url,
    "supermemory:apiKey": emulator.apiKey,
    "supermemory:apiVersion": apiVersion,
    "supermemory:concurrency": String(concurrency),
  });
  const failure = process.create({
    containerTags: Object.keys(containers),
    purgeOn: ["create", "update", "delete"],
    maxDeletions: 10_000,
    allowProtectedTags: [],
    verify: true,
    timeout: "1m",
    __provider: providerText("containerPurge"),
    __urn: urnOfMemory,
  });
  await emulator.whenHeld(held, 20_000);
  const deletes = () => emulator.requests.filter(({ method }) => method === "DELETE").length;
  return { deletes, emulator, engine, failure, process, requests: emulator.requests.length };
}
