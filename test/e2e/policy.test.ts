import { bothApis, v3 } from "./support/apis";
import { daysAgo, idle } from "./support/idle";
import { direct, expectOk, messages } from "./support/runs";
import { describeScenarios } from "./support/scenarios";
import type { TestBedOptions } from "./support/test-bed";

const args = { match: ["pr-*"], inactiveFor: "14 days" };
const seededWith = (text: string): TestBedOptions => {
  const containers = { "pr-1": idle(31, 20), "pr-2": idle(20, 3), "pr-prod": idle(40, 4) };
  return { program: text, emulator: { seed: { containers } } };
};
const planned = [{ containerTag: "pr-1" }, { containerTag: "pr-2" }];

function program(policy: Readonly<Record<string, unknown>>, before = "", options = "{}"): string {
  return `const { CleanupPolicy, ContainerPurge } = require("pulumi-supermemory");
${before}
const nightly = new CleanupPolicy("nightly", ${JSON.stringify(policy)}, ${options});
exports.deletedCount = nightly.deletedCount;
`;
}

describeScenarios("The life of a CleanupPolicy", bothApis, ({ open, onBoth }) => {
  onBoth("lists its plan by name, carries it out, and is unchanged when there is nothing to delete", async () => {
    const { count, deletes, destroy, mark, outputs, receipts, stack, up } = await open(seededWith(program(args)));

    const preview = expectOk(await stack.preview());

    const [lines = "", ...others] = messages(preview, "info");
    expect(others).toEqual([]);
    expect(lines.split("\n")).toEqual([
      "will delete 23 documents in 2 containers (limits: 10,000 documents, 20 containers)",
      "  pr-1: 20 documents, matches pr-*, last active 31 days ago",
      "  pr-2: 3 documents, matches pr-*, last active 20 days ago",
      expect.stringMatching(/pr-prod \(protected\), pr-4 and pr-420 \(active .*now\)$/),
    ]);
    expect(deletes()).toEqual([]);

    const run = expectOk(await stack.up());

    expect(messages(run, "info")[0]).toMatch(/^deleted 23 documents in /);
    expect(["pr-1", "pr-2", "pr-prod"].map(count)).toEqual([0, 0, 4]);
    expect(await stack.outputs()).toMatchObject({ deletedCount: 23 });
    const purged = [
      { containerTag: "pr-1", deletedCount: 20 },
      { containerTag: "pr-2", deletedCount: 3 },
    ];
    expect(await outputs("nightly")).toMatchObject({ planned, purged });
    expect(receipts()).toMatchObject([{ events: ["policy"], result: "complete", deletedCount: 23 }]);

    mark();
    expect((await up()).steps.map(({ op }) => op)).not.toContain("update");
    expectOk(await stack.refresh(direct));
    await destroy();
    expect(deletes()).toEqual([]);
  });
});

describeScenarios("A CleanupPolicy", [v3], ({ open, scenario }) => {
  scenario("purges new matches on the next up, and keeps a container that was used since the plan", async () => {
    const { count, emulator, mark, outputs, stack, up } = await open(seededWith(program(args)));
    await up();
    emulator.seed({ containers: { "pr-5": idle(30, 6), "pr-6": idle(29, 2) } });
    emulator.addFault({ match: { route: "documents.list", containerTag: "pr-6" }, then: { kind: "slow" } });
    mark();

    const running = stack.up(direct);
    await emulator.whenHeld(1, 60_000);
    emulator.seed({ containers: { "pr-5": { lastActivityAt: daysAgo(0) } } });
    emulator.release();
    const run = expectOk(await running);

    expect(messages(run, "warning")).toEqual([expect.stringMatching(/^kept .*pr-5\b.*active .*now/)]);
    expect(messages(run, "info")[0]).toMatch(/^deleted 2 documents in pr-6 in /);
    expect([count("pr-5"), count("pr-6")]).toEqual([6, 0]);
    expect(await outputs("nightly")).toMatchObject({ purged: [{ containerTag: "pr-6", deletedCount: 2 }] });
  });
});
