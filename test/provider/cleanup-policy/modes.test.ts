import { containing } from "../support/host-matchers";
import { mutations } from "../support/host-emulator";
import { idle, policyOver } from "../support/host-policy";

const args = { match: ["pr-*"], inactiveFor: "14 days" };
const report = { ...args, mode: "report" };

test("mode report makes the same plan, never deletes, and is unchanged until other containers match", async () => {
  const { emulator, stack } = await policyOver({ "pr-1": idle(31), "pr-3": idle(3) });
  const { lines } = await stack.up(report);
  expect(lines[0]).toContain("report only, nothing is deleted: 2 documents in 1 container");
  expect(stack.outputs).toMatchObject({ planned: [{ containerTag: "pr-1" }], purged: [], deletedCount: 0 });
  expect((await stack.up(report)).changes).toBe(false);
  expect((await stack.refresh()).changes).toBe(false);
  emulator.seed({ containers: { "pr-2": idle(31) } });
  expect((await stack.up(report)).changes).toBe(true);
  expect(stack.outputs).toMatchObject({ planned: [{ containerTag: "pr-1" }, { containerTag: "pr-2" }] });
  expect(mutations(emulator)).toEqual([]);
});

test("mode report after a purge says that this run deleted nothing", async () => {
  const { emulator, stack } = await policyOver({ "pr-1": idle(31) });
  await stack.up(args);
  expect(stack.outputs).toMatchObject({ purged: [{ containerTag: "pr-1", deletedCount: 2 }], deletedCount: 2 });
  emulator.seed({ containers: { "pr-2": idle(31) } });
  await stack.up(report);
  expect(stack.outputs).toMatchObject({ planned: [{ containerTag: "pr-2" }], purged: [], deletedCount: 0 });
});

test("report mode shows a plan beyond the limits and does not refuse it", async () => {
  const { stack } = await policyOver({ "pr-1": idle(31), "pr-2": idle(31) });
  const { failures, lines } = await stack.preview({ ...report, maxContainers: 1 });
  expect(failures).toEqual([]);
  expect(lines[0]).toContain('; mode "purge" would refuse this (limits: 10,000 documents, 1 container)');
});

test("SUPERMEMORY_PURGE=skip purges nothing, warns, and the next pulumi up makes a new plan", async () => {
  const { emulator, stack } = await policyOver({ "pr-1": idle(31) });
  const skip = { SUPERMEMORY_PURGE: "skip" };
  const told = (what: string) => [
    `warning: SUPERMEMORY_PURGE=skip: nothing ${what} deleted in pr-1; the next pulumi up makes a new plan`,
  ];
  expect((await stack.preview(args, skip)).lines).toEqual(told("will be"));
  expect((await stack.up(args, skip)).lines).toEqual(told("was"));
  expect([stack.outputs["deletedCount"], mutations(emulator)]).toEqual([0, []]);
  expect((await stack.up(args)).changes).toBe(true);
  expect(emulator.containers()).toMatchObject({ "pr-1": 0 });
});

test("SUPERMEMORY_PURGE=skip lets an up pass whose containers cannot be listed, and one beyond its limits", async () => {
  const { emulator, stack } = await policyOver({ "pr-1": idle(31) });
  const down = await stack.up(args, { SUPERMEMORY_PURGE: "skip", SUPERMEMORY_API_KEY: undefined });
  expect(down.error).toBeUndefined();
  expect(down.lines).toEqual([containing("warning: cannot decide which containers to purge: no API key is set")]);
  expect(stack.outputs).toMatchObject({ planned: [], deletedCount: 0, baseUrl: null });
  const beyond = await stack.up({ ...args, maxContainers: 0 }, { SUPERMEMORY_PURGE: "skip" });
  expect([beyond.failures, beyond.error, mutations(emulator)]).toEqual([[], undefined, []]);
});

test("deleting the policy deletes nothing and needs no key", async () => {
  const { emulator, stack } = await policyOver({ "pr-1": idle(31), "pr-2": idle(1) });
  await stack.up(args);
  emulator.seed({ containers: { "pr-3": idle(31) } });
  const requests = emulator.requests.length;
  const { error, lines } = await stack.destroy({ SUPERMEMORY_API_KEY: undefined });
  expect([error, lines, stack.stored, emulator.requests.length]).toEqual([undefined, [], undefined, requests]);
});
