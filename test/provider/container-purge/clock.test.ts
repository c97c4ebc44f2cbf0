import { join } from "node:path";
import { createManualClock, type Emulator } from "../../../emulator/index";
import { testTime } from "../support/host-calls";
import { mutations, type SeedContainers, startEmulator } from "../support/host-emulator";
import { containing } from "../support/host-matchers";
import { idle, policyStack } from "../support/host-policy";
import { emptyFolder } from "../support/host-process";
import { receiptsIn } from "../support/host-receipts";
import { OneResourceStack } from "../support/host-stack";

const wrong = "this machine's clock is 12 days ahead of the API's, so document ages would be wrong";
const said = `cannot decide which containers to purge: ${wrong}; nothing was deleted\nset the clock`;
const policy = { match: ["pr-*"], inactiveFor: "14 days" };

describe("where this machine's clock is wrong", () => {
  test("a policy by inactivity purges nothing, as its receipt shows, and its preview stops; a policy by name continues", async () => {
    const emulator = await startLate({ "pr-1": idle(31) });
    const receipts = join(emptyFolder(), "receipts.jsonl");
    const stack = policyStack(emulator, { env: { SUPERMEMORY_RECEIPTS: receipts } });
    expect((await stack.preview(policy)).error).toContain(said);
    expect((await stack.up(policy)).error).toContain(wrong);
    expect(receiptsIn(receipts)).toMatchObject([{ result: "refused" }]);
    expect(mutations(emulator)).toEqual([]);
    expect((await stack.up({ match: ["pr-*"], inactiveFor: "0s" })).lines).toEqual([
      "deleted 2 documents in pr-1 in 0.0 s",
    ]);
  });

  test("SUPERMEMORY_PURGE=skip lets a policy pass with a warning", async () => {
    const { error, lines } = await policyStack(await startLate({})).up(policy, { SUPERMEMORY_PURGE: "skip" });
    expect([error, lines[0]]).toEqual([undefined, containing("this machine's clock")]);
  });

  test("the preview of a new resource names no property whose metadata the engine would print", async () => {
    const emulator = await startLate({ "pr-42": 4 });
    const args = { containerTags: ["pr-42"], select: { olderThan: "7 days", metadata: { patient: "Ada" } } };
    const { failures } = await new OneResourceStack(emulator).preview(args);
    expect(failures).toEqual([
      { property: "", reason: `${wrong}; nothing was deleted\nset the clock, then run the same command again` },
    ]);
    expect(mutations(emulator)).toEqual([]);
  });
});

test("a destroy that is refused for a wrong clock suggests no change of arguments", async () => {
  const clock = createManualClock(testTime);
  const emulator = await startEmulator({ "pr-42": 4 }, { clock });
  const stack = new OneResourceStack(emulator);
  await stack.up({ containerTags: ["pr-42"], purgeOn: ["delete"], select: { olderThan: "7 days" } });
  clock.advance(-12 * 86_400_000);
  expect((await stack.destroy()).error).toBe(
    `${wrong}; nothing was deleted\nset the clock, then run the same command again\nto keep all documents, set SUPERMEMORY_PURGE=skip for this command`,
  );
});

async function startLate(containers: SeedContainers): Promise<Emulator> {
  const emulator = await startEmulator({}, { clock: createManualClock("2026-01-19T12:00:00Z") });
  emulator.seed({ containers });
  return emulator;
}
