import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Emulator } from "../../emulator";
import { copiedProject, fileBackend, findCli, type TestProject } from "../engine";
import { openEmulator } from "../wire/emulator";
import { runNode, runTsx } from "./support/node";

let project: TestProject | undefined;
afterEach(() => {
  project?.close();
  project = undefined;
});

describe("The tests of the example cleanup-policy", () => {
  test("pass", async () => {
    project = copiedProject("examples/cleanup-policy");

    const { exitCode, output } = await runNode(["--test"], project.projectDir);

    expect(output).toMatch(/(#|ℹ) pass 5\n(#|ℹ) fail 0\n/);
    expect(exitCode).toBe(0);
  });

  test.each([
    [`inactiveFor: "14 days"`, `inactiveFor: "1 day"`],
    [`match: ["pr-*", "test-*"]`, `match: ["pr-*", "tenant-*"]`],
    [`except: ["pr-demo*"]`, `except: []`],
    [`keepLatest: 2`, `keepLatest: 0`],
    [`maxContainers: 30`, `maxContainers: 50`],
  ])("fail when %s is changed to %s", async (from, to) => {
    project = copiedProject("examples/cleanup-policy");
    project.edit("rules.js", from, to);

    const { exitCode, output } = await runNode(["--test"], project.projectDir);

    expect(output).toMatch(/(#|ℹ) fail [1-5]\n/);
    expect(exitCode).toBe(1);
  });
});

const describeCli = findCli() === undefined ? describe.skip : describe;

describeCli("The tests of the example automation-api (Pulumi CLI)", () => {
  let emulator: Emulator;
  beforeEach(async () => {
    emulator = await openEmulator({ seed: { containers: { production: 3, "assistant-tests:other": 2 } } });
  });
  afterEach(async () => {
    await emulator.close();
  });

  test("pass, and remove their documents and their stack", async () => {
    const { exitCode, output, stacks } = await runSuite();

    expect(output).toMatch(/(#|ℹ) pass 1\n/);
    expect(exitCode).toBe(0);
    expectCleanedUp(stacks);
  });

  test("remove their documents and their stack when a test failed", async () => {
    project = copiedProject("examples/automation-api");
    project.edit("assistant.test.ts", `content, "The shop opens at nine."`, `content, "The shop is closed."`);

    const { exitCode, output, stacks } = await runSuite();

    expect(output).toMatch(/(#|ℹ) fail 1\n/);
    expect(exitCode).toBe(1);
    expectCleanedUp(stacks);
  });

  async function runSuite() {
    project ??= copiedProject("examples/automation-api");
    const { projectDir, stateDir } = project;
    // From a folder that has no packages, as from the root of a monorepo.
    const run = await runTsx(["--test", join(projectDir, "assistant.test.ts")], stateDir, {
      SUPERMEMORY_API_KEY: emulator.apiKey,
      SUPERMEMORY_BASE_URL: emulator.url,
      PULUMI_HOME: join(stateDir, "home"),
      PULUMI_BACKEND_URL: fileBackend(stateDir),
      PULUMI_CONFIG_PASSPHRASE: "example",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    });
    const folder = join(stateDir, ".pulumi", "stacks", "assistant-tests");
    const files = existsSync(folder) ? readdirSync(folder) : [];
    return { ...run, stacks: files.filter((name) => name.endsWith(".json")) };
  }

  /** One document was deleted in the container of the run, and the other containers are unchanged. */
  function expectCleanedUp(stacks: readonly string[]): void {
    expect(stacks).toEqual([]);
    expect(readdirSync(project?.projectDir ?? "").filter((name) => /^Pulumi\..+\.yaml$/.test(name))).toEqual([]);
    const { production, "assistant-tests:other": other, ...own } = emulator.containers();
    expect([production, other]).toEqual([3, 2]);
    expect(Object.entries(own)).toEqual([[expect.stringMatching(/^assistant-tests:run-[0-9a-f]{6}$/), 0]]);
    expect(emulator.ledger.reduce((sum, { count }) => sum + count, 0)).toBe(1);
  }
});
