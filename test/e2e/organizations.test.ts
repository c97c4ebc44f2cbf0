import type { Emulator } from "../../emulator";
import { openEmulator } from "../wire/emulator";
import { v3 } from "./support/apis";
import { idle } from "./support/idle";
import { messages, purgeProgram } from "./support/runs";
import { describeScenarios } from "./support/scenarios";

function otherProvider({ apiKey, url }: Pick<Emulator, "url" | "apiKey">): string {
  const args = JSON.stringify({ apiKey, baseUrl: url, protectedTags: ["keep-me"] });
  return `const other = new (require("pulumi-supermemory").Provider)("other-org", ${args});\n`;
}

/** A purge by the default provider instance, or by `other`. */
function program(name: string, options: "{}" | "{ provider: other }", account: Pick<Emulator, "url" | "apiKey">) {
  return otherProvider(account) + purgeProgram({ containerTags: ["pr-42"], purgeOn: ["delete"] }, name, options);
}

/** That two instances purge two organizations with their own keys: the example two-organizations, in examples.test.ts. */
describeScenarios("Two provider instances", [v3], ({ open, onBoth, scenario }) => {
  onBoth("do not share accounts: a policy lists and purges only that of its own instance", async () => {
    const theirs = await openEmulator({
      apiKeys: [{ key: "key-of-the-others-42" }],
      seed: { containers: { "pr-7": idle(99, 3), production: 3 } },
    });
    try {
      const policy = JSON.stringify({ match: ["pr-*"], inactiveFor: "14 days" });
      const { count, requests, stack, up } = await open({
        program: `const { CleanupPolicy } = require("pulumi-supermemory");
${otherProvider(theirs)}
exports.purged = new CleanupPolicy("nightly", ${policy}, { provider: other }).purged;`,
        emulator: { seed: { containers: { "pr-9": idle(99, 3) } } },
      });

      await up();

      expect(await stack.outputs()).toEqual({ purged: [{ containerTag: "pr-7", deletedCount: 3 }] });
      expect(theirs.containers()).toEqual({ "pr-7": 0, production: 3 });
      expect([count("pr-9"), requests()]).toEqual([3, []]);
      expect(await stack.rawState()).not.toContain("key-of-the-others-42");
    } finally {
      await theirs.close();
    }
  });

  scenario("share claims: an exchange of the instance, with a rename or without, purges nothing", async () => {
    const { count, deletes, emulator, project, up } = await open({ program: "", written: { "pr-42": 4 } });
    const upWith = async (...[name, options]: readonly ["memory" | "memory2", "{}" | "{ provider: other }"]) => {
      project.setProgram(program(name, options, emulator));
      return messages(await up(), "warning");
    };
    await upWith("memory", "{}");

    const warnings = [await upWith("memory2", "{ provider: other }"), await upWith("memory", "{}")];
    const exchanged = await upWith("memory", "{ provider: other }");

    const kept = [expect.stringMatching(/^kept .*pr-42: another resource/)];
    expect([...warnings, exchanged]).toEqual([kept, kept, []]);
    expect(deletes()).toEqual([]);
    expect(count("pr-42")).toBe(4);
  });
});
