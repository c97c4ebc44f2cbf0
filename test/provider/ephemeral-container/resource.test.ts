import * as pulumi from "@pulumi/pulumi";
import { ContainerPurge } from "../../../provider/container-purge/resource";
import { EphemeralContainer, type EphemeralContainerArgs } from "../../../provider/ephemeral-container/resource";
import { Provider } from "../../../provider/explicit-provider/resource";
import { type ProgramSurroundings, runProgram, valueOf } from "../support/host-program";

const component = "supermemory:index:EphemeralContainer";

describe("an EphemeralContainer in a program", () => {
  test("contains one purge of the tag that is made of project and stack", async () => {
    const { registered, result } = await run({}, { stack: "pr-42" });
    expect(registered.map(({ name, type }) => [type, name])).toEqual([
      [component, "memory"],
      ["pulumi-nodejs:dynamic/supermemory:ContainerPurge", "memory"],
    ]);
    expect(registered[1]?.inputs).toMatchObject({ containerTags: ["shop:pr-42"] });
    expect(registered[1]?.inputs).toHaveProperty(
      "__urn",
      `urn:pulumi:pr-42::shop::${component}$pulumi-nodejs:dynamic/supermemory:ContainerPurge::memory`,
    );
    expect(await valueOf(result.containerTag)).toBe("shop:pr-42");
  });

  test("takes the tag that it gives from its purge, in previews too", async () => {
    const surroundings = { isPreview: true, outputs: { containerTags: ["decided:before"] } };
    const { result } = await run({ prefix: "acme" }, surroundings);
    expect(result.purge).toBeInstanceOf(ContainerPurge);
    expect(await valueOf(result.containerTag)).toBe("decided:before");
  });

  test("passes the options of its purge on", async () => {
    const options: EphemeralContainerArgs = {
      purgeOn: ["delete"],
      triggers: [1],
      scope: "documents",
      select: { olderThan: "1h" },
      deleteBy: "ids",
      sharedDocuments: "keep",
      maxDeletions: 12,
      allowProtectedTags: ["eu-prod"],
      verify: false,
      timeout: "2m",
    };
    const { registered } = await run(options);
    expect(registered[1]?.inputs).toMatchObject(options);
    expect(registered[1]?.inputs).not.toHaveProperty("prefix");
  });

  test.each(["prod", "eu-PROD", "main", "eu_live", "eu.production"])("refuses the stack %s", async (stack) => {
    await expect(run({}, { stack })).rejects.toThrow(/the name of the stack ".+" contains the protected segment "\w+"/);
  });

  test.each(["product", "maintenance-1", "alive", "pr-42"])("does not refuse the stack %s", async (stack) => {
    const { registered } = await run({}, { stack });
    expect(registered[1]?.inputs).toMatchObject({ containerTags: [`shop:${stack}`] });
  });

  test.each([
    [{ containerTags: ["pr-42"] }, "an EphemeralContainer creates its own tag\nremove containerTags"],
    [{ prefx: "acme" }, /^unknown argument "prefx"; the arguments are prefix, purgeOn, .*timeout$/],
  ])("refuses the argument %j", async (args, message) => {
    await expect(run({ ...args, maxDeletions: 5 })).rejects.toThrow(message);
  });

  test.each([
    ["an Output", () => pulumi.output("acme"), "prefix is an Output\nuse a plain string"],
    ["a number", () => 5, "prefix is 5\nuse a plain string"],
    ["null", () => null, "prefix is null\nuse a plain string"],
  ])("refuses a prefix that is %s, which JavaScript lets pass", async (_what, make, message) => {
    const { registered } = await runProgram(() => {
      expect(() => {
        Reflect.construct(EphemeralContainer, ["memory", { prefix: make() }]);
      }).toThrow(message);
    });
    expect(registered.map(({ type }) => type)).toEqual([component]);
  });

  test("gives its provider to its purge", async () => {
    const { result } = await runProgram(() => {
      const provider = new Provider("other-org", { apiKey: "key" });
      const { purge } = new EphemeralContainer("memory", {}, { provider });
      return { provider, purge };
    });
    expect(result.purge.getProvider("pulumi-nodejs:x:Y")).toBe(result.provider);
  });
});

async function run(args: EphemeralContainerArgs, surroundings: ProgramSurroundings = {}) {
  return await runProgram(() => new EphemeralContainer("memory", args), surroundings);
}
