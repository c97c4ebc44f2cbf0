import { idle } from "../e2e/support/idle";
import { describePage } from "./support/page";
import { play, type Story } from "./support/story";

const page = "README.md";

const quickstart: Story = async () => {
  const options = { program: "", stack: "pr-42", refreshAlways: true, written: { "tenant-7": 24 } };
  return await play(page, options, async ({ pulumi, teller, world }) => {
    const program = teller.program("quickstart");
    world.project.setProgram(program);
    await pulumi("pulumi config set --secret supermemory:apiKey <key>", { with: { "<key>": world.emulator.apiKey } });
    await pulumi("pulumi up", { output: "quickstart/up" });
    await world.write("shop:pr-42", 24);
    const creates = teller.programOf(["parts/purge"], (text) => text.replace(`purgeOn: ["delete"]`, ""));
    world.project.setProgram(creates);
    await pulumi("pulumi preview", { output: "quickstart/create" });
    await pulumi("pulumi destroy --preview-only", { output: "quickstart/destroy-preview" });
    expect(world.count("shop:pr-42")).toBe(24);
    await pulumi("pulumi destroy", { output: "quickstart/destroy" });
    expect([world.count("shop:pr-42"), world.count("tenant-7")]).toEqual([0, 24]);
  });
};

const parts: Story = async () => {
  const containers = { "pr-12": idle(61, 40), "pr-17": idle(44, 128), "pr-21": idle(3, 6) };
  const options = { program: "", emulator: { seed: { containers } }, written: { "tenant-7": 4 } };
  return await play(page, options, async ({ pulumi, teller, world }) => {
    world.project.setProgram(teller.programOf(["parts/purge", "parts/policy"]));
    await pulumi("pulumi up");
    expect(["tenant-7", "pr-12", "pr-17", "pr-21"].map(world.count)).toEqual([4, 0, 0, 6]);
  });
};

describePage(page, { quickstart, parts });
