import { bothApis } from "./support/apis";
import { expectOk, messages, purgeProgram } from "./support/runs";
import { describeScenarios } from "./support/scenarios";

const one = { containerTags: ["pr-42"] };
const two = { containerTags: ["pr-42", "pr-42-cache"] };
const plan = (text: string): unknown[] => [expect.stringMatching(new RegExp(`^will delete ${text}`))];

describeScenarios("A ContainerPurge", bothApis, ({ open, onBoth, scenario }) => {
  onBoth("only reads in a preview, and purges on up, and on destroy what was written since", async () => {
    const program = `${purgeProgram(one)}exports.tag = memory.containerTags.apply(([tag]) => tag);`;
    const bed = await open({ program, written: { "pr-42": 24 } });
    const { count, destroy, mark, outputs, receipts, requests, stack, up, write } = bed;
    mark();

    const preview = expectOk(await stack.preview());

    expect(preview.output).toMatch(/tag *: "pr-42"/);
    expect(requests().filter(({ mutating }) => mutating)).toEqual([]);
    // Rows of v5 have no tags, so lists of similar tags show that the API applies the filter.
    const similar = ["pulumi-supermemory-filter-check", "PR-42", "pr-4", "pr-"];
    const listed = new Set(requests().flatMap(({ containerTags }) => containerTags));
    expect([...listed].filter((tag) => !similar.includes(tag))).toEqual(["pr-42"]);
    const [text = ""] = messages(preview, "warning");
    expect(text).toMatch(/^will delete 24 documents in pr-42 \(limit 10,000\)\n.*purgeOn: \["delete"\].*aliases$/);

    const created = expectOk(await stack.up());

    expect(count("pr-42")).toBe(0);
    expect(await stack.outputs()).toEqual({ deletedCount: 24, tag: "pr-42" });
    expect(messages(created, "info")).toEqual([expect.stringMatching(/^deleted 24 documents in pr-42 in \d+\.\d s$/)]);
    const counts = { deletedCount: 24, totalDeletedCount: 24, deletedByTag: { "pr-42": 24 }, documentCount: 0 };
    expect(await outputs()).toMatchObject({ ...counts, pending: [] });

    await write("pr-42", 17);
    mark();
    const { steps } = await up();

    // It checks the key of a later destroy.
    expect(requests()).toMatchObject([{ containerTags: ["pr-42"], method: "POST", mutating: false }]);
    expect(steps.every(({ op }) => op === "same")).toBe(true);
    expect(count("pr-42")).toBe(17);

    const destroyed = await destroy();

    expect(count("pr-42")).toBe(0);
    expect(messages(destroyed, "info")).toEqual([expect.stringMatching(/^deleted 17 documents in pr-42 in .*\b41\b/)]);
    expect(receipts()).toMatchObject([
      { events: ["create"], deletedCount: 24, result: "complete" },
      { events: ["delete"], deletedCount: 17, deletedByTag: { "pr-42": 17 }, result: "complete" },
    ]);
  });

  scenario("purges an added or removed tag and keeps the documents of the other tags", async () => {
    const writtenAfterUp = { "pr-42": 4, "pr-42-cache": 6 };
    const { count, outputs, project, stack, up, write } = await open({ program: purgeProgram(one), writtenAfterUp });
    project.setProgram(purgeProgram(two));

    expect(messages(await stack.preview(), "info")).toEqual(plan("6 documents in pr-42-cache \\("));
    await up();

    expect([count("pr-42"), count("pr-42-cache")]).toEqual([4, 0]);
    const counts = { deletedCount: 6, deletedByTag: { "pr-42-cache": 6 }, documentCount: 4 };
    expect(await outputs()).toMatchObject({ ...counts, lastPurgeEvent: "create" });

    await write("pr-42-cache", 5);
    project.setProgram(purgeProgram(one));
    await up();

    expect([count("pr-42"), count("pr-42-cache")]).toEqual([4, 0]);
    expect(await outputs()).toMatchObject({ containerTag: "pr-42", deletedCount: 5, lastPurgeEvent: "delete" });
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

    expect(messages(preview, "info")).toEqual(expect.arrayContaining(plan("6 documents in pr-42 \\(.*drift")));
    expect(count("pr-42")).toBe(0);
    expect(await outputs()).toMatchObject({ deletedCount: 6, lastPurgeEvent: "drift" });
    expect(await outputs()).not.toHaveProperty("__drift");
  });
});
