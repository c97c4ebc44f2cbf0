import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { RunOptions } from "../engine";
import { v3 } from "./support/apis";
import { direct, expectFailed, expectOk, purgeProgram } from "./support/runs";
import { describeScenarios } from "./support/scenarios";
import type { TestBed } from "./support/test-bed";

const [march, april] = ["key-of-march-1234", "key-of-april-5678"];
const args = { containerTags: ["pr-42"], purgeOn: ["delete"] };
const ownKey = `{ apiKey: new (require("@pulumi/pulumi").Config)().requireSecret("otherKey") }`;
const explicitProvider = `{ provider: new (require("pulumi-supermemory").Provider)("other-org", ${ownKey}) }`;

for (const { place, setting, variable, program, otherKey } of [
  {
    place: "the configuration",
    setting: "supermemory:apiKey",
    variable: "SUPERMEMORY_PURGE_API_KEY",
    program: purgeProgram(args),
    otherKey: "",
  },
  {
    place: "an explicit provider",
    setting: "shop:otherKey",
    variable: "SUPERMEMORY_PURGE_API_KEY_OTHER_ORG",
    program: purgeProgram(args, "memory", explicitProvider),
    otherKey: "key-of-nobody-0000",
  },
]) {
  describeScenarios(`A key in ${place}`, [v3], ({ open, scenario }) => {
    const openWith = (...known: readonly string[]): Promise<TestBed> =>
      open({
        program,
        config: { [setting]: { secret: march } },
        env: { SUPERMEMORY_API_KEY: otherKey },
        emulator: { apiKeys: known.map((key) => ({ key })) },
        written: { "pr-42": 4 },
      });

    scenario("is encrypted in the state and appears nowhere else", async () => {
      const { count, outputs, project, receipts, stack, write } = await openWith(april, march);
      const runs = [await stack.preview(), await stack.up()];
      await write("pr-42", 3);
      runs.push(await stack.refresh(), await stack.destroy({ previewOnly: true }));
      const files = filesBelow(project.stateDir, project.projectDir);
      const stored = JSON.stringify([await stack.outputs(), await outputs()]);
      const holdsKey = (await stack.rawState()).includes(otherKey === "" ? setting : "supermemory:instance");
      runs.push(await stack.destroy());

      for (const run of runs) expectOk(run);
      expect(count("pr-42")).toBe(0);
      expect(holdsKey).toBe(true);
      const texts = new Map([...files, ["receipts", JSON.stringify(receipts())], ["outputs", stored]]);
      for (const [index, run] of runs.entries())
        texts.set(`run ${index}`, run.output + JSON.stringify(run.diagnostics));
      expect([...texts].filter(([, text]) => text.includes(march)).map(([name]) => name)).toEqual([]);
      expect(files.size).toBeGreaterThan(2);
    });

    const remedies: readonly (readonly [string, (bed: TestBed) => Promise<RunOptions>])[] = [
      [
        "an up with the new key",
        async ({ stack, up }) => {
          await stack.setConfig(setting, { secret: april });
          await up();
          return {};
        },
      ],
      [
        "the new key in the configuration and --run-program",
        async ({ stack }) => {
          await stack.setConfig(setting, { secret: april });
          return { runProgram: true };
        },
      ],
      [variable, () => Promise.resolve({ env: { [variable]: april } })],
    ];
    for (const [remedy, apply] of remedies) {
      scenario(`that was rotated after the last up fails the destroy, until ${remedy}`, async () => {
        const bed = await openWith(april);
        await bed.up();
        const refused = expectFailed(await bed.stack.destroy(direct));
        expect(refused.output).toContain("(401)");
        expect(bed.count("pr-42")).toBe(4);

        const run = await bed.destroy(await apply(bed));

        expect(bed.count("pr-42")).toBe(0);
        for (const { output } of [refused, run]) expect(output).not.toMatch(/key-of-(march|april)/);
      });
    }
  });
}

describeScenarios("A key in a variable alone", [v3], ({ open, scenario }) => {
  scenario(
    "is missing at destroy, where the configuration helps only with --run-program, as the message says",
    async () => {
      const key = "key-of-march-1234";
      const options = { program: purgeProgram(args), env: { SUPERMEMORY_API_KEY: "" }, written: { "pr-42": 4 } };
      const { count, destroy, stack, up } = await open({ ...options, emulator: { apiKeys: [{ key }] } });
      await up({ env: { SUPERMEMORY_API_KEY: key } });
      const missing = expectFailed(await stack.destroy(direct)).output;
      for (const way of [
        "no API key is set; nothing was deleted",
        "SUPERMEMORY_PURGE_API_KEY=<key>",
        "--run-program",
      ]) {
        expect(missing).toContain(way);
      }
      await stack.setConfig("supermemory:apiKey", { secret: key });
      expect(expectFailed(await stack.destroy(direct)).output).toContain("no API key is set; nothing was deleted");
      expect(count("pr-42")).toBe(4);
      await destroy({ runProgram: true });
      expect(count("pr-42")).toBe(0);
    },
  );
});

/** The text of every file of the project and of the backend, except linked packages. */
function filesBelow(...folders: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const folder of folders) {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (entry.isFile() && !path.includes("node_modules")) found.set(path, readFileSync(path, "utf8"));
    }
  }
  return found;
}
