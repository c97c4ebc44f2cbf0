import fc from "fast-check";
import { type CleanupContainer, type CleanupRules, planCleanup } from "../../provider/plan-cleanup";

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
        { containerTag: "pr-keep-7", reason: "excepted" },
        { containerTag: "pr-3", reason: "active 3 days ago" },
      ],
    });
  });

  test("keeps the newest, however long they are inactive", () => {
    const containers = [container("pr-1", 31), container("pr-2", 20), container("pr-3", 25)];
    expect(planCleanup({ match: ["pr-*"], keepLatest: 2 }, containers, now)).toEqual({
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
    expect(planCleanup({ match: ["pr-*"], scope: "container" }, containers, now).planned).toHaveLength(1);
  });

  test("leaves out what the account's own lists protect or do not allow", () => {
    const containers = [container("pr-1", 31), container("pr-2", 31)];
    expect(planCleanup({ match: ["pr-*"], protectedTags: ["pr-1"], allowedTags: ["pr-1"] }, containers, now)).toEqual({
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
      leftOut: [{ containerTag: "pr-*" }, { containerTag: "pr-2 copy", reason: "not a tag that can be purged" }],
    });
  });

  test("treats a date that cannot be read as unknown", () => {
    const broken = container("pr-1", 31, { lastActivityAt: "yesterday" });
    expect(planCleanup({ match: ["pr-*"] }, [broken], now).leftOut).toEqual([
      { containerTag: "pr-1", reason: "unknown activity" },
    ]);
  });

  test.each<[string, CleanupRules, string]>([
    ["no glob", { match: [] }, "match is empty"],
    ["a glob that starts with a wildcard", { match: ["*"] }, "starts with no literal characters"],
    ["a glob with a short start", { match: ["pr*"] }, "starts with only 2 literal characters"],
    ["a short tag", { match: ["pr"] }, "starts with only 2 literal characters"],
    ["a glob that no tag can match", { match: ["pr-/*"] }, "allowed are letters, digits"],
    ["a blank exception", { match: ["pr-*"], except: [" "] }, "it is blank"],
    ["a duration without a unit", { match: ["pr-*"], inactiveFor: "14" }, "is not a duration"],
    ["a negative keepLatest", { match: ["pr-*"], keepLatest: -1 }, "keepLatest is -1"],
  ])("is refused for %s", (_case, rules, message) => {
    expect(() => planCleanup(rules, [], now)).toThrow(message);
  });
});

describe("whatever containers there are", () => {
  test("a plan holds no container that is protected, excepted, in use, undated or not matched", () => {
    fc.assert(
      fc.property(rulesAndContainers, ([rules, containers]) => {
        const { planned } = planCleanup(rules, containers, now);
        const found = new Map(containers.map((one) => [one.containerTag, one]));
        for (const { containerTag, documents } of planned) {
          const { createdAt, documentCount, lastActivityAt } = found.get(containerTag) ?? container("none", 0);
          expect(containerTag).toMatch(/^pr-/);
          expect(containerTag).not.toMatch(/^pr-b/);
          expect(containerTag.split("-")).not.toContain("prod");
          expect(documents).toBe(documentCount);
          expect(lastActivityAt).toBeDefined();
          if (rules.inactiveFor === undefined) continue;
          expect(now.getTime() - Date.parse(lastActivityAt ?? createdAt)).toBeGreaterThanOrEqual(7 * day);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test("every container that matches is either planned or left out, once", () => {
    fc.assert(
      fc.property(rulesAndContainers, ([rules, containers]) => {
        const { leftOut, planned } = planCleanup(rules, containers, now);
        const tags = [...planned, ...leftOut].map(({ containerTag }) => containerTag);
        const matching = containers.map(({ containerTag }) => containerTag).filter((tag) => tag.startsWith("pr-"));
        expect(tags.sort()).toEqual(matching.sort());
      }),
      { numRuns: 1_000 },
    );
  });

  test("the order in which they are listed makes no difference", () => {
    fc.assert(
      fc.property(
        rulesAndContainers,
        fc.array(fc.nat(), { minLength: 15, maxLength: 15 }),
        ([rules, containers], places) => {
          const shuffled = containers
            .map((one, index) => ({ one, at: places[index] ?? 0 }))
            .sort((a, b) => a.at - b.at)
            .map(({ one }) => one);
          expect(planCleanup(rules, shuffled, now)).toEqual(planCleanup(rules, containers, now));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test("a plan that was carried out leaves nothing to do, also when a delete counts as activity", () => {
    fc.assert(
      fc.property(rulesAndContainers, fc.boolean(), ([rules, containers], bumps) => {
        const gone = new Set(planCleanup(rules, containers, now).planned.map(({ containerTag }) => containerTag));
        const after = containers
          .filter(({ containerTag }) => rules.scope !== "container" || !gone.has(containerTag))
          .map((one) => (gone.has(one.containerTag) ? purged(one, bumps) : one));
        expect(planCleanup(rules, after, now).planned).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  test("a larger keepLatest plans no container that a smaller one does not", () => {
    fc.assert(
      fc.property(rulesAndContainers, fc.nat(3), ([rules, containers], more) => {
        const { keepLatest } = rules;
        const fewer = planCleanup({ ...rules, keepLatest: keepLatest + more }, containers, now).planned;
        expect(planCleanup(rules, containers, now).planned).toEqual(expect.arrayContaining([...fewer]));
      }),
      { numRuns: 1_000 },
    );
  });
});

function purged(one: CleanupContainer, bumps: boolean): CleanupContainer {
  return { ...one, documentCount: 0, ...(bumps ? { lastActivityAt: now.toISOString() } : {}) };
}

function container(containerTag: string, days: number, rest: Partial<CleanupContainer> = {}): CleanupContainer {
  const date = new Date(now.getTime() - days * day).toISOString();
  return { containerTag, documentCount: 2, memoryCount: 0, createdAt: date, lastActivityAt: date, ...rest };
}

const anyContainer = fc
  .record({
    // Most of them match and may go, or the properties would say little.
    tag: fc.oneof(
      { weight: 5, arbitrary: fc.stringMatching(/^pr-[a-f]$/) },
      { weight: 1, arbitrary: fc.stringMatching(/^(pr-|prod-|x)[abc]{1,2}(-prod)?$/) },
    ),
    days: fc.integer({ min: -1, max: 20 }),
    documentCount: fc.nat(3),
    activity: fc.constantFrom("known", "known", "never", "unknown"),
  })
  .map(({ activity, days, documentCount, tag }) =>
    container(tag, days, {
      documentCount,
      ...(activity === "known" ? {} : { lastActivityAt: activity === "never" ? null : undefined }),
    }),
  );

const rulesAndContainers = fc.tuple(
  fc.record({
    match: fc.constant(["pr-*"]),
    except: fc.constant(["pr-b*"]),
    inactiveFor: fc.constantFrom(undefined, "7 days"),
    keepLatest: fc.nat(4),
    scope: fc.constantFrom("documents" as const, "container" as const),
  }),
  fc.uniqueArray(anyContainer, { selector: ({ containerTag }) => containerTag, maxLength: 15 }),
);
