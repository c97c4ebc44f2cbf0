import { describePage } from "./support/page";
import { play, type Story } from "./support/story";

const page = "docs/questions.md";

const questions: Story = async () =>
  await play(page, { program: "", written: { "shop:dev": 4, "pr-42": 3 } }, async ({ pulumi, world }) => {
    world.project.setProgram(`const { EphemeralContainer } = require("pulumi-supermemory");
new EphemeralContainer("memory");
new EphemeralContainer("cache");`);
    // Either of the two may be registered first.
    const same = await pulumi("pulumi preview", { fails: true });
    expect(same?.output).toMatch(/two resources manage shop:dev: this one and shop::ContainerPurge::(memory|cache)/);

    // The key of the second organization is an output of a resource that does not exist yet.
    world.project.setProgram(`const { ContainerPurge, EphemeralContainer, Provider } = require("pulumi-supermemory");
new EphemeralContainer("memory");
const other = new EphemeralContainer("cache", { prefix: "cache" });
const apiKey = other.purge.deletedCount.apply(() => "sm_emulator_key");
const provider = new Provider("late", { apiKey });
new ContainerPurge("theirs", { containerTags: ["pr-42"] }, { provider });`);
    const preview = await pulumi("pulumi preview");
    expect(preview?.output).toContain("will delete 4 documents in shop:dev");
    expect(preview?.output).not.toContain("pr-42");
    expect(world.deletes()).toEqual([]);
  });

describePage(page, { questions });
