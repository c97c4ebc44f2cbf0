import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createManualClock, type Emulator } from "../../../emulator/index";
import { testTime } from "../support/host-calls";
import { mutations, startEmulator } from "../support/host-emulator";
import { idle, policyStack } from "../support/host-policy";
import { emptyFolder } from "../support/host-process";
import { OneResourceStack } from "../support/host-stack";

const wrong = "this machine's clock is 12 days ahead of the API's, so document ages would be wrong";
const said = `cannot decide which containers to purge: ${wrong}\nset the clock`;
const policy = { match: ["pr-*"], inactiveFor: "14 days" };
const env = { SUPERMEMORY_RECEIPTS: "" };

beforeEach(() => {
  env.SUPERMEMORY_RECEIPTS = join(emptyFolder(), "receipts.jsonl");
});

describe("where this machine's clock is wrong", () => {
  test("a policy by inactivity purges nothing, and its preview stops; one by name alone goes on", async () => {
    const emulator = await startLate();
    emulator.seed({ containers: { "pr-1": idle(31) } });
    const stack = policyStack(emulator);
    expect((await stack.preview(policy)).error).toContain(said);
    expect((await stack.up(policy)).error).toContain(said);
    expect(mutations(emulator)).toEqual([]);
    expect((await stack.up({ match: ["pr-*"] })).lines).toEqual(["deleted 2 documents in pr-1 in 0.0 s"]);
  });

  test("the receipt of a policy says that it was refused", async () => {
    const emulator = await startLate();
    emulator.seed({ containers: { "pr-1": idle(31) } });
    await policyStack(emulator, { env }).up(policy);
    expect(JSON.parse(readFileSync(env.SUPERMEMORY_RECEIPTS, "utf8"))).toMatchObject({ result: "refused" });
  });

  test("SUPERMEMORY_PURGE=skip lets a policy pass with a warning", async () => {
    const emulator = await startLate();
    const { error, lines } = await policyStack(emulator).up(policy, { SUPERMEMORY_PURGE: "skip" });
    expect([error, lines[0]]).toEqual([undefined, expect.stringContaining("this machine's clock")]);
  });

  test("the preview of a new resource names no property of which the engine would print the metadata", async () => {
    const emulator = await startLate();
    emulator.seed({ containers: { "pr-42": 4 } });
    const args = { containerTags: ["pr-42"], select: { olderThan: "7 days", metadata: { patient: "Ada" } } };
    const { failures } = await new OneResourceStack(emulator).preview(args);
    expect(failures).toEqual([{ property: "", reason: `${wrong}\nset the clock, then run the same command again` }]);
    expect(mutations(emulator)).toEqual([]);
  });
});

test("at the end of a resource a wrong clock is no matter of the program's arguments", async () => {
  const clock = createManualClock(testTime);
  const emulator = await startEmulator({}, { clock });
  emulator.seed({ containers: { "pr-42": 4 } });
  const stack = new OneResourceStack(emulator);
  await stack.up({ containerTags: ["pr-42"], purgeOn: ["delete"], select: { olderThan: "7 days" } });
  clock.advance(-12 * 86_400_000);
  expect((await stack.destroy()).error).toBe(
    `${wrong}; nothing was deleted\nset the clock, then run the same command again`,
  );
});

async function startLate(): Promise<Emulator> {
  return await startEmulator({}, { clock: createManualClock("2026-01-19T12:00:00Z") });
}
