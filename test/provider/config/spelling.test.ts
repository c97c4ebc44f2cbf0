import * as pulumi from "@pulumi/pulumi";
import { configNames } from "../../../provider/config/names";
import { CleanupPolicy, ContainerPurge, EphemeralContainer } from "../../../provider/index";
import { runProgram } from "../support/host-program";

describe.each<[string, () => unknown]>([
  ["ContainerPurge", () => new ContainerPurge("memory", { containerTags: ["pr-42"] })],
  ["CleanupPolicy", () => new CleanupPolicy("nightly", { match: ["pr-*"] })],
  ["EphemeralContainer", () => new EphemeralContainer("memory")],
])("a program with a %s", (_name, make) => {
  test.each([
    ["protectedTag", "protectedTags"],
    ["protected_tags", "protectedTags"],
    ["protectedtags", "protectedTags"],
    ["allowedTag", "allowedTags"],
    ["allowTags", "allowedTags"],
    ["apikey", "apiKey"],
    ["baseURL", "baseUrl"],
  ])("is refused with supermemory:%s instead of %s", async (misspelt, meant) => {
    const { message, registered } = await failing({ [`supermemory:${misspelt}`]: "sm_value" }, make);
    expect(message).toContain(
      `the stack's configuration contains an unknown key "supermemory:${misspelt}"; the settings are apiKey, baseUrl, apiVersion, protectedTags, allowedTags, concurrency, receipts, allowInsecureHttp\ndid you mean "supermemory:${meant}"?`,
    );
    expect(message).not.toContain("sm_value");
    expect(registered).toEqual([]);
  });

  test("is refused for a misspelled key although the right one is set", async () => {
    const config = { "supermemory:allowedTags": "pr-*", "supermemory:alowedTags": "pr-*" };
    expect((await failing(config, make)).message).toContain('unknown key "supermemory:alowedTags"');
  });

  test("is refused with supermemory:instance, which would rename the default provider", async () => {
    const { message, registered } = await failing({ "supermemory:instance": "blue" }, make);
    expect(message).toContain('unknown key "supermemory:instance"; the settings are apiKey, baseUrl');
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
