import { everyApi } from "./support/apis";
import { direct, expectOk, messages, purgeProgram } from "./support/runs";
import { describeScenarios } from "./support/scenarios";

describeScenarios("The life of a ContainerPurge", everyApi, ({ current, open, scenario, onBoth }) => {
  scenario("the first up deletes what is under its tag, says so, and outputs the number", async () => {
    const { count, stack } = await open({
      program: purgeProgram({ containerTags: ["pr-42"] }),
      written: { "pr-42": 24 },
    });

    const run = await stack.up();

    expectOk(run);
    expect(count("pr-42")).toBe(0);
    expect(await stack.outputs()).toEqual({ deletedCount: 24 });
    expect(messages(run, "info")).toEqual([expect.stringMatching(/^deleted 24 documents in pr-42 in \d+\.\d s$/)]);
    const { outputs } = await current().resource();
    expect(outputs).toMatchObject({
      deletedCount: 24,
      totalDeletedCount: 24,
      deletedByTag: { "pr-42": 24 },
      pending: [],
      documentCount: 0,
    });
  });

  scenario("an up without changes sends nothing that deletes", async () => {
    const { deletes, mark, requests, stack, write } = await open({
      v3Ends: "at a list",
      program: purgeProgram({ containerTags: ["pr-42"] }),
    });
    expectOk(await stack.up(direct));
    await write("pr-42", 5);
    mark();

    const run = await stack.up(direct);

    expectOk(run);
    expect(deletes()).toEqual([]);
    expect(requests()).toEqual([]);
    expect(run.steps.every((step) => step.op === "same")).toBe(true);
    expect(current().count("pr-42")).toBe(5);
  });

  scenario("a tag that is added is purged, and the others are not", async () => {
    const { count, project, stack, write } = await open({ program: purgeProgram({ containerTags: ["pr-42"] }) });
    expectOk(await stack.up(direct));
    await write("pr-42", 4);
    await write("pr-42-cache", 6);
    project.setProgram(purgeProgram({ containerTags: ["pr-42", "pr-42-cache"] }));

    const preview = await stack.preview();
    const run = await stack.up(direct);

    expect(messages(preview, "info")).toEqual(["will delete 6 documents in pr-42-cache (tag added; limit 10,000)"]);
    expectOk(run);
    expect([count("pr-42"), count("pr-42-cache")]).toEqual([4, 0]);
    expect((await current().resource()).outputs).toMatchObject({
      deletedCount: 6,
      deletedByTag: { "pr-42-cache": 6 },
      lastPurgeEvent: "create",
      documentCount: 4,
    });
  });

  scenario("a tag that is removed is purged, and the others are not", async () => {
    const { count, project, stack, write } = await open({
      program: purgeProgram({ containerTags: ["pr-42", "pr-42-cache"] }),
    });
    expectOk(await stack.up(direct));
    await write("pr-42", 4);
    await write("pr-42-cache", 6);
    project.setProgram(purgeProgram({ containerTags: ["pr-42"] }));

    const run = await stack.up(direct);

    expectOk(run);
    expect([count("pr-42"), count("pr-42-cache")]).toEqual([4, 0]);
    expect((await current().resource()).outputs).toMatchObject({
      containerTag: "pr-42",
      deletedCount: 6,
      lastPurgeEvent: "delete",
    });
  });

  scenario("changed triggers purge every tag; changed knobs purge none", async () => {
    const args = { containerTags: ["pr-42", "pr-43"], triggers: { version: 1 } };
    const { count, deletes, mark, project, stack, write } = await open({ program: purgeProgram(args) });
    expectOk(await stack.up(direct));
    await write("pr-42", 4);
    await write("pr-43", 2);
    mark();
    project.setProgram(purgeProgram({ ...args, timeout: "5m", maxDeletions: 50, verify: false }));

    const knobs = await stack.up(direct);

    expectOk(knobs);
    expect(knobs.steps.map((step) => step.op)).toContain("update");
    expect(deletes()).toEqual([]);
    project.setProgram(purgeProgram({ ...args, triggers: { version: 2 } }));
    expectOk(await stack.up(direct));
    expect([count("pr-42"), count("pr-43")]).toEqual([0, 0]);
    expect((await current().resource()).outputs).toMatchObject({ deletedCount: 6, lastPurgeEvent: "update" });
  });

  scenario("a preview only reads, and tells what would be deleted", async () => {
    const { mark, sent, stack } = await open({
      v3Ends: "at a list",
      program: `${purgeProgram({ containerTags: ["pr-42"] })}exports.tag = memory.containerTags.apply(([tag]) => tag);`,
      written: { "pr-42": 24 },
    });
    mark();

    const run = await stack.preview();

    expectOk(run);
    expect(run.output).toMatch(/tag *: "pr-42"/);
    expect(new Set(sent())).toEqual(new Set(["POST pr-42"]));
    expect(messages(run, "info")).toEqual([
      expect.stringMatching(
        /^will delete 24 documents in pr-42 \(limit 10,000\)\nwhat is .*purgeOn: \["delete"\].*aliases$/,
      ),
    ]);
  });

  onBoth("destroy purges what was written since, and the receipt keeps the number", async () => {
    const { count, receipts, stack, write } = await open({
      program: purgeProgram({ containerTags: ["pr-42"] }),
      written: { "pr-42": 2 },
    });
    expectOk(await stack.up(direct));
    await write("pr-42", 17);

    const run = await stack.destroy(direct);

    expectOk(run);
    expect(count("pr-42")).toBe(0);
    expect(messages(run, "info")).toEqual([
      expect.stringMatching(/^deleted 17 documents in pr-42 in .*, 19 over its life$/),
    ]);
    expect(receipts()).toEqual([
      expect.objectContaining({ events: ["create"], deletedCount: 2, result: "complete" }),
      expect.objectContaining({
        events: ["delete"],
        deletedCount: 17,
        deletedByTag: { "pr-42": 17 },
        result: "complete",
      }),
    ]);
  });

  scenario("whoever writes to the container is destroyed first, the purge last", async () => {
    const writer = `
new ContainerPurge("writer", { containerTags: [memory.containerTags.apply(([tag]) => tag + "-cache")] });
`;
    const { stack } = await open({ v3Ends: "at a list", program: purgeProgram({ containerTags: ["pr-42"] }) + writer });
    expectOk(await stack.up(direct));

    const run = await stack.destroy(direct);

    expectOk(run);
    const deleted = run.steps.filter((step) => step.op === "delete").map((step) => step.urn.split("::").at(-1));
    expect(deleted.filter((name) => name === "writer" || name === "memory")).toEqual(["writer", "memory"]);
  });
});
