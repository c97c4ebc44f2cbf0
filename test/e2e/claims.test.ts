import { everyApi } from "./support/apis";
import { direct, expectFailed, expectOk, messages, purgeProgram } from "./support/runs";
import { describeScenarios } from "./support/scenarios";

describeScenarios("A tag that another live resource claims", everyApi, ({ current, open, scenario }) => {
  scenario("is not purged by the delete of a renamed resource; with create in purgeOn the new one purges", async () => {
    const { count, deletes, mark, project, stack, write } = await open({
      program: purgeProgram({ containerTags: ["pr-42"] }),
    });
    expectOk(await stack.up(direct));
    await write("pr-42", 4);
    mark();
    project.setProgram(purgeProgram({ containerTags: ["pr-42"] }, "memory2"));

    const run = await stack.up();

    expectOk(run);
    expect(count("pr-42")).toBe(0);
    expect(deletes().length).toBe(1);
    expect(messages(run, "info")).toContainEqual(expect.stringMatching(/^deleted 4 documents in pr-42/));
    expect(messages(run, "warning")).toEqual([expect.stringMatching(/^kept pr-42: .*shop::ContainerPurge::memory2/)]);
  });

  scenario("is kept altogether after a rename without create in purgeOn", async () => {
    const args = { containerTags: ["pr-42"], purgeOn: ["update", "delete"] };
    const { count, deletes, project, stack, write } = await open({ v3Ends: "at a list", program: purgeProgram(args) });
    expectOk(await stack.up(direct));
    await write("pr-42", 4);
    project.setProgram(purgeProgram(args, "memory2"));

    const run = await stack.up(direct);

    expectOk(run);
    expect(count("pr-42")).toBe(4);
    expect(deletes()).toEqual([]);
    expect(messages(run, "warning")).toEqual([expect.stringMatching(/^kept pr-42: /)]);
  });

  scenario("is untouched by a rename with an alias", async () => {
    const { count, deletes, mark, project, stack, write } = await open({
      v3Ends: "at a list",
      program: purgeProgram({ containerTags: ["pr-42"] }),
    });
    expectOk(await stack.up(direct));
    await write("pr-42", 4);
    mark();
    project.setProgram(purgeProgram({ containerTags: ["pr-42"] }, "memory2", `{ aliases: [{ name: "memory" }] }`));

    const run = await stack.up(direct);

    expectOk(run);
    expect(count("pr-42")).toBe(4);
    expect(deletes()).toEqual([]);
    expect((await current().resource("memory2")).outputs["__urn"]).toMatch(/::memory2$/);
  });

  scenario("is purged by the replacement alone when a resource is replaced by force", async () => {
    const { deletes, mark, stack, write } = await open({ program: purgeProgram({ containerTags: ["pr-42"] }) });
    expectOk(await stack.up(direct));
    await write("pr-42", 4);
    mark();
    const { urn } = await current().resource();

    const run = await stack.up({ ...direct, replace: [urn] });

    expectOk(run);
    expect(deletes().length).toBe(1);
    expect(messages(run, "warning")).toEqual([expect.stringMatching(/^kept pr-42: this resource still manages it/)]);
  });

  scenario("cannot be claimed a second time", async () => {
    const second = `new ContainerPurge("other", { containerTags: ["pr-43", "pr-42"] }, { dependsOn: memory });\n`;
    const { deletes, stack } = await open({
      v3Ends: "at a list",
      program: purgeProgram({ containerTags: ["pr-42"] }) + second,
      written: { "pr-42": 4 },
    });

    const run = await stack.up();

    expectFailed(run);
    expect(run.output).toContain(
      "pr-42 is managed by two resources, this one and shop::ContainerPurge::memory: name it in one of them only",
    );
    expect(deletes()).toEqual([]);
  });
});
