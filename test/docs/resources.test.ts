import { execFileSync } from "node:child_process";
import type { ContainerSeed, DocumentSeed } from "../../emulator";
import { idle } from "../e2e/support/idle";
import { testProject } from "../engine";
import { describePage } from "./support/page";
import { play, type Story, Teller } from "./support/story";

/** The pages of the resources, of their installation and configuration. */

const containerPurge = "docs/container-purge.md";
const cleanupPolicy = "docs/cleanup-policy.md";

const old = new Date(Date.now() - 60 * 86_400_000).toISOString();
const log: DocumentSeed = { createdAt: old, metadata: { kind: "log" } };
const many = (number: number, document: DocumentSeed): readonly DocumentSeed[] =>
  Array<DocumentSeed>(number).fill(document);

/** 412 old logs, 88 documents that are no logs or not old, and 2 old logs that also belong to another container. */
const tenant: ContainerSeed = {
  documents: [
    ...many(412, log),
    ...many(44, { createdAt: old }),
    ...many(44, { metadata: { kind: "log" } }),
    ...many(2, { ...log, alsoIn: ["tenant-8"] }),
  ],
};

const select: Story = async () => {
  const options = { program: "", emulator: { seed: { containers: { "tenant-7": tenant } } } };
  return await play(containerPurge, options, async ({ pulumi, teller, world }) => {
    world.project.setProgram(teller.program("parts/select"));
    await pulumi("pulumi up", { output: "parts/up" });
    expect(world.count("tenant-7")).toBe(90);
  });
};

const policy: Story = async () => {
  const old = { "pr-12": idle(61, 40), "pr-17": idle(44, 128), "pr-19": idle(16, 9) };
  const containers = { ...old, "pr-21": idle(3, 6), "pr-live": idle(60, 5) };
  const options = { program: "", emulator: { seed: { containers } } };
  return await play(cleanupPolicy, options, async ({ pulumi, teller, world }) => {
    world.project.setProgram(teller.program("policy"));
    await pulumi("pulumi preview", { output: "policy/preview" });
    await pulumi("pulumi up --yes");
    expect(["pr-12", "pr-17", "pr-19", "pr-21", "pr-live"].map(world.count)).toEqual([0, 0, 0, 6, 5]);
    const again = await pulumi("pulumi up --yes");
    expect(again?.steps.map(({ op }) => op)).not.toContain("update");
  });
};

const plan: Story = () => {
  const teller = new Teller(cleanupPolicy);
  const project = testProject({ program: "" });
  try {
    const code = `${teller.program("plan")}\nconsole.log(JSON.stringify(planned));`;
    const options = { cwd: project.programDir, encoding: "utf8", timeout: 60_000 } as const;
    const shown = execFileSync(process.execPath, ["-e", code], options);
    expect(JSON.parse(shown)).toMatchObject([{ containerTag: "pr-12", documents: 40 }]);
  } finally {
    project.close();
  }
  return Promise.resolve(teller);
};

/** A program of a page that purges one container of its own stack. */
function purging(page: string, name: string, containerTag: string): Story {
  return async () =>
    await play(page, { program: "", stack: "pr-42", written: { [containerTag]: 4 } }, async (stage) => {
      const { pulumi, teller, world } = stage;
      world.project.setProgram(teller.program(name));
      await pulumi("pulumi up");
      expect(world.count(containerTag)).toBe(0);
    });
}

const organizations: Story = async () => {
  const page = "docs/installation-configuration.md";
  const options = {
    program: "",
    emulator: { apiKeys: [{ key: "sm_emulator_key" }, { key: "key-of-the-others" }] },
    config: { "shop:otherKey": { secret: "key-of-the-others" } },
    written: { "pr-42": 3 },
  };
  return await play(page, options, async ({ pulumi, teller, world }) => {
    world.project.setProgram(teller.program("parts/provider"));
    world.mark();
    await pulumi("pulumi up");
    expect(world.count("pr-42")).toBe(0);
    expect(new Set(world.requests().map(({ keyId }) => keyId)).size).toBe(1);
  });
};

describePage(containerPurge, { parts: select });
describePage(cleanupPolicy, { policy, plan });
describePage("docs/ephemeral-container.md", {
  ephemeral: purging("docs/ephemeral-container.md", "ephemeral", "acme:shop:pr-42"),
});
describePage("docs/_index.md", { index: purging("docs/_index.md", "index", "shop:pr-42") });
describePage("docs/installation-configuration.md", { parts: organizations });
