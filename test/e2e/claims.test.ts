import { bothApis } from "./support/apis";
import { expectOk, messages, purgeProgram } from "./support/runs";
import { describeScenarios } from "./support/scenarios";

const args = { containerTags: ["pr-42"] };
const program = purgeProgram(args);
const writtenAfterUp = { "pr-42": 4 };

describeScenarios("A tag that another live resource manages", bothApis, ({ open, scenario }) => {
  scenario("is purged once after a rename: by the new resource's create, not by the old one's delete", async () => {
    const { count, deletes, project, stack } = await open({ program, writtenAfterUp });
    project.setProgram(purgeProgram(args, "memory2"));

    const run = expectOk(await stack.up());

    expect(count("pr-42")).toBe(0);
    expect(deletes().length).toBe(1);
    expect(messages(run, "info")).toContainEqual(expect.stringMatching(/^deleted 4 documents in pr-42/));
    expect(messages(run, "warning")).toEqual([expect.stringMatching(/^kept .*pr-42: .*shop::ContainerPurge::memory2/)]);
  });

  scenario("is kept after a rename with an alias, or when purgeOn does not contain create", async () => {
    const kept = { ...args, purgeOn: ["update", "delete"] };
    const { count, deletes, outputs, project, up } = await open({ program: purgeProgram(kept), writtenAfterUp });

    project.setProgram(purgeProgram(kept, "memory2", `{ aliases: [{ name: "memory" }] }`));
    const aliased = await up();
    expect((await outputs("memory2"))["__urn"]).toMatch(/::memory2$/);
    project.setProgram(purgeProgram(kept, "memory3"));
    const renamed = await up();

    expect(count("pr-42")).toBe(4);
    expect(deletes()).toEqual([]);
    expect(messages(aliased, "warning")).toEqual([]);
    expect(messages(renamed, "warning")).toEqual([expect.stringMatching(/^kept .*pr-42: /)]);
  });

  scenario("is purged once when its resource is replaced by force", async () => {
    const { deletes, resource, up } = await open({ program, writtenAfterUp });

    const run = await up({ replace: [(await resource()).urn] });

    expect(deletes().length).toBe(1);
    expect(messages(run, "warning")).toEqual([]);
    expect(messages(run, "info")).toContain("the replaced resource purges nothing; its successor manages pr-42");
  });
});
