import fc from "fast-check";
import type { ContainerSeed } from "../../../emulator/index";
import { type CleanupContainer, planCleanup } from "../../../provider/cleanup-policy/plan-cleanup";
import { startEmulator } from "../support/host-emulator";
import { daysAgo, policyStack } from "../support/host-policy";

const now = new Date(daysAgo(0));

describe.each(["v3", "v5"] as const)("over %s, whatever containers there are", (apiVersion) => {
  test("a policy purges exactly what planCleanup decides, or refuses with the same reason", async () => {
    const emulator = await startEmulator({});
    const config = { "supermemory:apiVersion": apiVersion, "supermemory:protectedTags": "pr-d" };
    const ends = { refused: 0, purged: 0 };
    const decide = async (rules: Rules, containers: Containers): Promise<void> => {
      emulator.reset();
      emulator.seed({ containers: Object.fromEntries(containers.map(({ seed, tag }) => [tag, seed])) });
      const before = emulator.containers();
      const account = containers.map((one) => (apiVersion === "v3" ? listedByV3(one) : foundByV5(one)));
      const { planned, refused } = planCleanup({ ...rules, protectedTags: ["pr-d"] }, account, now);
      const stack = policyStack(emulator, { config });
      const { error, failures } = await stack.up(rules);
      expect([error, ...failures.map(({ reason }) => reason)]).toEqual(
        refused === undefined ? [undefined] : [undefined, refused],
      );
      const gone = refused === undefined ? planned.map(({ containerTag }) => containerTag) : [];
      const after = Object.entries(before)
        .filter(([tag]) => rules.scope === "documents" || !gone.includes(tag))
        .map(([tag, documents]) => [tag, gone.includes(tag) ? 0 : documents]);
      expect(emulator.containers()).toEqual(Object.fromEntries(after));
      if (refused === undefined) {
        expect(stack.outputs).toMatchObject({
          planned,
          purged: planned.map(({ containerTag, documents: deletedCount }) => ({ containerTag, deletedCount })),
        });
      }
      ends.refused += refused === undefined ? 0 : 1;
      ends.purged += gone.length;
    };
    await fc.assert(fc.asyncProperty(anyRules, anyContainers, decide), { numRuns: 60, seed: 42 });
    expect(ends.refused).toBeGreaterThan(0);
    expect(ends.purged).toBeGreaterThan(0);
  });
});

interface SeededContainer {
  readonly tag: string;
  readonly date: string;
  readonly seed: ContainerSeed & { readonly documents: number };
}

type Containers = readonly SeededContainer[];

const anyContainers = fc.uniqueArray(
  fc
    .record({
      tag: fc.oneof(
        { weight: 4, arbitrary: fc.stringMatching(/^pr-[a-f]$/) },
        { weight: 1, arbitrary: fc.constantFrom("pr-b-live", "other", "PR-A", "pr") },
      ),
      days: fc.integer({ min: -1, max: 20 }),
      documents: fc.nat(3),
      mergeStatus: fc.constantFrom(undefined, undefined, undefined, "source" as const, "target" as const),
    })
    .map(({ days, documents, mergeStatus, tag }): SeededContainer => {
      const date = daysAgo(days);
      const seed = { createdAt: date, documents, each: { createdAt: date }, mergeStatus };
      return { tag, date, seed };
    }),
  { selector: ({ tag }) => tag, minLength: 1, maxLength: 9 },
);

/** An empty container is one that was never in use. */
function listedByV3({ date, seed: { documents, mergeStatus }, tag }: SeededContainer): CleanupContainer {
  const lastActivityAt = documents === 0 ? null : date;
  return { containerTag: tag, documentCount: documents, memoryCount: 0, createdAt: date, lastActivityAt, mergeStatus };
}

/** v5 tells neither of merges nor of the activity of an empty container. */
function foundByV5(one: SeededContainer): CleanupContainer {
  const lastActivityAt = one.seed.documents === 0 ? undefined : one.date;
  return { ...listedByV3(one), lastActivityAt, mergeStatus: undefined };
}

const anyRules = fc.record({
  match: fc.constantFrom(["pr-*"], ["pr-?"], ["pr-a", "pr-b*"]),
  except: fc.constantFrom([], ["*-c"], ["pr-A"]),
  inactiveFor: fc.constantFrom("0s", "7 days"),
  keepLatest: fc.nat(2),
  scope: fc.constantFrom("documents" as const, "container" as const),
  maxContainers: fc.constantFrom(undefined, 3, 1),
  maxDeletions: fc.constantFrom(undefined, 4),
});

type Rules = typeof anyRules extends fc.Arbitrary<infer Value> ? Value : never;
