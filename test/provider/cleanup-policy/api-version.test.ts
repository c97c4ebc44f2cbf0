import { startEmulator } from "../support/host-emulator";
import { idle, policyOver, policyStack } from "../support/host-policy";

const args = { match: ["pr-*"], inactiveFor: "14 days" };
const moved: unknown = expect.stringMatching(
  /^warning: this resource was last purged on API v3 .* except, and running merges$/,
);
const warnings = (lines: readonly string[]): readonly string[] => lines.filter((line) => line.startsWith("warning"));

describe("a policy that last purged on v3, and meets v5", () => {
  test("says so once in a preview, once in an up, and then no more", async () => {
    const { emulator, stack } = await policyOver({ "pr-1": idle(31) });
    await stack.up(args);
    expect(stack.outputs).toMatchObject({ apiVersion: "v3" });
    emulator.switchApi("v3", "gone");
    emulator.seed({ containers: { "pr-2": idle(31) } });
    expect(warnings((await stack.preview(args)).lines)).toEqual([moved]);
    const up = await stack.up(args);
    expect([up.error, warnings(up.lines)]).toEqual([undefined, [moved]]);
    expect([stack.outputs["apiVersion"], emulator.containers()["pr-2"]]).toEqual(["v5", 0]);
    emulator.seed({ containers: { "pr-3": idle(31) } });
    expect(warnings((await stack.up(args)).lines)).toEqual([]);
  });

  test("is refused in a preview and an up if v3 saw a protected tag, unless v5 is accepted", async () => {
    const [first, second] = [idle(31), idle(31)];
    const emulator = await startEmulator({ "pr-1": first });
    const stack = policyStack(emulator);
    await stack.up(args);
    if (stack.stored === undefined) throw new Error("the stack is empty");
    stack.stored = { ...stack.stored, outputs: { ...stack.outputs, __besideProtected: true } };
    emulator.switchApi("v3", "gone");
    emulator.seed({ containers: { "pr-2": second } });
    for (const command of ["preview", "up"] as const) {
      const { error } = await stack[command](args);
      expect(error).toContain("documents in pr-2 also carried a protected tag when API v3 last listed them");
      expect(emulator.containers()["pr-2"]).toBe(2);
    }
    expect((await stack.up(args, { SUPERMEMORY_API_VERSION: "v5" })).error).toBeUndefined();
    expect(emulator.containers()["pr-2"]).toBe(0);
  });

  test("records that a plan on v3 saw documents with a protected tag", async () => {
    const shared = { ...idle(31), documents: [{}, { alsoIn: ["production"] }] };
    const emulator = await startEmulator({ "pr-1": shared, production: 1 });
    const stack = policyStack(emulator);
    await stack.up({ ...args, select: { status: ["done"] } });
    expect(stack.outputs).toMatchObject({ deletedCount: 1, apiVersion: "v3", __besideProtected: true });
  });
});

test("a list of containers that fails once on v3 is no reason for a policy to move to v5", async () => {
  const { emulator, stack } = await policyOver({ "pr-1": idle(31) });
  emulator.addFault({ match: { route: "containerTags.list" }, then: { kind: "notFound", as: "html" } });
  expect((await stack.up(args)).error).toBeUndefined();
  expect(stack.outputs).toMatchObject({ apiVersion: "v3", deletedCount: 2 });
});
