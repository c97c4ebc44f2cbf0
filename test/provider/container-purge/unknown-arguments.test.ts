import type { Emulator } from "../../../emulator/index";
import { Host } from "../../../provider/host/host";
import { LeapingClock } from "../support/clocks";
import { atEnd } from "../support/ends";
import { cleanupPolicyMethods, openProvider, type Properties, testTime } from "../support/host-calls";
import { mutations, startEmulator } from "../support/host-emulator";
import { containing } from "../support/host-matchers";
import { deployed, urnOfMemory } from "../support/host-stack";

const both = { containerTags: ["pr-1", "pr-2"], purgeOn: ["delete"], __provider: "text" };
const shortened = { __known: undefined, __urn: `${urnOfMemory}2` };
const unknownArguments = {
  property: "",
  reason:
    "some arguments are not known because a resource they depend on failed; nothing was deleted\nfix that resource, then run pulumi up again",
};
const policyArgs = { match: ["pr-*"], inactiveFor: "14 days", __provider: "text" };
const policyUrn = urnOfMemory.replace("ContainerPurge::memory", "CleanupPolicy::nightly");

/** The provider process of one command, with both resources. */
async function openCommand(containers: Parameters<typeof startEmulator>[0]) {
  const emulator = await startEmulator(containers);
  return { emulator, ...processFor(emulator) };
}

function processFor(emulator: Emulator) {
  const env = { SUPERMEMORY_BASE_URL: emulator.url, SUPERMEMORY_API_KEY: emulator.apiKey };
  const lines: string[] = [];
  const clock = new LeapingClock(testTime);
  const host = new Host({ argv: ["node", "x"], env, cwd: "/", clock, print: (line) => lines.push(line) });
  atEnd(async () => host.close());
  const policy = openProvider({ host, methods: cleanupPolicyMethods });
  return { policy, purge: openProvider({ host }) };
}

describe("an update whose arguments did not arrive whole", () => {
  test.each<[string, Properties]>([
    ["a list that lost a tag", { ...both, containerTags: ["pr-1"] }],
    ["a list of globs that is missing", { containerTags: ["pr-1"], __provider: "text" }],
    ["no argument at all", { __provider: "text" }],
  ])("is refused by check: %s", async (_what, args) => {
    const { purge } = await openCommand({});
    expect((await purge.check({}, { ...args, ...shortened })).failures).toEqual([unknownArguments]);
    const mark = { __known: "04da6b54-80e4-46f7-96ec-b56ff0331ba9", __urn: urnOfMemory };
    expect((await purge.check({}, { ...args, ...mark })).failures).toEqual([unknownArguments]);
  });

  test("is refused by check of a policy, which then plans nothing", async () => {
    const { emulator, policy } = await openCommand({ "pr-1": 3 });
    const { failures, inputs } = await policy.check({}, { ...policyArgs, __urn: policyUrn, __known: undefined });
    expect([failures, inputs["planned"]]).toEqual([[unknownArguments], undefined]);
    expect(emulator.requests).toEqual([]);
  });

  test("is no problem of a preview, in which some arguments are not known yet", async () => {
    const { purge } = await openCommand({});
    expect((await purge.check({}, { ...both, ...shortened, __preview: true })).failures).toEqual([]);
  });

  test("keeps every document that another resource would delete with its removal, which fails and can be repeated", async () => {
    const { emulator, purge: before } = await openCommand({ "pr-1": 3, "pr-2": 4 });
    const { inputs } = await before.check({}, { ...both, __urn: urnOfMemory });
    const { id, outputs } = await before.create(inputs);
    const { purge } = processFor(emulator);
    await purge.check({}, { ...both, containerTags: ["pr-1"], ...shortened });
    const refusal = "shop::ContainerPurge::memory2 may manage pr-1 and pr-2, because its arguments are not known";
    await expect(purge.delete(id, outputs)).rejects.toThrow(`${refusal}; nothing was deleted`);
    const fewer = await purge.check(inputs, { ...both, containerTags: ["pr-1"], __urn: urnOfMemory });
    await expect(purge.update(id, outputs, fewer.inputs)).rejects.toThrow(/memory2 may manage pr-2, /);
    expect(mutations(emulator)).toEqual([]);
    await processFor(emulator).purge.delete(id, outputs);
    expect(emulator.containers()).toMatchObject({ "pr-1": 0, "pr-2": 0 });
  });

  test("keeps every container that a policy would purge", async () => {
    const longAgo = "2025-01-01T00:00:00Z";
    const idle = { documents: 3, createdAt: longAgo, lastActivityAt: longAgo, each: { createdAt: longAgo } };
    const { emulator, policy, purge } = await openCommand({ "pr-1": idle });
    const { inputs } = await policy.check({}, { ...policyArgs, __urn: policyUrn });
    expect(inputs["plannedTags"]).toHaveLength(1);
    await purge.check({}, { ...both, ...shortened });
    await expect(policy.create(inputs)).rejects.toThrow(/memory2 may manage pr-1, because its arguments are not known/);
    expect(mutations(emulator)).toEqual([]);
  });
});

test("state without the mark is destroyed", async () => {
  const { emulator, stack } = await deployed({ "pr-1": 3, "pr-2": 4 }, both);
  expect(stack.outputs).not.toHaveProperty("__known");
  expect((await stack.destroy()).lines).toEqual([containing("deleted 7 documents")]);
  expect(emulator.containers()).toMatchObject({ "pr-1": 0, "pr-2": 0 });
});

test("checked inputs repeat the mark, because ignoreChanges may make the engine send them again", async () => {
  const { purge } = await openCommand({});
  expect((await purge.check({}, { ...both, __urn: urnOfMemory })).inputs).toHaveProperty("__known", true);
});
