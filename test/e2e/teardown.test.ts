import { bothApis } from "./support/apis";
import { direct, expectOk, messages, purgeProgram } from "./support/runs";
import { describeScenarios } from "./support/scenarios";

const program = purgeProgram({ containerTags: ["pr-42"] });
const writtenAfterUp = { "pr-42": 4 };
const skip = { env: { SUPERMEMORY_PURGE: "skip" } };

describeScenarios("The teardown of a stack", bothApis, ({ open, scenario }) => {
  scenario("with SUPERMEMORY_PURGE=skip deletes nothing, and reports that", async () => {
    const { count, deletes, destroy, receipts } = await open({ program, writtenAfterUp });

    const run = await destroy(skip);

    expect(messages(run, "warning")).toEqual([expect.stringMatching(/^SUPERMEMORY_PURGE=skip: .*pr-42/)]);
    expect(deletes()).toEqual([]);
    expect(count("pr-42")).toBe(4);
    const pending = [{ containerTag: "pr-42", event: "delete" }];
    expect(receipts().at(-1)).toMatchObject({ result: "skipped", deletedCount: 0, pending });
  });

  scenario("follows an up with SUPERMEMORY_PURGE=skip, whose purge the next up makes up for", async () => {
    const { count, outputs, up } = await open({ program, written: { "pr-42": 4 } });
    await up(skip);
    expect(count("pr-42")).toBe(4);
    const pending = [{ containerTag: "pr-42", event: "create" }];
    expect(await outputs()).toMatchObject({ deletedCount: 0, pending });

    await up();

    expect(count("pr-42")).toBe(0);
    expect(await outputs()).toMatchObject({ deletedCount: 4, pending: [] });
  });

  scenario("with purgeOn: [] needs no key and deletes nothing", async () => {
    const { count, destroy, mark, project, requests, up } = await open({ program, writtenAfterUp });
    project.setProgram(purgeProgram({ containerTags: ["pr-42"], purgeOn: [] }));
    await up();
    mark();

    await destroy({ env: { SUPERMEMORY_API_KEY: "", SUPERMEMORY_BASE_URL: "" } });

    expect(requests()).toEqual([]);
    expect(count("pr-42")).toBe(4);
  });

  scenario("keeps the documents of other stacks", async () => {
    const perStack = `const pulumi = require("@pulumi/pulumi");
const { ContainerPurge } = require("pulumi-supermemory");
new ContainerPurge("memory", { containerTags: [pulumi.getStack()] });`;
    const { count, destroy, openStack, up, write } = await open({ program: perStack, stack: "pr-42" });
    const other = await openStack("pr-43");
    const [, second] = await Promise.all([up(), other.up(direct)]);
    expectOk(second);
    await write("pr-42", 4);
    await write("pr-43", 3);

    await destroy();

    expect([count("pr-42"), count("pr-43")]).toEqual([0, 3]);
    expectOk(await other.destroy(direct));
    expect(count("pr-43")).toBe(0);
  });
});
