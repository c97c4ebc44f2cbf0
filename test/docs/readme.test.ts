import { execFileSync } from "node:child_process";
import type { ContainerSeed, DocumentSeed } from "../../emulator";
import { testProject } from "../engine";
import { readPage } from "./support/blocks";
import { describePage } from "./support/page";
import { javaScript } from "./support/programs";
import { idle } from "../e2e/support/idle";
import { play, type Story, Teller } from "./support/story";
import { normalised } from "./support/text";

const page = "README.md";

/** The first program, from its preview to its destroy. */
const quickstart: Story = async () =>
  await play(page, { program: "", stack: "pr-42", written: { "pr-42": 24 } }, async ({ pulumi, teller, world }) => {
    world.project.setProgram(teller.program("quickstart"));
    await pulumi("pulumi config set --secret supermemory:apiKey <key>", { with: { "<key>": world.emulator.apiKey } });
    await pulumi("pulumi preview", { output: "quickstart/preview" });
    await pulumi("pulumi up", { output: "quickstart/up" });
    await world.write("pr-42", 17);
    await pulumi("pulumi destroy", { output: "quickstart/destroy" });
  });

/** The parts of programs that the page shows, as one. */
const parts: Story = async () =>
  await play(
    page,
    {
      program: "",
      stack: "pr-42",
      emulator: { apiKeys: [{ key: "sm_emulator_key" }, { key: "key-of-the-others" }], seed: { containers: tenant() } },
      config: { "shop:otherKey": { secret: "key-of-the-others" } },
      written: { "shop:pr-42": 4, "pr-42": 3 },
    },
    async ({ pulumi, teller, world }) => {
      world.project.setProgram(teller.programOf(["parts/ephemeral", "parts/select", "parts/provider"]));
      const run = await pulumi("pulumi up");
      expect(["shop:pr-42", "pr-42", "tenant-7"].map(world.count)).toEqual([0, 0, 90]);
      // The page quotes this line in its text.
      const lines = normalised(run?.output ?? "").filter((line) => line.startsWith("deleted 412"));
      const quoted = [...readPage(page).matchAll(/`(deleted 412 [^`]+)`/g)].flatMap(([, line = ""]) =>
        normalised(line),
      );
      expect(lines).toEqual(quoted);
    },
  );

const policy: Story = async () =>
  await play(page, { program: "", emulator: { seed: { containers: previews } } }, async ({ pulumi, teller, world }) => {
    world.project.setProgram(teller.program("policy"));
    await pulumi("pulumi preview", { output: "policy/preview" });
    await pulumi("pulumi up --yes");
    expect(["pr-12", "pr-17", "pr-19", "pr-21", "pr-live"].map(world.count)).toEqual([0, 0, 0, 6, 5]);
    const again = await pulumi("pulumi up --yes");
    expect(again?.steps.map(({ op }) => op)).not.toContain("update");
  });

const plan: Story = () => {
  const teller = new Teller(page);
  const project = testProject({ program: "" });
  try {
    const code = `${teller.program("plan")}\nconsole.log(JSON.stringify(planned));`;
    const options = { cwd: project.programDir, encoding: "utf8", timeout: 60_000 } as const;
    const shown = execFileSync(process.execPath, ["-e", code], options);
    expect(JSON.parse(shown)).toMatchObject([{ containerTag: "pr-12", documents: 40 }]);
    expect(javaScript(page, "plan")).not.toContain("new CleanupPolicy");
  } finally {
    project.close();
  }
  return Promise.resolve(teller);
};

describePage(page, { quickstart, parts, policy, plan });

const previews = {
  "pr-12": idle(61, 40),
  "pr-17": idle(44, 128),
  "pr-19": idle(16, 9),
  "pr-21": idle(3, 6),
  "pr-live": idle(60, 5),
};

/** 412 old logs, 88 documents that are no logs or not old, and 2 old logs that also belong to another container. */
function tenant(): Readonly<Record<string, ContainerSeed>> {
  const old = new Date(Date.now() - 60 * 86_400_000).toISOString();
  const log: DocumentSeed = { createdAt: old, metadata: { kind: "log" } };
  return {
    "tenant-7": {
      documents: [
        ...Array.from({ length: 412 }, () => log),
        ...Array.from({ length: 44 }, (): DocumentSeed => ({ createdAt: old })),
        ...Array.from({ length: 44 }, (): DocumentSeed => ({ metadata: { kind: "log" } })),
        ...Array.from({ length: 2 }, (): DocumentSeed => ({ ...log, alsoIn: ["tenant-8"] })),
      ],
    },
  };
}
