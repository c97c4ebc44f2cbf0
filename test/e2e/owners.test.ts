import { v3 } from "./support/apis";
import { expectOk, messages, purgeProgram } from "./support/runs";
import { describeScenarios } from "./support/scenarios";

const args = { containerTags: ["pr-42"], purgeOn: ["delete"] };
const program = purgeProgram(args);
const written = { "pr-42": 4 };

describeScenarios("The owner of a resource", [v3], ({ onBoth, open, scenario }) => {
  onBoth("is recorded, and a stack that was renamed purges when it is destroyed", async () => {
    const { count, destroy, outputs, stack } = await open({ program, writtenAfterUp: written });
    expect(await outputs()).toMatchObject({ project: "shop", stack: "dev" });
    await stack.rename("pr-43");

    const run = await destroy();

    expect(count("pr-42")).toBe(0);
    expect(messages(run, "warning")).toEqual([]);
  });

  scenario("is named in one warning of the next up after a rename, and recorded", async () => {
    const { outputs, stack, up } = await open({ program, writtenAfterUp: written });
    await stack.rename("pr-43");

    const run = await up();
    const again = await up();

    expect(messages(run, "warning")).toEqual([
      expect.stringContaining("was last updated in shop/dev and now belongs to shop/pr-43"),
    ]);
    expect(messages(again, "warning")).toEqual([]);
    expect(await outputs()).toMatchObject({ project: "shop", stack: "pr-43" });
  });
});

describeScenarios("A secret tag", [v3], ({ onBoth, open }) => {
  onBoth("is in no part of the state as plain text, while it is managed and after it was removed", async () => {
    const secretProgram = (tags: string) => `const pulumi = require("@pulumi/pulumi");
const { ContainerPurge } = require("pulumi-supermemory");
const memory = new ContainerPurge("memory", { containerTags: ${tags} });
exports.tag = memory.containerTag;
exports.byTag = memory.deletedByTag;
`;
    const both = secretProgram(`[pulumi.secret("tenant-7"), "pr-42"]`);
    const { count, destroy, outputs, project, stack, up } = await open({
      program: both,
      writtenAfterUp: { "tenant-7": 3, "pr-42": 2 },
    });
    expect(await stack.rawState()).not.toContain("tenant-7");
    project.setProgram(secretProgram(`["pr-42"]`));

    await up();

    expect(count("tenant-7")).toBe(0);
    expect(await stack.rawState()).not.toContain("tenant-7");
    project.setProgram(secretProgram(`["pr-42"]`).replace("] }", `], triggers: 1 }`));
    await up();
    expect(await outputs()).toMatchObject({ containerTag: "pr-42", deletedByTag: { "pr-42": 2 }, pending: [] });
    expectOk(await destroy());
  });
});
