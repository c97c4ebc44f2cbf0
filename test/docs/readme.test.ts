import { idle } from "../e2e/support/idle";
import { describePage } from "./support/page";
import { play, type Story } from "./support/story";

const page = "README.md";

const quickstart: Story = async () =>
  await play(page, { program: "", stack: "pr-42", written: { "pr-42": 24 } }, async ({ pulumi, teller, world }) => {
    world.project.setProgram(teller.program("quickstart"));
    await pulumi("pulumi config set --secret supermemory:apiKey <key>", { with: { "<key>": world.emulator.apiKey } });
    await pulumi("pulumi preview", { output: "quickstart/preview" });
    await pulumi("pulumi up", { output: "quickstart/up" });
    await world.write("pr-42", 17);
    await pulumi("pulumi destroy", { output: "quickstart/destroy" });
  });

const parts: Story = async () => {
  const containers = { "pr-12": idle(61, 40), "pr-17": idle(44, 128), "pr-21": idle(3, 6) };
  const options = { program: "", emulator: { seed: { containers } }, written: { "shop:dev": 4 } };
  return await play(page, options, async ({ pulumi, teller, world }) => {
    world.project.setProgram(teller.programOf(["parts/ephemeral", "parts/policy"]));
    await pulumi("pulumi up");
    expect(["shop:dev", "pr-12", "pr-17", "pr-21"].map(world.count)).toEqual([0, 0, 0, 6]);
  });
};

describePage(page, { quickstart, parts });
