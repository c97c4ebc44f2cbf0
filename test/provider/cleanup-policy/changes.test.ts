import { mutations } from "../support/host-emulator";
import { begunPolicy, daysAgo, idle, inProgram } from "../support/host-policy";

const news = inProgram({ match: ["pr-*"], inactiveFor: "14 days" });

describe("a container of the plan that changes before its delete", () => {
  test("is kept and named when it came into use between check and purge", async () => {
    const { emulator, provider } = await begunPolicy();
    const { inputs } = await provider.check({}, news);
    emulator.seed({ containers: { "pr-1": { lastActivityAt: daysAgo(1) } } });
    const { outputs } = await provider.create(inputs);
    expect(provider.lines).toEqual(["warning: kept pr-1: active 24 hours ago", "deleted 3 documents in pr-2 in 0.0 s"]);
    expect(outputs).toMatchObject({ deletedCount: 3, purged: [{ containerTag: "pr-2", deletedCount: 3 }] });
    expect(emulator.containers()).toMatchObject({ "pr-1": 2, "pr-2": 0 });
  });

  test("is kept and named when it comes into use after everything was counted", async () => {
    const { emulator, provider } = await begunPolicy();
    emulator.addFault({ match: { route: "documents.list", containerTag: "pr-2" }, then: { kind: "slow" } });
    const { inputs } = await provider.check({}, news);
    const created = provider.create(inputs);
    await emulator.whenHeld();
    emulator.seed({ containers: { "pr-1": { lastActivityAt: daysAgo(0) } } });
    emulator.release();
    const { outputs } = await created;
    expect(provider.lines).toEqual(["warning: kept pr-1: active now", "deleted 3 documents in pr-2 in 0.0 s"]);
    expect(outputs["purged"]).toEqual([{ containerTag: "pr-2", deletedCount: 3 }]);
    expect(mutations(emulator)).toEqual(["DELETE pr-2"]);
  });

  test("is kept on v5 too, where a new document shows that it is in use", async () => {
    const { emulator, provider } = await begunPolicy({ "supermemory:apiVersion": "v5" });
    const { inputs } = await provider.check({}, news);
    emulator.seed({ containers: { "pr-1": { documents: 1, each: { createdAt: daysAgo(1) } } } });
    await provider.create(inputs);
    expect(provider.lines[0]).toBe("warning: kept pr-1: active 24 hours ago");
    expect(emulator.containers()).toMatchObject({ "pr-1": 3, "pr-2": 0 });
  });

  test("is kept on v5 when a memory was written since, though it held none in the plan", async () => {
    const { emulator, provider } = await begunPolicy({ "supermemory:apiVersion": "v5" });
    const { inputs } = await provider.check({}, { ...news, scope: "container" });
    emulator.addFault({ match: { route: "v5.list", containerTag: "pr-2" }, nth: 2, then: { kind: "slow" } });
    const created = provider.create(inputs);
    await emulator.whenHeld();
    emulator.seed({ containers: { "pr-1": { memories: [{ createdAt: daysAgo(1) }] } } });
    emulator.release();
    await created;
    expect(provider.lines[0]).toBe("warning: kept pr-1: active 24 hours ago");
    expect(emulator.containers()).toEqual({ bystander: 3, "pr-1": 2 });
    expect(emulator.memories()).toMatchObject({ "pr-1": 1 });
  });

  test("is kept on v5 when its memories cannot be asked for right before its delete", async () => {
    const { emulator, provider } = await begunPolicy({ "supermemory:apiVersion": "v5" });
    const { inputs } = await provider.check({}, { ...news, scope: "container" });
    const path = "/ns/pr-1/list/memories";
    emulator.addFault({ match: { path }, times: Infinity, then: { kind: "serverError", status: 403 } });
    await provider.create(inputs);
    expect(provider.lines[0]).toBe("warning: kept pr-1: unknown activity");
    expect(emulator.containers()).toEqual({ bystander: 3, "pr-1": 2 });
  });

  test.each([
    ["is not told yet", daysAgo(31)],
    ["is told as none", null],
  ])("is kept when a new document shows that it is in use, though its activity %s", async (_case, lastActivityAt) => {
    const { emulator, provider } = await begunPolicy();
    const { inputs } = await provider.check({}, news);
    emulator.seed({ containers: { "pr-1": { documents: 1, each: { createdAt: daysAgo(1) }, lastActivityAt } } });
    await provider.create(inputs);
    expect(provider.lines[0]).toBe("warning: kept pr-1: active 24 hours ago");
    expect(emulator.containers()).toMatchObject({ "pr-1": 3, "pr-2": 0 });
  });

  test("is kept when it is merged into another since", async () => {
    const { emulator, provider } = await begunPolicy();
    emulator.addFault({ match: { route: "documents.list", containerTag: "pr-2" }, then: { kind: "slow" } });
    const { inputs } = await provider.check({}, news);
    const created = provider.create(inputs);
    await emulator.whenHeld();
    emulator.seed({ containers: { "pr-1": { mergeStatus: "source" } } });
    emulator.release();
    await created;
    expect(provider.lines[0]).toBe("warning: kept pr-1: being merged");
    expect(emulator.containers()).toMatchObject({ "pr-1": 2, "pr-2": 0 });
  });

  test("is kept when it has become one of the newest", async () => {
    const { emulator, provider } = await begunPolicy();
    const { inputs } = await provider.check({}, { ...news, inactiveFor: undefined, keepLatest: 1 });
    expect(inputs["planned"]).toMatchObject([{ containerTag: "pr-1" }]);
    emulator.seed({ containers: { "pr-1": { lastActivityAt: daysAgo(1) } } });
    const { outputs } = await provider.create(inputs);
    expect(provider.lines).toEqual(["warning: kept pr-1: the newest"]);
    expect([outputs["purged"], mutations(emulator)]).toEqual([[], []]);
  });

  test("does not stand in the way of the others, however much was written to it", async () => {
    const { emulator, provider } = await begunPolicy();
    const { inputs } = await provider.check({}, { ...news, maxDeletions: 5 });
    emulator.seed({
      containers: { "pr-1": { documents: 50, each: { createdAt: daysAgo(1) }, lastActivityAt: daysAgo(1) } },
    });
    const { outputs } = await provider.create(inputs);
    expect(outputs).toMatchObject({ deletedCount: 3 });
    expect(emulator.containers()).toMatchObject({ "pr-1": 52, "pr-2": 0 });
  });

  test("is no longer of interest when no longer exists", async () => {
    const { emulator, provider } = await begunPolicy();
    const { inputs } = await provider.check({}, news);
    const planned = [{ containerTag: "pr-9", documents: 1, reason: "was there" }];
    const { outputs } = await provider.create({ ...inputs, planned });
    expect(provider.lines).toEqual(["warning: kept pr-9: no longer exists"]);
    expect([outputs["deletedCount"], mutations(emulator)]).toEqual([0, []]);
  });

  test("is left alone when the policy is not about it, whatever the inputs say", async () => {
    const { emulator, provider } = await begunPolicy();
    const { inputs } = await provider.check({}, news);
    await provider.create({ ...inputs, planned: [{ containerTag: "bystander", documents: 3, reason: "" }] });
    expect(provider.lines).toEqual(["warning: kept bystander: no longer matches"]);
    expect(mutations(emulator)).toEqual([]);
  });

  test("is never one that the check did not plan, be it still so inactive", async () => {
    const { emulator, provider } = await begunPolicy();
    const { inputs } = await provider.check({}, news);
    emulator.seed({ containers: { "pr-3": idle(50) } });
    await provider.create(inputs);
    expect(emulator.containers()).toMatchObject({ "pr-1": 0, "pr-2": 0, "pr-3": 2 });
  });
});

test("a plan that could not be made leaves nothing of the one before", async () => {
  const { emulator, provider } = await begunPolicy();
  const { inputs } = await provider.check({}, news);
  const { id, outputs } = await provider.create(inputs);
  expect(await provider.diff(id, outputs, inputs)).toBe(true);
  emulator.addFault({ match: { route: "containerTags.list" }, then: { kind: "serverError", status: 403 } });
  const unknown = await provider.check({}, { ...news, __preview: true });
  expect(await provider.diff(id, outputs, unknown.inputs)).toBe(false);
});
