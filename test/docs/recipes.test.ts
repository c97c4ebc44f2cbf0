import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { openEmulator } from "../wire/emulator";
import { fileBackend, testProject } from "../engine";
import { cleanEnvironment } from "../engine/environment";
import { describePage } from "./support/page";
import { idle } from "../e2e/support/idle";
import { play, type Story, Teller } from "./support/story";

const page = "docs/recipes.md";

const perPullRequest: Story = async () => {
  const options = { program: "", stack: "pr-42", refreshAlways: true, written: { "shop:pr-42": 24 } };
  return await play(page, options, async ({ pulumi, teller, world }) => {
    world.project.setProgram(teller.program("per-pr"));
    await pulumi("pulumi stack init pr-42");
    await pulumi("pulumi up --yes");
    await world.write("shop:pr-42", 17);
    await pulumi("pulumi destroy --yes", { output: "per-pr/destroy" });
    expect(world.count("shop:pr-42")).toBe(0);
    await pulumi("pulumi stack rm pr-42 --yes");
  });
};

/** Most of the page in one stack. The remaining documents show that each program deleted its own and nothing else. */
const many: Story = async () =>
  await play(page, { ...manyContainers(), program: "" }, async ({ pulumi, teller, world }) => {
    const parts = ["keep", "logs", "deploy", "drift", "tags", "organizations", "component"];
    const others = teller.programOf(parts.map((name) => `many/${name}`));
    const count = (...tags: readonly string[]): readonly number[] => tags.map(world.count);
    world.project.setProgram(others);
    await pulumi("pulumi config set --secret otherKey <key>", { with: { "<key>": otherKey } });
    await pulumi("pulumi preview", { output: "many/preview" });
    await pulumi("GIT_SHA=7c01b3f pulumi up");
    expect(count("tenant-7", "support-bot", "shop-cache", "playground", "assistant-7")).toEqual([5, 6, 0, 0, 0]);
    expect(count("load-test-0", "load-test-19", "pr-42")).toEqual([0, 0, 0]);
    expect(world.emulator.requests.map((request) => request.status)).not.toContain(401);

    await world.write("shop-cache", 2);
    await world.write("playground", 6);
    await pulumi("GIT_SHA=2a9d4e1 pulumi up");
    expect(count("shop-cache", "playground")).toEqual([0, 6]);
    await pulumi("pulumi up --refresh", { output: "many/refresh" });
    expect(count("playground")).toEqual([0]);

    world.project.setProgram("");
    await world.write("support-bot", 1);
    world.mark();
    await pulumi("pulumi up");
    expect(count("tenant-7", "support-bot")).toEqual([0, 7]);
  });

/** Each way to stop managing, in the order in which a person types it, and what the page warns of before the command. */
const stop: Story = async () => {
  const managing = (tag: string, options = "{}"): string =>
    `new (require("pulumi-supermemory").ContainerPurge)("${tag}", { containerTags: ["${tag}"] }, ${options});\n`;
  return await play(page, { program: "" }, async ({ pulumi, teller, world }) => {
    const count = (...tags: readonly string[]): readonly number[] => tags.map(world.count);
    const forget = async (name: string): Promise<void> => {
      const { urn } = await world.resource(name);
      await pulumi("pulumi state delete '<urn>'", { with: { "<urn>": urn } });
    };
    const ways = (change?: (text: string) => string): string => teller.programOf(["stop/empty", "stop/retain"], change);
    const plain = ["unmanaged", "forgotten", "retained"].map((tag) => managing(tag)).join("");
    const before = ways((text) => text.replace(", purgeOn: []", "").replace(", { retainOnDelete: true }", ""));
    world.project.setProgram(before + plain);
    await pulumi("pulumi up");
    const containers = { "archive-2025": 3, wiki: 4, unmanaged: 5, forgotten: 7, retained: 8 };
    for (const [tag, documents] of Object.entries(containers)) await world.write(tag, documents);
    world.project.setProgram(ways() + plain);
    await pulumi("pulumi up");

    // The program still contains the resource, so that the up creates it.
    await forget("forgotten");
    const warned = await pulumi("pulumi preview");
    expect(warned?.output).toContain("warning: will delete 7 documents in forgotten");
    await pulumi("pulumi up");
    expect(count("forgotten")).toEqual([0]);

    await forget("unmanaged");
    world.project.setProgram(managing("forgotten") + managing("retained"));
    await pulumi("pulumi up");
    expect(count("archive-2025", "wiki", "unmanaged", "retained")).toEqual([3, 4, 5, 8]);

    // A destroy does not read the program, and no up has recorded the option.
    world.project.setProgram(managing("retained", "{ retainOnDelete: true }"));
    await pulumi("pulumi destroy");
    expect(count("retained")).toEqual([0]);

    world.project.setProgram(managing("skipped"));
    await pulumi("pulumi up");
    await world.write("skipped", 6);
    await pulumi("SUPERMEMORY_PURGE=skip pulumi destroy");
    expect(count("archive-2025", "wiki", "unmanaged", "skipped")).toEqual([3, 4, 5, 6]);
  });
};

