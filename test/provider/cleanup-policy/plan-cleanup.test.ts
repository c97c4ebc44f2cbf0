import { type CleanupContainer, type CleanupRules, planCleanup } from "../../../provider/cleanup-policy/plan-cleanup";

const now = new Date("2026-01-31T12:00:00Z");
const day = 86_400_000;

describe("the plan of a policy", () => {
  test("tells what goes and what stays, with the reasons", () => {
    const rules = { match: ["pr-*", "test-*"], except: ["pr-keep*"], inactiveFor: "14 days", keepLatest: 1 };
    const containers = [
      container("pr-1", 31),
      container("pr-2", 20),
      container("pr-3", 3),
      container("pr-4", 90, { documentCount: 0 }),
      container("pr-5", 16, { lastActivityAt: undefined }),
      container("test-6", 15, { lastActivityAt: null }),
      container("pr-keep-7", 40),
      container("pr-live", 41),
      container("other", 60),
    ];
    expect(planCleanup(rules, containers, now)).toEqual({
      planned: [
        { containerTag: "pr-1", documents: 2, reason: "matches pr-*, last active 31 days ago" },
        { containerTag: "pr-2", documents: 2, reason: "matches pr-*, last active 20 days ago" },
        { containerTag: "test-6", documents: 2, reason: "matches test-*, never active, created 15 days ago" },
      ],
      leftOut: [
        { containerTag: "pr-5", reason: "unknown activity" },
        { containerTag: "pr-4", reason: "empty" },
        { containerTag: "pr-live", reason: "protected" },
        { containerTag: "pr-keep-7", reason: "listed in except" },
        { containerTag: "pr-3", reason: "active 3 days ago" },
      ],
      refused: undefined,
    });
  });

  test("is refused as a whole beyond the limits of the policy, which are those of the resource where none is given", () => {
    const many = Array.from({ length: 21 }, (_, index) => container(`pr-${index}`, 31, { documentCount: 600 }));
    const refused = (rules: Partial<CleanupRules>) => planCleanup({ match: ["pr-*"], ...rules }, many, now).refused;
    expect(refused({})).toContain(
      "this would purge 21 containers (pr-0, pr-1, pr-10 and 18 more), more than maxContainers (20)",
    );
    expect(refused({ maxContainers: 21 })).toContain("this would delete 12,600 documents");
    expect(refused({ maxContainers: 21, maxDeletions: 12_600 })).toBeUndefined();
    expect(planCleanup({ match: ["pr-*"] }, many, now).planned).toHaveLength(21);
  });

  test("takes all arguments of the resource, so that one object can hold them", () => {
    const args = { match: ["pr-*"], select: { status: "done" }, timeout: "1m", mode: "report" };
    expect(planCleanup(args, [container("pr-1", 31)], now).planned).toHaveLength(1);
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

  test("leaves out a container while it is merged, which the list tells", () => {
    const containers = [
      container("pr-1", 31, { mergeStatus: "source" }),
      container("pr-2", 31, { mergeStatus: "target" }),
    ];
    expect(planCleanup({ match: ["pr-*"] }, [...containers, container("pr-3", 31)], now)).toMatchObject({
      planned: [{ containerTag: "pr-3" }],
      leftOut: [
        { containerTag: "pr-1", reason: "being merged" },
        { containerTag: "pr-2", reason: "being merged" },
      ],
    });
  });

  test("plans an empty container with scope container", () => {
    const containers = [container("pr-4", 90, { documentCount: 0 })];
    expect(planCleanup({ match: ["pr-*"], scope: "container" }, containers, now).planned).toHaveLength(1);
  });

  test("leaves out what the account's own lists protect or do not allow", () => {
    const containers = [container("pr-1", 31), container("pr-2", 31)];
    expect(
      planCleanup({ match: ["pr-*"], protectedTags: ["pr-1"], allowedTags: ["pr-1"] }, containers, now),
    ).toMatchObject({
      planned: [],
      leftOut: [
        { containerTag: "pr-1", reason: "protected" },
        { containerTag: "pr-2", reason: "not in allowedTags" },
      ],
    });
  });

  test("leaves out a name that no purge would take, so that it does not stop the others", () => {
    const containers = [container("pr-1", 31), container("pr-2 copy", 31), container("pr-*", 31)];
    expect(planCleanup({ match: ["pr-*"] }, containers, now)).toMatchObject({
      planned: [{ containerTag: "pr-1" }],
      leftOut: [{ containerTag: "pr-*" }, { containerTag: "pr-2 copy", reason: "not a valid container tag" }],
    });
  });

  test.each(["yesterday", "day 5", "2025-12-31T12:00:00"])(
    "treats %s, which does not say when it was, as unknown",
    (lastActivityAt) => {
      const broken = container("pr-1", 31, { lastActivityAt });
      expect(planCleanup({ match: ["pr-*"] }, [broken], now).leftOut).toEqual([
        { containerTag: "pr-1", reason: "unknown activity" },
      ]);
    },
  );

  test("is refused for a glob among the protected tags", () => {
    const rules = { match: ["pr-*"], protectedTags: ["eu-*"] };
    expect(() => planCleanup(rules, [], now)).toThrow('protectedTags contains "eu-*"');
  });

  test("is refused for a date that is none", () => {
    expect(() => planCleanup({ match: ["pr-*"] }, [], new Date("tomorrow"))).toThrow("now is not a valid date");
  });
});

function container(containerTag: string, days: number, rest: Partial<CleanupContainer> = {}): CleanupContainer {
  const date = new Date(now.getTime() - days * day).toISOString();
  return { containerTag, documentCount: 2, memoryCount: 0, createdAt: date, lastActivityAt: date, ...rest };
}
