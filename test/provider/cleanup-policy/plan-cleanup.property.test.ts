import fc from "fast-check";
import { type CleanupContainer, planCleanup } from "../../../provider/cleanup-policy/plan-cleanup";

const now = new Date("2026-01-31T12:00:00Z");
const day = 86_400_000;
const runs = { numRuns: 1_000 };

describe("whatever containers there are", () => {
  test("each that matches is planned or left out, once; no plan holds one that is protected, excepted, in use or undated", () => {
    fc.assert(
      fc.property(rulesAndContainers, ([rules, containers]) => {
        const { leftOut, planned } = planCleanup(rules, containers, now);
        const tags = [...planned, ...leftOut].map(({ containerTag }) => containerTag);
        const matching = containers.map(({ containerTag }) => containerTag).filter((tag) => tag.startsWith("pr-"));
        expect(tags.sort()).toEqual(matching.sort());
        const found = new Map(containers.map((one) => [one.containerTag, one]));
        for (const { containerTag, documents } of planned) {
          const { createdAt, documentCount, lastActivityAt } = found.get(containerTag) ?? container("none", 0);
          expect(containerTag).not.toMatch(/^pr-b/);
          expect(containerTag.split("-")).not.toContain("prod");
          expect(documents).toBe(documentCount);
          expect(lastActivityAt).toBeDefined();
          if (rules.inactiveFor === "0s") continue;
          expect(now.getTime() - Date.parse(lastActivityAt ?? createdAt)).toBeGreaterThanOrEqual(7 * day);
        }
      }),
      runs,
    );
  });

  test("the order in which they are listed makes no difference", () => {
    fc.assert(
      fc.property(rulesAndContainers.chain(withAnotherOrder), ([rules, containers, shuffled]) => {
        expect(planCleanup(rules, shuffled, now)).toEqual(planCleanup(rules, containers, now));
      }),
      runs,
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
      runs,
    );
  });

  test("a larger keepLatest plans no container that a smaller one does not", () => {
    fc.assert(
      fc.property(rulesAndContainers, fc.nat(3), ([rules, containers], more) => {
        const { keepLatest } = rules;
        const fewer = planCleanup({ ...rules, keepLatest: keepLatest + more }, containers, now).planned;
        expect(planCleanup(rules, containers, now).planned).toEqual(expect.arrayContaining([...fewer]));
      }),
      runs,
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
    inactiveFor: fc.constantFrom("0s", "7 days"),
    keepLatest: fc.nat(4),
    scope: fc.constantFrom("documents" as const, "container" as const),
  }),
  fc.uniqueArray(anyContainer, { selector: ({ containerTag }) => containerTag, maxLength: 15 }),
);

type RulesAndContainers = typeof rulesAndContainers extends fc.Arbitrary<infer Value> ? Value : never;

function withAnotherOrder([rules, containers]: RulesAndContainers) {
  const { length } = containers;
  return fc.tuple(fc.constant(rules), fc.constant(containers), fc.shuffledSubarray(containers, { minLength: length }));
}
