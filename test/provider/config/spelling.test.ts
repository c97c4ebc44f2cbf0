import * as pulumi from "@pulumi/pulumi";
import { configNames } from "../../../provider/config/names";
import { refuseLostNames } from "../../../provider/config/spelling";
import { CleanupPolicy, ContainerPurge, EphemeralContainer } from "../../../provider/index";
import { runProgram, valueOf } from "../support/host-program";

describe.each<[string, () => unknown]>([
  ["ContainerPurge", () => new ContainerPurge("memory", { containerTags: ["pr-42"] })],
  ["CleanupPolicy", () => new CleanupPolicy("nightly", { match: ["pr-*"] })],
  ["EphemeralContainer", () => new EphemeralContainer("memory")],
])("a program with a %s", (_name, make) => {
  test.each([
    ["protectedTag", 'did you mean "supermemory:protectedTags"?'],
    ["protected_tags", 'did you mean "supermemory:protectedTags"?'],
    ["protectedtags", 'did you mean "supermemory:protectedTags"?'],
    ["allowedTag", 'did you mean "supermemory:allowedTags"?'],
    ["allowTags", 'did you mean "supermemory:allowedTags"?'],
    ["apikey", 'did you mean "supermemory:apiKey"?'],
    ["baseURL", 'did you mean "supermemory:baseUrl"?'],
    ["instance", "To remove the key, run: pulumi config rm supermemory:instance"],
  ])("is refused with supermemory:%s, although right keys are set: %s", async (misspelt, hint) => {
    const config = { "supermemory:allowedTags": "pr-*", [`supermemory:${misspelt}`]: "sm_value" };
    const { message, registered } = await failing(config, make);
    expect(message).toContain(
      `the stack's configuration contains an unknown key "supermemory:${misspelt}"; the settings are apiKey, baseUrl, apiVersion, protectedTags, allowedTags, concurrency, receipts, allowInsecureHttp\n${hint}`,
    );
    expect(message).not.toContain("sm_value");
    expect(registered).toEqual([]);
  });

  test("runs with every setting, with keys of its own and with keys of other namespaces", async () => {
    const settings = configNames.filter((name) => name !== "instance");
    const keys = [...settings, "otherKey", "project", "token", "region"].map((name) => `supermemory:${name}`);
    const config = [...keys, "shop:protectedTag", "supermemory2:allowedTag"].map((key) => [key, "a"] as const);
    const { message, registered } = await failing(Object.fromEntries(config), make);
    expect(message).toBeUndefined();
    expect(registered.length).toBeGreaterThan(0);
  });
});

describe.each<[string, (select: object) => unknown]>([
  ["ContainerPurge", (select) => new ContainerPurge("memory", { containerTags: ["pr-42"], select })],
  ["CleanupPolicy", (select) => new CleanupPolicy("memory", { match: ["pr-*"], select })],
  ["EphemeralContainer", (select) => new EphemeralContainer("memory", { select })],
])("a program with a %s", (_name, make) => {
  test.each([
    ["select.metadata", { metadata: Object.fromEntries([["__proto__", "log"]]) }],
    ["select", Object.fromEntries([["__proto__", "log"]])],
  ])("is refused with a field named __proto__ in %s, which Pulumi would drop", async (place, select) => {
    const { message, registered } = await failing({}, () => make(select));
    expect(message).toContain(`memory: ${place} contains a field named "__proto__", which Pulumi cannot store`);
    expect(registered).toEqual([]);
  });
});

test.each<[string, (lost: object) => unknown]>([
  ["an Output of the whole selection", (lost) => resolved({ metadata: lost })],
  ["an Output of the metadata", (lost) => ({ metadata: resolved(lost) })],
  ["an Output in an Output", (lost) => resolved({ metadata: resolved(lost) })],
])("a field named __proto__ in %s is refused when its value is known", (_where, selectOf) => {
  const lost = Object.fromEntries([["__proto__", "log"]]);
  expect(() => refuseLostNames("memory", selectOf(lost))).toThrow(
    'memory: select.metadata contains a field named "__proto__", which Pulumi cannot store',
  );
});

test("a field named __proto__ in a promise is refused when its value is known", async () => {
  const lost = Object.fromEntries([["__proto__", "log"]]);
  const select = refuseLostNames("memory", { metadata: Promise.resolve(lost) });
  const metadata: unknown = typeof select === "object" && select !== null ? Reflect.get(select, "metadata") : undefined;
  await expect(metadata).rejects.toThrow('memory: select.metadata contains a field named "__proto__"');
});

test("a selection with Outputs arrives as it is", async () => {
  const metadata = pulumi.output("x").apply(() => ({ kind: "log" }));
  const select = { status: ["done", pulumi.output("failed")], metadata };
  expect(await valueOf(pulumi.output(refuseLostNames("memory", select)))).toEqual({
    status: ["done", "failed"],
    metadata: { kind: "log" },
  });
});

/** An Output whose value is known already. A real one that fails ends the process. */
function resolved(value: unknown): object {
  return { __pulumiOutput: true, apply: (work: (inner: unknown) => unknown) => work(value) };
}

/** The error of a program with a configuration, and the resources that it registered. */
async function failing(config: Readonly<Record<string, string>>, make: () => unknown) {
  const before = pulumi.runtime.allConfig();
  const { registered, result } = await runProgram(() => {
    pulumi.runtime.setAllConfig(config);
    try {
      make();
      return undefined;
    } catch (error) {
      if (!pulumi.RunError.isInstance(error)) throw error;
      return error.message;
    } finally {
      pulumi.runtime.setAllConfig(before);
    }
  });
  return { message: result, registered: registered.filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic/")) };
}
