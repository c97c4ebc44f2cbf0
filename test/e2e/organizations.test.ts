import type { Emulator } from "../../emulator";
import { v3 } from "./support/apis";
import { direct, expectOk, messages, purgeProgram } from "./support/runs";
import { describeScenarios } from "./support/scenarios";
import { openEmulator } from "../wire/emulator";

/** A program with one ContainerPurge, of the default provider instance or of the explicit one "other-org". */
function program(name: string, explicit: boolean, other: Pick<Emulator, "url" | "apiKey">): string {
  const args = JSON.stringify({ apiKey: other.apiKey, baseUrl: other.url, protectedTags: ["keep-me"] });
  const declared = `const { Provider } = require("pulumi-supermemory");\nconst other = new Provider("other-org", ${args});\n`;
  const options = explicit ? "{ provider: other }" : "{}";
  return declared + purgeProgram({ containerTags: ["pr-42"], purgeOn: ["delete"] }, name, options);
}

describeScenarios("Two provider instances", [v3], ({ current, open, scenario, onBoth }) => {
  onBoth("purge two organizations in one program, each with its own key", async () => {
    const theirs = await openEmulator({
      apiKeys: [{ key: "key-of-the-others-42" }],
      seed: { containers: { "pr-42": 5, production: 3 } },
    });
    try {
      const args = { apiKey: theirs.apiKey, baseUrl: theirs.url };
      const both = `${purgeProgram({ containerTags: ["pr-42"] })}
const { Provider } = require("pulumi-supermemory");
const other = new Provider("other-org", ${JSON.stringify(args)});
exports.theirs = new ContainerPurge("theirs", { containerTags: ["pr-42"] }, { provider: other }).deletedCount;`;
      const { count, stack } = await open({ program: both, written: { "pr-42": 4 } });

      const run = await stack.up();

      expectOk(run);
      expect(await stack.outputs()).toEqual({ deletedCount: 4, theirs: 5 });
      expect([count("pr-42"), theirs.containers()]).toEqual([0, { "pr-42": 0, production: 3 }]);
      for (const text of [run.output, await stack.rawState(), JSON.stringify(current().receipts())]) {
        expect(text).not.toContain("key-of-the-others-42");
      }
      theirs.seed({ containers: { "pr-42": 2 } });
      expectOk(await stack.destroy({ ...direct, env: { SUPERMEMORY_PURGE_API_KEY: current().emulator.apiKey } }));
      expect(theirs.containers()).toEqual({ "pr-42": 0, production: 3 });
    } finally {
      await theirs.close();
    }
  });

  scenario("a policy looks at, and purges, the account of its own instance alone", async () => {
    const createdAt = "2025-01-01T00:00:00.000Z";
    const old = { documents: 3, createdAt, lastActivityAt: createdAt, each: { createdAt } };
    const theirs = await openEmulator({
      apiKeys: [{ key: "key-of-the-others-42" }],
      seed: { containers: { "pr-7": old, production: 3 } },
    });
    try {
      const args = JSON.stringify({ apiKey: theirs.apiKey, baseUrl: theirs.url });
      const policy = JSON.stringify({ match: ["pr-*"], inactiveFor: "14 days" });
      const world = await open({
        program: `const { CleanupPolicy, Provider } = require("pulumi-supermemory");
const other = new Provider("other-org", ${args});
exports.purged = new CleanupPolicy("nightly", ${policy}, { provider: other }).purged;`,
        emulator: { seed: { containers: { "pr-9": old } } },
      });
      const { count, requests, stack } = world;

      expectOk(await stack.up(direct));

      expect(await stack.outputs()).toEqual({ purged: [{ containerTag: "pr-7", deletedCount: 3 }] });
      expect(theirs.containers()).toEqual({ "pr-7": 0, production: 3 });
      expect([count("pr-9"), requests()]).toEqual([3, []]);
      expect(await stack.rawState()).not.toContain("key-of-the-others-42");
    } finally {
      await theirs.close();
    }
  });

  scenario(
    "share what they claim: a rename together with a change to the other instance, and back, purges nothing",
    async () => {
      const { count, deletes, emulator, project, stack } = await open({ program: "", written: { "pr-42": 4 } });
      project.setProgram(program("memory", false, emulator));
      expectOk(await stack.up(direct));

      project.setProgram(program("memory2", true, emulator));
      const there = await stack.up(direct);
      project.setProgram(program("memory", false, emulator));
      const back = await stack.up(direct);

      for (const run of [there, back]) {
        expectOk(run);
        expect(messages(run, "warning")).toEqual([expect.stringMatching(/^kept pr-42: another resource/)]);
      }
      expect(deletes()).toEqual([]);
      expect(count("pr-42")).toBe(4);
    },
  );

  scenario("can be exchanged for each other without touching anything", async () => {
    const { deletes, emulator, project, stack } = await open({ program: "", written: { "pr-42": 4 } });
    project.setProgram(program("memory", false, emulator));
    expectOk(await stack.up(direct));
    project.setProgram(program("memory", true, emulator));

    expectOk(await stack.up(direct));

    expect(deletes()).toEqual([]);
    expect(current().count("pr-42")).toBe(4);
  });
});
