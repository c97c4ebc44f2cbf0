import type { ContainerSeed } from "../../emulator";
import type { DeploymentResource } from "../engine";
import { v3 } from "./support/apis";
import { daysAgo, idle } from "./support/idle";
import { direct, expectFailed, expectOk, messages } from "./support/runs";
import { describeScenarios } from "./support/scenarios";
import type { World } from "./support/world";

const args = { match: ["pr-*"], inactiveFor: "14 days" };
const announced = [
  "will delete 23 documents in 2 containers (limits 10,000 and 20)",
  "  pr-1: 20 documents, matches pr-*, last active 31 days ago",
  "  pr-2: 3 documents, matches pr-*, last active 20 days ago",
  "left out: pr-prod (protected), pr-4 and pr-420 (active just now)",
].join("\n");

describeScenarios("A CleanupPolicy", [v3], ({ open, scenario, onBoth }) => {
  onBoth("shows its plan by name, carries it out, and is unchanged when there is nothing to do", async () => {
    const world = await open({ program: policyProgram(args), emulator: { seed: { containers: old() } } });
    const { count, deletes, mark, stack } = world;

    const preview = await stack.preview();

    expectOk(preview);
    expect(messages(preview, "info")).toEqual([announced]);
    expect(deletes()).toEqual([]);

    const run = await stack.up();

    expectOk(run);
    expect(messages(run, "info")[0]).toMatch(/^deleted 23 documents in pr-1 and pr-2 in /);
    expect(["pr-1", "pr-2", "pr-prod"].map(count)).toEqual([0, 0, 4]);
    expect(await stack.outputs()).toMatchObject({ deletedCount: 23 });
    expect((await policyOf(world)).outputs).toMatchObject({
      planned: [{ containerTag: "pr-1" }, { containerTag: "pr-2" }],
      purged: [
        { containerTag: "pr-1", deletedCount: 20 },
        { containerTag: "pr-2", deletedCount: 3 },
      ],
      apiVersion: "v3",
    });
    expect(world.receipts()).toMatchObject([{ events: ["policy"], result: "complete", deletedCount: 23 }]);

    mark();
    const again = await stack.up(direct);

    expectOk(again);
    expect(again.steps.map(({ op }) => op)).not.toContain("update");
    expectOk(await stack.refresh(direct));
    expectOk(await stack.destroy(direct));
    expect(deletes()).toEqual([]);
  });

  scenario("purges with the next up what has come to match, and keeps what came into use in between", async () => {
    const world = await open({ program: policyProgram(args), emulator: { seed: { containers: old() } } });
    const { count, emulator, mark, stack } = world;
    expectOk(await stack.up(direct));
    emulator.seed({ containers: { "pr-5": idle(30, 6), "pr-6": idle(29, 2) } });
    emulator.addFault({ match: { route: "documents.list", containerTag: "pr-6" }, then: { kind: "slow" } });
    mark();

    const running = stack.up(direct);
    await emulator.whenHeld(1, 60_000);
    emulator.seed({ containers: { "pr-5": { lastActivityAt: daysAgo(0) } } });
    emulator.release();
    const run = await running;

    expectOk(run);
    expect(messages(run, "warning")).toEqual(["kept pr-5: active just now"]);
    expect(messages(run, "info")[0]).toMatch(/^deleted 2 documents in pr-6 in /);
    expect([count("pr-5"), count("pr-6")]).toEqual([6, 0]);
    expect((await policyOf(world)).outputs).toMatchObject({ purged: [{ containerTag: "pr-6", deletedCount: 2 }] });
  });

  scenario("in mode report makes the same plan and never sends a request that could delete", async () => {
    const program = policyProgram({ ...args, mode: "report" });
    const world = await open({ program, emulator: { seed: { containers: old() } } });
    const { count, mark, requests, stack } = world;
    mark();

    const run = await stack.up();

    expectOk(run);
    expect(messages(run, "info")[0]).toContain("a report only, nothing is deleted: 23 documents in 2 containers");
    expect((await policyOf(world)).outputs).toMatchObject({
      planned: [{ containerTag: "pr-1" }, { containerTag: "pr-2" }],
      purged: [],
    });
    const again = await stack.up(direct);
    expect(again.steps.map(({ op }) => op)).not.toContain("update");
    expect(requests().filter(({ mutating }) => mutating)).toEqual([]);
    expect([count("pr-1"), count("pr-2")]).toEqual([20, 3]);
  });

  scenario("is refused as a whole beyond maxContainers, already in the preview", async () => {
    const program = policyProgram({ ...args, maxContainers: 1 });
    const { count, deletes, stack } = await open({ program, emulator: { seed: { containers: old() } } });

    const run = await stack.up();

    expectFailed(run);
    expect(run.output).toContain("refusing to purge 2 containers (pr-1 and pr-2): the limit is 1; nothing was deleted");
    expect(deletes()).toEqual([]);
    expect([count("pr-1"), count("pr-2")]).toEqual([20, 3]);
  });

  scenario("keeps the tags that a ContainerPurge of the program manages", async () => {
    const program = `const { CleanupPolicy, ContainerPurge } = require("pulumi-supermemory");
const memory = new ContainerPurge("memory", { containerTags: ["pr-1"], purgeOn: ["delete"] });
new CleanupPolicy("nightly", ${JSON.stringify(args)}, { dependsOn: memory });
`;
    const { count, stack } = await open({ program, emulator: { seed: { containers: old() } } });

    const preview = await stack.preview();
    const run = await stack.up(direct);

    expectOk(run);
    expect(messages(preview, "info").join("\n")).toMatch(/left out: .*pr-1 \(managed by \w+::ContainerPurge::memory\)/);
    expect([count("pr-1"), count("pr-2")]).toEqual([20, 0]);
  });

  scenario("works over v5, where the newest document tells the activity", async () => {
    const config = { "supermemory:apiVersion": "v5" };
    const world = await open({ program: policyProgram(args), config, emulator: { seed: { containers: old() } } });
    const { count, mark, requests, stack } = world;
    mark();

    const preview = await stack.preview();
    const run = await stack.up(direct);

    expect(messages(preview, "info")).toEqual([announced]);
    expectOk(run);
    expect(["pr-1", "pr-2", "pr-prod"].map(count)).toEqual([0, 0, 4]);
    expect((await policyOf(world)).outputs).toMatchObject({ deletedCount: 23, apiVersion: "v5" });
    expect((await stack.up(direct)).steps.map(({ op }) => op)).not.toContain("update");
    expect(requests().every(({ api }) => api === "v5")).toBe(true);
  });

  scenario("warns in a preview and fails in an up when the containers cannot be listed", async () => {
    const { deletes, emulator, stack } = await open({
      program: policyProgram(args),
      emulator: { seed: { containers: old() } },
    });
    const refused = { match: { route: "containerTags.list" }, times: Infinity } as const;
    emulator.addFault({ ...refused, then: { kind: "serverError", status: 403 } });
    const reason = "cannot tell which containers to purge: the key has no right to list containers (403)";

    const preview = await stack.preview();
    const run = await stack.up(direct);

    expectOk(preview);
    expect(messages(preview, "warning")).toEqual([expect.stringContaining(reason)]);
    expectFailed(run);
    expect(run.output).toContain(reason);
    expect(deletes()).toEqual([]);
  });
});

/** Containers that were used long ago, one of them protected. */
function old(): Record<string, ContainerSeed> {
  return { "pr-1": idle(31, 20), "pr-2": idle(20, 3), "pr-prod": idle(40, 4) };
}

function policyProgram(policy: Readonly<Record<string, unknown>>): string {
  return `const { CleanupPolicy } = require("pulumi-supermemory");
const nightly = new CleanupPolicy("nightly", ${JSON.stringify(policy)});
exports.deletedCount = nightly.deletedCount;
`;
}

async function policyOf({ stack }: World): Promise<DeploymentResource> {
  const { deployment } = await stack.export();
  const found = deployment.resources.find(({ urn }) => urn.endsWith("CleanupPolicy::nightly"));
  if (found === undefined) throw new Error("there is no CleanupPolicy in the state");
  return found;
}
