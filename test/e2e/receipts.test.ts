import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { v3 } from "./support/apis";
import { expectOk, purgeProgram } from "./support/runs";
import { describeScenarios } from "./support/scenarios";

describeScenarios("Receipts in the summary of a GitHub step", [v3], ({ open, scenario }) => {
  scenario("of all commands and provider instances are rows of one table", async () => {
    const folder = mkdtempSync(join(tmpdir(), "step-summary-"));
    const summary = join(folder, "summary.md");
    try {
      const { count, destroy, emulator, project, stack, write } = await open({
        program: "",
        stack: "pr-42",
        env: { SUPERMEMORY_RECEIPTS: "github", GITHUB_STEP_SUMMARY: summary },
        written: { "pr-42": 4, "pr-42-app": 2 },
      });
      const provider = `new (require("pulumi-supermemory").Provider)("own", { apiKey: ${JSON.stringify(emulator.apiKey)} })`;
      const app = `new ContainerPurge("app", { containerTags: ["pr-42-app"] }, { provider: ${provider}, dependsOn: memory });`;
      project.setProgram(purgeProgram({ containerTags: ["pr-42"] }) + app);

      expectOk(await stack.up());
      await write("pr-42", 3);
      await destroy();

      expect([count("pr-42"), count("pr-42-app")]).toEqual([0, 0]);
      const text = readFileSync(summary, "utf8");
      const rows = text.split("\n").filter((line) => line.startsWith("| shop/"));
      expect(text.match(/^### /gm)).toHaveLength(1);
      expect(rows.map((line) => line.split(" | ").slice(0, 7).join(" | "))).toEqual([
        "| shop/pr-42 | memory | create | `pr-42` | 4 | 4 | 0",
        "| shop/pr-42 | app | create | `pr-42-app` | 2 | 2 | 0",
        "| shop/pr-42 | app | delete | `pr-42-app` | 0 | 0 | 0",
        "| shop/pr-42 | memory | delete | `pr-42` | 3 | 3 | 0",
      ]);
      expect(text).not.toContain(emulator.apiKey);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
