import { type CleanupContainer, type CleanupRules, planCleanup } from "../../../provider/cleanup-policy/plan-cleanup";

const now = new Date("2026-01-31T12:00:00Z");
const day = 86_400_000;
const everything = { match: ["pr-*"], inactiveFor: "0s" };

describe("the plan of a policy", () => {
  test("returns the planned and the kept containers, with the reasons", () => {
    const rules = { match: ["pr-*", "test-*"], except: ["pr-keep*"], inactiveFor: "14 days", keepLatest: 1 };
    const containers = [
      container("pr-1", 31),
      container("pr-2", 20),
      container("pr-3", 3),
      container("pr-4", 90, { documentCount: 0 }),
      container("pr-5", 16, { lastActivityAt: undefined }),
      container("test-6", 15, { lastActivityAt: null, documentCount: 0 }),
      container("test-7", 16, { lastActivityAt: null }),
      container("pr-keep-7", 40),
      container("pr-live", 41),
      container("other", 60),
    ];
    expect(planCleanup(rules, containers, now)).toEqual({
      planned: [
        { containerTag: "pr-1", documents: 2, reason: "matches pr-*, last active 31 days ago" },
        { containerTag: "pr-2", documents: 2, reason: "matches pr-*, last active 20 days ago" },
      ],
      leftOut: [
        { containerTag: "pr-5", reason: "unknown activity" },
        { containerTag: "test-7", reason: "unknown activity" },
        { containerTag: "pr-4", reason: "empty" },
        { containerTag: "pr-live", reason: "protected" },
        { containerTag: "pr-keep-7", reason: "listed in except" },
        { containerTag: "test-6", reason: "empty" },
        { containerTag: "pr-3", reason: "active 3 days ago" },
      ],
      refused: undefined,
    });
  });

  test("is refused as a whole beyond the limits of the policy, which are those of the resource where none is given", () => {
    const many = Array.from({ length: 21 }, (_, index) => container(`pr-${index}`, 31, { documentCount: 600 }));
    const refused = (rules: Partial<CleanupRules>) => planCleanup({ ...everything, ...rules }, many, now).refused;
    expect(refused({})).toContain(
      "this would purge 21 containers (pr-0, pr-1, pr-10 and 18 more), more than maxContainers (20)",
    );
    expect(refused({ maxContainers: 21 })).toContain("this would delete 12,600 documents");
    expect(refused({ maxContainers: 21, maxDeletions: 12_600 })).toBeUndefined();
    expect(planCleanup(everything, many, now).planned).toHaveLength(21);
  });

  test("takes all arguments of the resource, so that one object can hold them", () => {
    const args = { ...everything, select: { status: "done" }, timeout: "1m", mode: "report" };
    expect(planCleanup(args, [container("pr-1", 31)], now).planned).toHaveLength(1);
  });

  test.each<[string, readonly string[], string | undefined]>([
    ["user_project_ab12", ["user*"], "user_project_*"],
    ["user_project_ab12", ["user_*"], "user_project_*"],
    ["user_project_ab12", ["user_project_*"], undefined],
    ["user_profile", ["user*"], undefined],
    ["repo_shop__ab12", ["repo*"], "repo_*__*"],
    ["repo_shop__ab12", ["repo_shop*"], undefined],
    ["repo_shop", ["rep*"], undefined],
    ["claudecode_project_ab12", ["cla*"], "claudecode_*"],
    ["claudecode_project_ab12", ["claudecode_project_*"], undefined],
    ["codex_ab12", ["codex*", "code*"], "codex_*"],
    ["codex_ab12", ["code*", "codex_b*"], "codex_*"],
    ["codex_ab12", ["code*", "codex_?b*"], undefined],
    ["codex_ab12", ["codex_ab12"], undefined],
    ["cursor_ab12", ["cur*"], "cursor_*"],
    ["opencode_user_ab12", ["open*"], "opencode_*"],
    ["openclaw_ab12", ["open*"], "openclaw_*"],
  ])("keeps the memory that a tool made for one person, unless match spells it out: %s, %j", (tag, match, kept) => {
    const { leftOut, planned } = planCleanup({ match, inactiveFor: "14 days" }, [container(tag, 31)], now);
    const reason = `a person's coding memory; to purge it, add "${kept ?? ""}" to match`;
    expect(leftOut).toEqual(kept === undefined ? [] : [{ containerTag: tag, reason }]);
    expect(planned).toHaveLength(kept === undefined ? 1 : 0);
  });

  test('purges containers in use with inactiveFor "0s", but none whose activity is not known', () => {
    const unknown = container("pr-2", 0, { lastActivityAt: undefined });
    const containers = [container("pr-1", 0), unknown];
    expect(planCleanup(everything, containers, now)).toMatchObject({
      planned: [{ containerTag: "pr-1", reason: "matches pr-*, last active now" }],
      leftOut: [{ containerTag: "pr-2", reason: "unknown activity" }],
    });
  });

  test("keeps the newest, however long they are inactive", () => {
    const containers = [container("pr-1", 31), container("pr-2", 20), container("pr-3", 25)];
    expect(planCleanup({ match: ["pr-*"], keepLatest: 2 }, containers, now)).toMatchObject({
      planned: [expect.objectContaining({ containerTag: "pr-1" })],
      leftOut: [
        { containerTag: "pr-3", reason: "one of the 2 newest" },
        { containerTag: "pr-2", reason: "one of the 2 newest" },
      ],
    });
  });

  test("gives no place among the newest to a container that was emptied, though that counted as activity", () => {
    const containers = [container("pr-1", 0, { documentCount: 0 }), container("pr-2", 20), container("pr-3", 25)];
    expect(planCleanup({ match: ["pr-*"], keepLatest: 2 }, containers, now).planned).toEqual([]);
  });

  test("plans an empty container with scope container", () => {
    const containers = [container("pr-4", 90, { documentCount: 0 })];
    expect(planCleanup({ ...everything, scope: "container" }, containers, now).planned).toHaveLength(1);
  });

  test("leaves out what is being merged, what the account protects or does not allow, and what no purge would take", () => {
    const merged = (["source", "target"] as const).map((mergeStatus) =>
      container(`pr-${mergeStatus}`, 31, { mergeStatus }),
    );
    const others = ["pr-1", "pr-2", "pr-3", "pr-3 copy", "pr-3*"].map((tag) => container(tag, 31));
    const allowedTags = ["pr-1", "pr-3*", "pr-source", "pr-target"];
    const { leftOut, planned } = planCleanup(
      { ...everything, protectedTags: ["pr-1"], allowedTags },
      [...merged, ...others],
      now,
    );
    expect(planned).toMatchObject([{ containerTag: "pr-3" }]);
    expect(Object.fromEntries(leftOut.map(({ containerTag, reason }) => [containerTag, reason]))).toEqual({
      ...{ "pr-source": "being merged", "pr-target": "being merged", "pr-1": "protected" },
      ...{
        "pr-2": "not in allowedTags",
        "pr-3 copy": "not a valid container tag",
        "pr-3*": "not a valid container tag",
      },
    });
  });

  test.each(["yesterday", "day 5", "2025-12-31T12:00:00"])(
    "treats %s, which does not say when it was, as unknown",
    (lastActivityAt) => {
      const broken = container("pr-1", 31, { lastActivityAt });
      expect(planCleanup(everything, [broken], now).leftOut).toEqual([
        { containerTag: "pr-1", reason: "unknown activity" },
      ]);
    },
  );

  test.each<[string, Partial<CleanupContainer>]>([
    ["null with documents", { lastActivityAt: null }],
    ["null with memories", { lastActivityAt: null, documentCount: 0, memoryCount: 1 }],
    [
      "null of a container that was created in 1970",
      { lastActivityAt: null, documentCount: 0, createdAt: "1970-01-01T00:00:00Z" },
    ],
    ["1970", { lastActivityAt: "1970-01-01T00:00:00Z", createdAt: "1970-01-01T00:00:00Z" }],
    ["the year 1", { lastActivityAt: "0001-01-01T00:00:00Z", createdAt: "0001-01-01T00:00:00Z" }],
    ["before its creation", { lastActivityAt: ago(40), createdAt: ago(39) }],
  ])("keeps a container whose last activity cannot be right: %s", (_case, wrong) => {
    const { leftOut, planned } = planCleanup(
      { ...everything, scope: "container" },
      [container("pr-1", 31, wrong)],
      now,
    );
    expect([planned, leftOut]).toEqual([[], [{ containerTag: "pr-1", reason: "unknown activity" }]]);
  });

  test("purges an empty container that was never active, by its creation", () => {
    const empty = container("pr-1", 31, { lastActivityAt: null, documentCount: 0, createdAt: ago(31) });
    const { planned } = planCleanup({ ...everything, scope: "container" }, [empty], now);
    expect(planned).toMatchObject([{ reason: "matches pr-*, never active, created 31 days ago" }]);
  });

  test.each([["first"], ["last"]])(
    "takes the newest activity of a container that is listed twice, the stale entry %s",
    (place) => {
      const [stale, right] = [container("pr-1", 31), container("pr-1", 3)];
      const containers = place === "first" ? [stale, right] : [right, stale];
      expect(planCleanup({ match: ["pr-*"], inactiveFor: "14 days" }, containers, now)).toMatchObject({
        planned: [],
        leftOut: [{ containerTag: "pr-1", reason: "active 3 days ago" }],
      });
    },
  );

  test.each<[object, string]>([
    [{ timeout: "soon" }, 'timeout: "soon" is not a duration'],
    [{ mode: "dry" }, 'mode: allowed values are "purge" and "report"'],
    [{ select: {} }, "select: it is empty"],
    [{ scope: "container", select: { status: "done" } }, "cannot be combined with select"],
    [{ maxContainers: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" }, "maxContainers: the value is not known"],
    [{ retries: 3 }, 'unknown argument "retries"'],
    [{ match: ["live-*"] }, '"live-*" can only match protected tags'],
  ])("refuses rules that the resource refuses: %j", (wrong, reason) => {
    expect(() => planCleanup({ ...everything, ...wrong }, [], now)).toThrow(reason);
  });

  test.each([{ documentCount: Number.NaN }, { documentCount: -1 }, { memoryCount: 0.5 }])(
    "refuses counts that are not whole numbers: %j",
    (wrong) => {
      expect(() => planCleanup(everything, [container("pr-1", 31, wrong)], now)).toThrow(
        "pr-1: documentCount and memoryCount must be whole numbers",
      );
    },
  );

  test("is refused with scope container if nothing may be deleted, as the run is", () => {
    const rules = { ...everything, scope: "container", maxDeletions: 0 } as const;
    const empty = container("pr-1", 31, { documentCount: 0 });
    expect(planCleanup(rules, [empty], now).refused).toContain(
      "this would delete pr-1 with all memories, more than maxDeletions (0)",
    );
    expect(planCleanup(rules, [], now).refused).toBeUndefined();
  });

  test("is refused for a glob among the protected tags", () => {
    const rules = { ...everything, protectedTags: ["eu-*"] };
    expect(() => planCleanup(rules, [], now)).toThrow('protectedTags contains "eu-*"');
  });

  test("is refused for a date that is none", () => {
    expect(() => planCleanup(everything, [], new Date("tomorrow"))).toThrow("now is not a valid date");
  });
});

function ago(days: number): string {
  return new Date(now.getTime() - days * day).toISOString();
}

function container(containerTag: string, days: number, rest: Partial<CleanupContainer> = {}): CleanupContainer {
  const date = ago(days);
  return { containerTag, documentCount: 2, memoryCount: 0, createdAt: date, lastActivityAt: date, ...rest };
}