const rename: Story = async () =>
  await play(page, { program: "" }, async ({ pulumi, teller, world }) => {
    const before = `const { ContainerPurge } = require("pulumi-supermemory");
new ContainerPurge("cache", { containerTags: ["shop-cache"] });`;
    world.project.setProgram(before);
    await pulumi("pulumi up");
    await world.write("shop-cache", 4);
    world.mark();
    world.project.setProgram(teller.program("rename/after"));
    await pulumi("pulumi up");
    expect(world.deletes()).toEqual([]);
    expect((await world.resource("answers")).outputs).toMatchObject({ containerTags: ["shop-cache"] });
  });

const protect: Story = async () =>
  await play(page, { program: "", written: { handbook: 2, "tenant-7": 2 } }, async ({ pulumi, world }) => {
    const purging = (tag: string): void => {
      world.project.setProgram(`const { ContainerPurge } = require("pulumi-supermemory");
new ContainerPurge("memory", { containerTags: [${JSON.stringify(tag)}] });`);
    };
    purging("handbook");
    await pulumi("SUPERMEMORY_PROTECTED_TAGS=handbook,tenant-7 pulumi up", { fails: true });
    await pulumi("pulumi config set --path 'supermemory:protectedTags[0]' handbook");
    const refused = await pulumi("pulumi preview", { fails: true });
    expect(refused?.output).toContain(`"handbook" is protected because supermemory:protectedTags contains it`);
    await pulumi("pulumi config set --path 'supermemory:allowedTags[0]' 'pr-*'");
    purging("tenant-7");
    const outside = await pulumi("pulumi preview", { fails: true });
    expect(outside?.output).toContain(`"tenant-7" does not match allowedTags`);
    expect(world.deletes()).toEqual([]);
  });

const nightly: Story = async () => {
  const containers = { "pr-12": idle(61, 40), "pr-17": idle(44, 128), "pr-21": idle(3, 6) };
  return await play(page, { program: "", emulator: { seed: { containers } } }, async ({ pulumi, teller, world }) => {
    // The newest of those that match, which the bystanders are, stay in any case.
    world.project.setProgram(teller.program("nightly"));
    await pulumi("pulumi up --yes", { output: "nightly/up" });
    expect(["pr-12", "pr-17", "pr-21"].map(world.count)).toEqual([0, 0, 6]);
  });
};

const report: Story = async () => {
  const containers = { "tenant-3": idle(120, 12), "tenant-7": idle(200, 5), "tenant-8": idle(2, 4) };
  return await play(page, { program: "", emulator: { seed: { containers } } }, async ({ pulumi, teller, world }) => {
    world.project.setProgram(teller.program("report"));
    await pulumi("pulumi up", { output: "report/up" });
    expect(world.deletes()).toEqual([]);
  });
};

/** A test of Node, run from a folder above that has no packages, as in a monorepo; fails with its output. */
async function runTest(code: string, extra: Readonly<Record<string, string>> = {}): Promise<void> {
  const project = testProject({ program: "", files: { "it.test.js": code } });
  try {
    const options = { cwd: dirname(project.programDir), env: cleanEnvironment(extra), timeout: 120_000 };
    const args = ["--test", "--test-reporter=tap", join(project.programDir, "it.test.js")];
    const { stdout } = await promisify(execFile)(process.execPath, args, options);
    expect(stdout).toMatch(/^# pass 1$/m);
  } finally {
    project.close();
  }
}

const policyTest: Story = async () => {
  const teller = new Teller(page);
  await runTest(teller.program("policy.test"));
  return teller;
};

const mocksTest: Story = async () => {
  const teller = new Teller(page);
  await runTest(teller.program("mocks.test"));
  return teller;
};

/** The one story on the real CLI, by way of the Automation API. */
const suite: Story = async () => {
  const teller = new Teller(page);
  const emulator = await openEmulator({ seed: { containers: { bystander: 3 } } });
  const folder = mkdtempSync(join(tmpdir(), "docs-suite-"));
  try {
    await runTest(teller.program("suite"), {
      PULUMI_HOME: folder,
      PULUMI_BACKEND_URL: fileBackend(folder),
      PULUMI_CONFIG_PASSPHRASE: "docs",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      SUPERMEMORY_API_KEY: emulator.apiKey,
      SUPERMEMORY_BASE_URL: emulator.url,
    });
    expect(emulator.requests.filter(({ method }) => method === "POST").length).toBeGreaterThanOrEqual(2);
    expect(emulator.containers()["bystander"]).toBe(3);
  } finally {
    await emulator.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return teller;
};

const stories = {
  "per-pr": perPullRequest,
  many,
  stop,
  rename,
  protect,
  nightly,
  report,
  "policy.test": policyTest,
  "mocks.test": mocksTest,
  suite,
};
describePage(page, stories);

const otherKey = "key-of-the-others";

function manyContainers() {
  const createdAt = new Date(Date.now() - 40 * 86_400_000).toISOString();
  const old = { documents: 3, each: { createdAt, metadata: { kind: "log" } } };
  const keys = [{ key: "sm_emulator_key" }, { key: otherKey }];
  const kept = { "tenant-7": 5, "support-bot": 6 };
  const purged = { "shop-cache": 4, playground: 4, "load-test-0": 2, "load-test-19": 7, "pr-42": 3, "assistant-7": 2 };
  return {
    emulator: { apiKeys: keys, seed: { containers: { "support-bot": old } } },
    written: { ...kept, ...purged },
  };
}
