import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { v3 } from "./support/apis";
import { direct, expectFailed, expectOk, purgeProgram } from "./support/runs";
import { describeScenarios } from "./support/scenarios";
import type { World } from "./support/world";

const [march, april] = ["key-of-march-1234", "key-of-april-5678"];
const args = { containerTags: ["pr-42"], purgeOn: ["delete"] };

/** A purge of the default instance, or of an explicit one whose key is the secret `otherKey` of the configuration. */
function program(explicit: boolean): string {
  if (!explicit) return purgeProgram(args);
  const own = `{ apiKey: new (require("@pulumi/pulumi").Config)().requireSecret("otherKey") }`;
  const options = `{ provider: new (require("pulumi-supermemory").Provider)("other-org", ${own}) }`;
  return purgeProgram(args, "memory", options);
}

for (const [place, explicit, setting, variable] of [
  ["the configuration", false, "supermemory:apiKey", "SUPERMEMORY_PURGE_API_KEY"],
  ["an explicit provider", true, "shop:otherKey", "SUPERMEMORY_PURGE_API_KEY_OTHER_ORG"],
] as const) {
  describeScenarios(`A key in ${place}`, [v3], ({ open, scenario }) => {
    scenario("is encrypted in the state, and is nowhere else", async () => {
      const world = await openWith([april, march]);
      const seen = [await world.stack.preview(), await world.stack.up()];
      await world.write("pr-42", 3);
      seen.push(await world.stack.refresh(), await world.stack.destroy({ previewOnly: true }));
      const files = filesBelow(world.project.stateDir, world.project.projectDir);
      const state = await world.stack.rawState();
      const outputs = JSON.stringify([await world.stack.outputs(), (await world.resource()).outputs]);
      seen.push(await world.stack.destroy());

      for (const run of seen) expectOk(run);
      expect(world.count("pr-42")).toBe(0);
      expect(state).toContain(explicit ? "supermemory:instance" : setting);
      const texts = new Map([...files, ["receipts", JSON.stringify(world.receipts())]]);
      for (const [index, run] of seen.entries())
        texts.set(`run ${index}`, run.output + JSON.stringify(run.diagnostics));
      const holders = [...texts, ["outputs", outputs] as const].filter(([, text]) => text.includes(march));
      expect(holders.map(([name]) => name)).toEqual([]);
      expect(files.size).toBeGreaterThan(2);
    });

    scenario("that was rotated since fails the destroy, and an up before it mends that", async () => {
      const world = await rotated();

      await world.stack.setConfig(setting, { secret: april });
      expectOk(await world.stack.up(direct));

      await expectPurged(world, {});
    });

    scenario("that was rotated since is taken from the configuration by --run-program", async () => {
      const world = await rotated();

      await world.stack.setConfig(setting, { secret: april });

      await expectPurged(world, { runProgram: true });
    });

    scenario("that was rotated since is taken from a variable", async () => {
      const world = await rotated();

      await expectPurged(world, { env: { [variable]: april } });
    });

    async function openWith(known: readonly string[]): Promise<World> {
      return await open({
        program: program(explicit),
        config: { [setting]: { secret: march } },
        env: { SUPERMEMORY_API_KEY: explicit ? "key-of-nobody-0000" : "" },
        emulator: { apiKeys: known.map((key) => ({ key })) },
        written: { "pr-42": 4 },
      });
    }

    /** A stack whose last up had a key that the API no longer knows, so that destroy fails. */
    async function rotated(): Promise<World> {
      const world = await openWith([april]);
      expectOk(await world.stack.up(direct));
      const refused = await world.stack.destroy(direct);
      expectFailed(refused);
      expect(refused.output).toContain("the API does not know the key (401)");
      expect(world.count("pr-42")).toBe(4);
      return world;
    }

    async function expectPurged({ count, stack }: World, options: Parameters<typeof stack.destroy>[0]): Promise<void> {
      const run = await stack.destroy({ ...direct, ...options });
      expectOk(run);
      expect(count("pr-42")).toBe(0);
      expect(run.output).not.toMatch(/key-of-(march|april)/);
    }
  });
}

/** Every file of the project and of the backend, and what it holds; what is linked there belongs to others. */
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
