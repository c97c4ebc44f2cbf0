import { containing } from "../support/host-matchers";
import { mutations, startEmulator } from "../support/host-emulator";
import { idle, policyStack } from "../support/host-policy";

const args = { match: ["pr-*"], inactiveFor: "14 days" };

describe("mode report", () => {
  const report = { ...args, mode: "report" };

  test("makes the same plan and never sends a mutating request", async () => {
    const emulator = await startEmulator({});
    emulator.seed({ containers: { "pr-1": idle(31), "pr-2": idle(3) } });
    const stack = policyStack(emulator);
    const { lines } = await stack.up(report);
    expect(lines[0]).toContain("report only, nothing is deleted: 2 documents in 1 container");
    expect(stack.outputs).toMatchObject({ planned: [{ containerTag: "pr-1" }], purged: [], deletedCount: 0 });
    expect(mutations(emulator)).toEqual([]);
  });

  test("after a purge says that this run deleted nothing", async () => {
    const emulator = await startEmulator({});
    emulator.seed({ containers: { "pr-1": idle(31) } });
    const stack = policyStack(emulator);
    await stack.up(args);
    expect(stack.outputs).toMatchObject({ purged: [{ containerTag: "pr-1", deletedCount: 2 }], deletedCount: 2 });
    emulator.seed({ containers: { "pr-2": idle(31) } });
    await stack.up(report);
    expect(stack.outputs).toMatchObject({ planned: [{ containerTag: "pr-2" }], purged: [], deletedCount: 0 });
  });

  test("is unchanged until other containers match", async () => {
    const emulator = await startEmulator({});
    emulator.seed({ containers: { "pr-1": idle(31) } });
    const stack = policyStack(emulator);
    await stack.up(report);
    expect((await stack.up(report)).changes).toBe(false);
    expect((await stack.refresh()).changes).toBe(false);
    emulator.seed({ containers: { "pr-2": idle(31) } });
    expect((await stack.up(report)).changes).toBe(true);
    expect(stack.outputs).toMatchObject({ planned: [{ containerTag: "pr-1" }, { containerTag: "pr-2" }] });
    expect(mutations(emulator)).toEqual([]);
  });

  test("tells of a plan beyond the limits, which it does not refuse", async () => {
    const emulator = await startEmulator({});
    emulator.seed({ containers: { "pr-1": idle(31), "pr-2": idle(31) } });
    const { failures, lines } = await policyStack(emulator).preview({ ...report, maxContainers: 1 });
    expect(failures).toEqual([]);
    expect(lines[0]).toContain('; mode "purge" would refuse this (limits: 10,000 documents, 1 container)');
  });
});

test("SUPERMEMORY_PURGE=skip purges nothing, says so, and the next pulumi up makes a new plan", async () => {
  const emulator = await startEmulator({});
  emulator.seed({ containers: { "pr-1": idle(31) } });
  const stack = policyStack(emulator);
  const skip = { SUPERMEMORY_PURGE: "skip" };
  expect((await stack.preview(args, skip)).lines).toEqual([
    "warning: SUPERMEMORY_PURGE=skip: nothing will be deleted in pr-1; the next pulumi up makes a new plan",
  ]);
  const skipped = await stack.up(args, skip);
  expect(skipped.lines).toEqual([
    "warning: SUPERMEMORY_PURGE=skip: nothing was deleted in pr-1; the next pulumi up makes a new plan",
  ]);
  expect([stack.outputs["deletedCount"], mutations(emulator)]).toEqual([0, []]);
  expect((await stack.up(args)).changes).toBe(true);
  expect(emulator.containers()).toMatchObject({ "pr-1": 0 });
});

test("SUPERMEMORY_PURGE=skip lets an up pass whose containers cannot be listed, and one beyond its limits", async () => {
  const emulator = await startEmulator({});
  emulator.seed({ containers: { "pr-1": idle(31) } });
  const stack = policyStack(emulator);
  const down = await stack.up(args, { SUPERMEMORY_PURGE: "skip", SUPERMEMORY_API_KEY: undefined });
  expect(down.error).toBeUndefined();
  expect(down.lines).toEqual([containing("warning: cannot decide which containers to purge: no API key is set")]);
  expect(stack.outputs).toMatchObject({ planned: [], deletedCount: 0, baseUrl: null });
  const beyond = await stack.up({ ...args, maxContainers: 0 }, { SUPERMEMORY_PURGE: "skip" });
  expect([beyond.failures, beyond.error, mutations(emulator)]).toEqual([[], undefined, []]);
});

test("deleting the policy deletes nothing and needs no key", async () => {
  const emulator = await startEmulator({});
  emulator.seed({ containers: { "pr-1": idle(31), "pr-2": idle(1) } });
  const stack = policyStack(emulator);
  await stack.up(args);
  emulator.seed({ containers: { "pr-3": idle(31) } });
  const requests = emulator.requests.length;
  const { error, lines } = await stack.destroy({ SUPERMEMORY_API_KEY: undefined });
  expect([error, lines, stack.stored, emulator.requests.length]).toEqual([undefined, [], undefined, requests]);
});
