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
  test("registers its type with its arguments, how to find the provider, and its URN: nothing that check refuses", async () => {
    const args = { containerTags: ["pr-42"], triggers: [1] };
    const { registered } = await runProgram(() => new ContainerPurge("memory", args));
    const inputs = { ...args, __provider: providerText("containerPurge"), __urn: urn, __known: true };
    expect(registered).toEqual([{ type, name: "memory", inputs }]);
    expect(checkArgs(takeHidden(registered[0]?.inputs ?? {}).visible).failures).toEqual([]);
  });

  test("marks a preview in its inputs", async () => {
    const { registered } = await runProgram(() => purge(), { isPreview: true });
    expect(registered[0]?.inputs).toHaveProperty("__preview", true);
  });

  test("has the URN that the engine gives it below a component, and below the stack itself", async () => {
    const below = await runProgram(() => purge(new pulumi.ComponentResource("my:index:Group", "group")));
    const expected = `urn:pulumi:dev::shop::my:index:Group$${type}::memory`;
    expect(below.registered.at(-1)?.inputs).toHaveProperty("__urn", expected);
    expect(await valueOf(below.result.urn)).toBe(expected);
    const { registered } = await runProgram(() => purge(new pulumi.ComponentResource("pulumi:pulumi:Stack", "dev")));
    expect(registered.at(-1)?.inputs).toHaveProperty("__urn", urn);
  });

  test("has every output of the provider as a property", async () => {
    const record = { ...emptyRecord, deletedCount: 5, deletedByTag: { "pr-42": 5 }, documentCount: 0, baseUrl: "x" };
    const outputs = writeState(inputsOf(["pr-42"], { triggers: 1 }), record);
    const { result } = await runProgram(() => purge(), { outputs });
    const found = new Map<string, unknown>();
    for (const [name, property] of Object.entries(result)) {
      if (name in outputs && pulumi.Output.isInstance(property)) found.set(name, await valueOf(property));
    }
    expect(Object.fromEntries(found)).toEqual(outputs);
  });
});

test("the package exports the resources and the provider, and nothing that loads zod", () => {
  const names = ["CleanupPolicy", "ContainerPurge", "EphemeralContainer", "Provider"];
  expect(Object.keys(published).sort()).toEqual(names);
});

function purge(parent?: pulumi.Resource): ContainerPurge {
  return new ContainerPurge("memory", { containerTags: ["pr-42"] }, parent === undefined ? {} : { parent });
}
