import * as pulumi from "@pulumi/pulumi";
import * as published from "../../../provider/index";
import { ContainerPurge } from "../../../provider/container-purge/resource";
import { takeHidden } from "../../../provider/dynamic/hidden";
import { providerText } from "../../../provider/dynamic/provider-text";
import { checkArgs } from "../../../provider/container-purge/args";
import { emptyRecord, writeState } from "../../../provider/container-purge/state";
import { inputsOf } from "../support/host-states";
import { runProgram, valueOf } from "../support/host-program";

const type = "pulumi-nodejs:dynamic/supermemory:ContainerPurge";
const urn = `urn:pulumi:dev::shop::${type}::memory`;

describe("a ContainerPurge in a program", () => {
  test("registers its type with its arguments, how to find the provider, and its URN", async () => {
    const { registered } = await runProgram(
      () => new ContainerPurge("memory", { containerTags: ["pr-42"], triggers: [1] }),
    );
    expect(registered).toEqual([
      {
        type,
        name: "memory",
        inputs: { containerTags: ["pr-42"], triggers: [1], __provider: providerText("containerPurge"), __urn: urn },
      },
    ]);
  });

  test("sends nothing but what check knows", async () => {
    const { registered } = await runProgram(() => new ContainerPurge("memory", { containerTags: ["pr-42"] }));
    expect(checkArgs(takeHidden(registered[0]?.inputs ?? {}).visible).failures).toEqual([]);
  });

  test("says that it is a preview in a preview, and only there", async () => {
    const program = () => new ContainerPurge("memory", { containerTags: ["pr-42"] });
    const preview = await runProgram(program, { isPreview: true });
    expect(preview.registered[0]?.inputs).toHaveProperty("__preview", true);
    const up = await runProgram(program);
    expect(up.registered[0]?.inputs).not.toHaveProperty("__preview");
  });

  test("has the URN that the engine gives it below a component", async () => {
    const { registered, result } = await runProgram(() => {
      const parent = new pulumi.ComponentResource("my:index:Group", "group");
      return new ContainerPurge("memory", { containerTags: ["pr-42"] }, { parent });
    });
    const below = `urn:pulumi:dev::shop::my:index:Group$${type}::memory`;
    expect(registered.at(-1)?.inputs).toHaveProperty("__urn", below);
    expect(await valueOf(result.urn)).toBe(below);
  });

  test("has the URN that the engine gives it below the stack itself", async () => {
    const { registered } = await runProgram(() => {
      const parent = new pulumi.ComponentResource("pulumi:pulumi:Stack", "shop-dev");
      return new ContainerPurge("memory", { containerTags: ["pr-42"] }, { parent });
    });
    expect(registered.at(-1)?.inputs).toHaveProperty("__urn", urn);
  });

  test("has every output of the provider as a property", async () => {
    const record = { ...emptyRecord, deletedCount: 5, deletedByTag: { "pr-42": 5 }, documentCount: 0, baseUrl: "x" };
    const inputs = inputsOf(["pr-42"], { triggers: 1 });
    const outputs = writeState(inputs, record);
    const program = () => new ContainerPurge("memory", { containerTags: ["pr-42"] });
    const { result } = await runProgram(program, { outputs });
    const found = new Map<string, unknown>();
    for (const [name, property] of Object.entries(result)) {
      if (name in outputs && pulumi.Output.isInstance(property)) found.set(name, await valueOf(property));
    }
    expect(Object.fromEntries(found)).toEqual(outputs);
  });

  test("gives its tag to whoever writes there", async () => {
    const program = () => new ContainerPurge("memory", { containerTags: [pulumi.output("pr-42")] });
    const { result } = await runProgram(program);
    expect(await valueOf(result.containerTags.apply(([tag]) => tag))).toBe("pr-42");
  });
});

describe("the package", () => {
  test("exports the resources and the provider, and nothing that loads zod", () => {
    expect(Object.keys(published).sort()).toEqual([
      "CleanupPolicy",
      "ContainerPurge",
      "EphemeralContainer",
      "Provider",
    ]);
  });
});
