import * as pulumi from "@pulumi/pulumi";
import { CleanupPolicy } from "../../../provider/cleanup-policy/resource";
import { checkPolicyArgs, readPolicyArgs } from "../../../provider/cleanup-policy/args";
import { emptyPolicyRecord, writePolicyState } from "../../../provider/cleanup-policy/state";
import { takeHidden } from "../../../provider/dynamic/hidden";
import { providerText } from "../../../provider/dynamic/provider-text";
import { runProgram, valueOf } from "../support/host-program";

const type = "pulumi-nodejs:dynamic/supermemory:CleanupPolicy";
const urn = `urn:pulumi:dev::shop::${type}::nightly`;

describe("a CleanupPolicy in a program", () => {
  test("registers its type with its arguments, how to find the provider, and its URN", async () => {
    const { registered } = await runProgram(() => new CleanupPolicy("nightly", { match: ["pr-*"], keepLatest: 3 }));
    const inputs = { match: ["pr-*"], keepLatest: 3, __provider: providerText("cleanupPolicy"), __urn: urn };
    expect(registered).toEqual([{ type, name: "nightly", inputs: { ...inputs, __known: true } }]);
    expect(checkPolicyArgs(takeHidden(inputs).visible).failures).toEqual([]);
  });

  test("marks a preview in its inputs", async () => {
    const program = () => new CleanupPolicy("nightly", { match: ["pr-*"] });
    const preview = await runProgram(program, { isPreview: true });
    expect(preview.registered[0]?.inputs).toHaveProperty("__preview", true);
  });

  test("has every output of the provider as a property", async () => {
    const record = { ...emptyPolicyRecord, deletedCount: 5, lastRunAt: "2026-01-31T12:00:00.000Z" };
    const { inputs } = readPolicyArgs({ match: ["pr-*"], inactiveFor: "1 day", select: { status: ["done"] } });
    const outputs = writePolicyState(inputs, record);
    const { result } = await runProgram(() => new CleanupPolicy("nightly", { match: ["pr-*"] }), { outputs });
    const found = new Map<string, unknown>();
    for (const [name, property] of Object.entries(result)) {
      if (name in outputs && pulumi.Output.isInstance(property)) found.set(name, await valueOf(property));
    }
    expect(Object.fromEntries(found)).toEqual(outputs);
  });

  test("carries a text of at most 512 bytes", () => {
    expect(Buffer.byteLength(providerText("cleanupPolicy"))).toBeLessThanOrEqual(512);
  });
});
