import { rmSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { CleanupPolicy, ContainerPurge, EphemeralContainer, Provider } from "../../../provider/index";
import { hiddenInputs } from "../../../provider/dynamic/registration";
import { Claims } from "../../../provider/host/claims";
import { claimsPath } from "../../../provider/host/claims-file";
import { atEnd } from "../support/ends";
import { startEngine } from "../support/host-engine";
import { runProgram } from "../support/host-program";

/** An output that this run does not know. */
function notKnown(): pulumi.Output<string> {
  const values: readonly object[] = [pulumi.unknown];
  return pulumi.output(values).apply(String);
}

const make = {
  "a ContainerPurge": (tag: pulumi.Input<string>, timeout: pulumi.Input<string> = "10m") =>
    new ContainerPurge("a", { containerTags: [tag, "pr-42"], timeout }),
  "a CleanupPolicy": (tag: pulumi.Input<string>, timeout: pulumi.Input<string> = "10m") =>
    new CleanupPolicy("a", { match: ["pr-*"], except: [tag], timeout }),
};

describe.each(Object.entries(make))("the hidden inputs of %s", (_name, create) => {
  test.each<[string, boolean, () => unknown]>([
    ["arguments that are known", true, () => create("pr-1")],
    ["an output that is known", true, () => create(pulumi.output("pr-1"))],
    ["an output that is not known", false, () => create("pr-1", notKnown())],
    ["an output within a list that is not known", false, () => create(notKnown())],
  ])("show for %s whether all arguments arrive: %s", async (_what, isKnown, program) => {
    const { registered } = await runProgram(program, { isPreview: true });
    expect(registered[0]?.inputs["__known"]).toEqual(isKnown ? true : pulumi.unknown);
  });

  test.each<[string, boolean, () => unknown]>([
    ["a secret tag", true, () => create(pulumi.secret("pr-1"))],
    ["a secret that is no tag", false, () => create("pr-1", pulumi.secret("9m"))],
    ["no secret", false, () => create("pr-1")],
  ])("show for %s whether a tag is secret: %s", async (_what, isSecret, program) => {
    const { inputs = {} } = (await runProgram(program)).registered[0] ?? {};
    expect([inputs["__secret"], inputs["__known"]]).toEqual([isSecret ? true : undefined, true]);
  });

  test("are not made for a resource that is imported, which is an error", async () => {
    await expect(
      runProgram(() => new ContainerPurge("a", { containerTags: ["pr-1"] }, { import: "x" })),
    ).rejects.toThrow(
      "ContainerPurge a cannot be imported, because it exists only in a stack's state: remove the option import",
    );
    await expect(runProgram(() => new CleanupPolicy("a", { match: ["pr-*"] }, { import: "x" }))).rejects.toThrow(
      "CleanupPolicy a cannot be imported",
    );
  });
});

test("an update in which some arguments are not known claims every tag, for an engine that calls no provider", async () => {
  const engine = await startEngine();
  const path = claimsPath(engine.address) ?? "";
  atEnd(() => {
    pulumi.runtime.resetOptions("shop", "dev", -1, "", "", false, "");
    rmSync(path, { force: true });
  });
  for (const [tag, isPreview, claimed] of [
    ["pr-1", false, undefined],
    [notKnown(), true, undefined],
    [notKnown(), false, "urn:pulumi:dev::shop::a:b:ContainerPurge::a"],
  ] as const) {
    pulumi.runtime.resetOptions("shop", "dev", -1, engine.address, "", isPreview, "");
    const args = { containerTags: [tag] };
    hiddenInputs({ methods: "containerPurge", type: "a:b:ContainerPurge", name: "a", args, tags: [], options: {} });
    for (let turn = 0; turn < 100; turn += 1) await setImmediate();
    expect(new Claims(path).unknown()).toEqual(claimed);
  }
});

test("the purge of an EphemeralContainer is marked too", async () => {
  const { registered } = await runProgram(() => new EphemeralContainer("a", { timeout: notKnown() }), {
    isPreview: true,
  });
  expect(registered.at(-1)?.inputs["__known"]).toEqual(pulumi.unknown);
});

test("triggers are registered as plain values", async () => {
  const { registered } = await runProgram(() => {
    new ContainerPurge("a", { containerTags: ["pr-1"], triggers: { since: new Date(0), tags: new Set([2, 1]) } });
  });
  expect(registered[0]?.inputs["triggers"]).toEqual({ since: "1970-01-01T00:00:00.000Z", tags: [1, 2] });
});

test("a Provider has its key only when all its arguments are known, because one that is dropped may be a guardrail", async () => {
  const whole = await runProgram(() => new Provider("other", { apiKey: "key", protectedTags: ["keep"] }));
  expect(whole.registered[0]?.inputs).toMatchObject({ "supermemory:apiKey": { value: "key" } });
  const partial = await runProgram(() => new Provider("other", { apiKey: "key", protectedTags: [notKnown()] }), {
    isPreview: true,
  });
  expect(partial.registered[0]?.inputs).toMatchObject({ "supermemory:apiKey": pulumi.unknown });
});

test.each<[string, (options: pulumi.ResourceOptions) => unknown]>([
  ["a ContainerPurge", (options) => new ContainerPurge("a", { containerTags: ["pr-1"] }, options)],
  ["an EphemeralContainer", (options) => new EphemeralContainer("a", {}, options)],
  ["a CleanupPolicy", (options) => new CleanupPolicy("a", { match: ["pr-*"], inactiveFor: "1 day" }, options)],
])("%s warns that customTimeouts has no effect, and only then", async (_name, create) => {
  const warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue();
  try {
    await runProgram(() => create({ protect: true }));
    expect(warn).not.toHaveBeenCalled();
    await runProgram(() => create({ customTimeouts: { delete: "30m" } }));
    const message = 'customTimeouts has no effect on a\nset the argument timeout instead, such as timeout: "30m"';
    expect(warn.mock.calls).toEqual([[message, expect.any(pulumi.CustomResource)]]);
  } finally {
    warn.mockRestore();
  }
});
