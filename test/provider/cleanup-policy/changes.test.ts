import type { ContainerSeed, FaultRule } from "../../../emulator/index";
import type { Properties } from "../support/host-calls";
import { mutations } from "../support/host-emulator";
import { containing } from "../support/host-matchers";
import { begunPolicy, claimPr1, daysAgo, idle, inProgram } from "../support/host-policy";

const news = inProgram({ match: ["pr-*"], inactiveFor: "14 days" });
const [v5, wholeContainers] = [{ "supermemory:apiVersion": "v5" }, { scope: "container" }];
const newDocument = { documents: 1, each: { createdAt: daysAgo(1) } };
const whileCounting = { match: { route: "documents.list", containerTag: "pr-2" }, then: { kind: "slow" } } as const;
const [active, managed] = ["active 24 hours ago", "managed by shop::ContainerPurge::memory"];

interface Change {
  readonly config?: Readonly<Record<string, string>>;
  readonly more?: Properties;
  /** The request during which pr-1 changes. Default: it changes right after the check. */
  readonly during?: FaultRule;
  readonly fault?: FaultRule;
  /** Default: none. */
  readonly change?: ContainerSeed | "claimed by a ContainerPurge";
  readonly reason: string;
  /** Documents afterwards. Default: 2 in pr-1, none in pr-2. */
  readonly left?: Readonly<Record<string, number>>;
}

const changes: Readonly<Record<string, Change>> = {
  "came into use between check and purge": { change: { lastActivityAt: daysAgo(1) }, reason: active },
  "comes into use after everything was counted": {
    ...{ during: whileCounting, change: { lastActivityAt: daysAgo(0) }, reason: "active now" },
  },
  "has a new document, which on v5 shows that it is in use": {
    ...{ config: v5, change: newDocument, reason: active, left: { "pr-1": 3, "pr-2": 0 } },
  },
  "has a new memory, which on v5 shows that it is in use, though it held none in the plan": {
    ...{ config: v5, more: wholeContainers, reason: active, left: { "pr-1": 2 } },
    during: { match: { route: "v5.list", containerTag: "pr-2" }, nth: 2, then: { kind: "slow" } },
    change: { memories: [{ createdAt: daysAgo(1) }] },
  },
  "cannot be asked for its memories, which v5 needs": {
    ...{ config: v5, more: wholeContainers, reason: "unknown activity", left: { "pr-1": 2 } },
    fault: { match: { path: "/ns/pr-1/list/memories" }, times: Infinity, then: { kind: "serverError", status: 403 } },
  },
  "has a new document, though its activity is not told yet": {
    ...{ change: { ...newDocument, lastActivityAt: daysAgo(31) }, reason: active, left: { "pr-1": 3, "pr-2": 0 } },
  },
  "has a new document, although the API returns no activity": {
    ...{ change: { ...newDocument, lastActivityAt: null }, reason: active, left: { "pr-1": 3, "pr-2": 0 } },
  },
  "has more new documents than maxDeletions allows": {
    ...{ more: { maxDeletions: 5 }, reason: active, left: { "pr-1": 52, "pr-2": 0 } },
    change: { ...newDocument, documents: 50, lastActivityAt: daysAgo(1) },
  },
  "is claimed by a ContainerPurge after the plan was made": { change: "claimed by a ContainerPurge", reason: managed },
  "is claimed by a ContainerPurge in the middle of the run": {
    ...{ during: whileCounting, change: "claimed by a ContainerPurge", reason: managed },
  },
  "is merged into another": { during: whileCounting, change: { mergeStatus: "source" }, reason: "being merged" },
};

describe("a container of the plan", () => {
  test.each(Object.entries(changes))("is kept alone, and named, when it %s", async (_case, changed) => {
    const { change, config, during, fault, left = { "pr-1": 2, "pr-2": 0 }, more, reason } = changed;
    const { emulator, provider } = await begunPolicy(config);
    const { inputs } = await provider.check({}, { ...news, ...more });
    for (const rule of [during, fault]) if (rule !== undefined) emulator.addFault(rule);
    const makeChange = () => {
      if (typeof change === "object") emulator.seed({ containers: { "pr-1": change } });
      else if (change !== undefined) claimPr1(provider, emulator.url);
    };
    if (during === undefined) makeChange();
    const created = provider.create(inputs);
    if (during !== undefined) {
      await emulator.whenHeld();
      makeChange();
      emulator.release();
    }
    const purged = [{ containerTag: "pr-2", deletedCount: 3 }];
    expect((await created).outputs).toMatchObject({ deletedCount: 3, purged });
    expect(provider.lines).toEqual([`warning: kept pr-1: ${reason}`, containing("pr-2")]);
    expect(emulator.containers()).toEqual({ bystander: 3, ...left });
    expect(mutations(emulator)).toEqual(["DELETE pr-2"]);
    expect(emulator.memories()["pr-1"] ?? 0).toBe(typeof change === "object" && change.memories !== undefined ? 1 : 0);
  });

  test("is kept when it has become one of the newest", async () => {
    const { emulator, provider } = await begunPolicy();
    const { inputs } = await provider.check({}, { ...news, inactiveFor: undefined, keepLatest: 1 });
    expect(inputs["plannedTags"]).toEqual(["pr-1"]);
    emulator.seed({ containers: { "pr-1": { lastActivityAt: daysAgo(1) } } });
    const { outputs } = await provider.create(inputs);
    expect(provider.lines).toEqual(["warning: kept pr-1: the newest"]);
    expect([outputs["purged"], mutations(emulator)]).toEqual([[], []]);
  });

  test.each([
    ["no longer exists", "pr-9"],
    ["no longer matches", "bystander"],
  ])("that %s is left alone, whatever the inputs say", async (reason, containerTag) => {
    const { emulator, provider } = await begunPolicy();
    const { inputs } = await provider.check({}, news);
    const { outputs } = await provider.create({ ...inputs, plannedTags: [containerTag] });
    expect(provider.lines).toEqual([`warning: kept ${containerTag}: ${reason}`]);
    expect([outputs["deletedCount"], mutations(emulator)]).toEqual([0, []]);
  });

  test("never includes a container that the check did not plan, however inactive it is", async () => {
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
