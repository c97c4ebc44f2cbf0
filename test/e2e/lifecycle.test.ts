import { bothApis } from "./support/apis";
import { expectOk, messages, purgeProgram } from "./support/runs";
import { describeScenarios } from "./support/scenarios";

const one = { containerTags: ["pr-42"] };
const two = { containerTags: ["pr-42", "pr-42-cache"] };

describeScenarios("A ContainerPurge", bothApis, ({ open, onBoth, scenario }) => {
  scenario("deletes the documents under its tag on the first up, and outputs their number", async () => {
    const { count, outputs, stack } = await open({ program: purgeProgram(one), written: { "pr-42": 24 } });

    const run = expectOk(await stack.up());

    expect(count("pr-42")).toBe(0);
    expect(await stack.outputs()).toEqual({ deletedCount: 24 });
    expect(messages(run, "info")).toEqual([expect.stringMatching(/^deleted 24 documents in pr-42 in \d+\.\d s$/)]);
    const counts = { deletedCount: 24, totalDeletedCount: 24, deletedByTag: { "pr-42": 24 }, documentCount: 0 };
    expect(await outputs()).toMatchObject({ ...counts, pending: [] });
  });

  scenario("sends no request on an up without changes", async () => {
    const { count, requests, up } = await open({ program: purgeProgram(one), writtenAfterUp: { "pr-42": 5 } });

    const { steps } = await up();

    expect(requests()).toEqual([]);
    expect(steps.every(({ op }) => op === "same")).toBe(true);
    expect(count("pr-42")).toBe(5);
  });

  scenario("purges an added tag and keeps the documents of the other tags", async () => {
    const writtenAfterUp = { "pr-42": 4, "pr-42-cache": 6 };
    const { count, outputs, project, stack, up } = await open({ program: purgeProgram(one), writtenAfterUp });
    project.setProgram(purgeProgram(two));

    const preview = await stack.preview();
    await up();

    expect(messages(preview, "info")).toEqual([expect.stringMatching(/^will delete 6 documents in pr-42-cache \(/)]);
    expect([count("pr-42"), count("pr-42-cache")]).toEqual([4, 0]);
    const counts = { deletedCount: 6, deletedByTag: { "pr-42-cache": 6 }, documentCount: 4 };
    expect(await outputs()).toMatchObject({ ...counts, lastPurgeEvent: "create" });
  });

  scenario("purges a removed tag and keeps the documents of the other tags", async () => {
    const writtenAfterUp = { "pr-42": 4, "pr-42-cache": 6 };
    const { count, outputs, project, up } = await open({ program: purgeProgram(two), writtenAfterUp });
    project.setProgram(purgeProgram(one));

    await up();

    expect([count("pr-42"), count("pr-42-cache")]).toEqual([4, 0]);
    expect(await outputs()).toMatchObject({ containerTag: "pr-42", deletedCount: 6, lastPurgeEvent: "delete" });
  });

  scenario("purges every tag when its triggers change, and none when only its settings change", async () => {
    const args = { ...two, triggers: { version: 1 } };
    const writtenAfterUp = { "pr-42": 4, "pr-42-cache": 2 };
    const { count, deletes, outputs, project, up } = await open({ program: purgeProgram(args), writtenAfterUp });
    project.setProgram(purgeProgram({ ...args, timeout: "5m", maxDeletions: 50, verify: false }));

    const { steps } = await up();

    expect(steps.map(({ op }) => op)).toContain("update");
    expect(deletes()).toEqual([]);
    project.setProgram(purgeProgram({ ...args, triggers: { version: 2 } }));
    await up();
    expect([count("pr-42"), count("pr-42-cache")]).toEqual([0, 0]);
    expect(await outputs()).toMatchObject({ deletedCount: 6, lastPurgeEvent: "update" });
  });

  scenario("only reads in a preview, which shows what would be deleted and how to keep it", async () => {
    const program = `${purgeProgram(one)}exports.tag = memory.containerTags.apply(([tag]) => tag);`;
    const { mark, requests, stack } = await open({ program, written: { "pr-42": 24 } });
    mark();

    const run = expectOk(await stack.preview());

    expect(run.output).toMatch(/tag *: "pr-42"/);
    expect(requests().filter(({ mutating }) => mutating)).toEqual([]);
    expect(new Set(requests().flatMap(({ containerTags }) => containerTags))).toEqual(new Set(["pr-42"]));
    expect(messages(run, "info")).toEqual([
      expect.stringMatching(/^will delete 24 documents in pr-42 \(limit 10,000\)\n.*purgeOn: \["delete"\].*aliases$/),
    ]);
  });

  onBoth("purges on destroy what was written since the up, and the receipt has the number", async () => {
    const written = { "pr-42": 2 };
    const writtenAfterUp = { "pr-42": 17 };
    const { count, destroy, receipts } = await open({ program: purgeProgram(one), written, writtenAfterUp });

    const run = await destroy();

    expect(count("pr-42")).toBe(0);
    expect(messages(run, "info")).toEqual([expect.stringMatching(/^deleted 17 documents in pr-42 in .*\b19\b/)]);
    expect(receipts()).toMatchObject([
      { events: ["create"], deletedCount: 2, result: "complete" },
      { events: ["delete"], deletedCount: 17, deletedByTag: { "pr-42": 17 }, result: "complete" },
    ]);
  });

  scenario("is destroyed after the resources that use its tag", async () => {
    const writer = `new ContainerPurge("writer", { containerTags: [memory.containerTags.apply(([tag]) => tag + "-cache")] });`;
    const { destroy, up } = await open({ program: purgeProgram(one) + writer });
    await up();

    const { steps } = await destroy();

    const deleted = steps.filter(({ op }) => op === "delete").map(({ urn }) => urn.split("::").at(-1));
    expect(deleted.filter((name) => name === "writer" || name === "memory")).toEqual(["writer", "memory"]);
  });

  scenario("with drift in purgeOn purges new documents on up --refresh, but not on up", async () => {
    const program = purgeProgram({ ...one, purgeOn: ["create", "drift"] });
    const { count, outputs, stack, up } = await open({ program, writtenAfterUp: { "pr-42": 6 } });
    await up();
    expect(count("pr-42")).toBe(6);

    const preview = expectOk(await stack.preview({ refresh: true }));
    await up({ refresh: true });

    expect(messages(preview, "info")).toContainEqual(
      expect.stringMatching(/^will delete 6 documents in pr-42 \(.*drift/),
    );
    expect(count("pr-42")).toBe(0);
    expect(await outputs()).toMatchObject({ deletedCount: 6, lastPurgeEvent: "drift" });
    expect(await outputs()).not.toHaveProperty("__drift");
  });
});
