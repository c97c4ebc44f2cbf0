import fc from "fast-check";
import type { Fault, FaultRule } from "../../../emulator/index";
import { PurgeIncompleteError } from "../../../provider/purge/purge";
import type { PurgeEvent, PurgeOutcome } from "../../../provider/purge/types";
import { purgeTags, reallyDeleted, startWorld, type World } from "../support/world";

const tags = ["pr-1", "pr-2", "pr-3", "production"];

const faults: readonly Fault[] = [
  { kind: "rateLimit", retryAfter: 3 },
  { kind: "rateLimit", retryAfter: 9_999 },
  { kind: "serverError", when: "beforeEffect" },
  { kind: "serverError", when: "afterEffect" },
  { kind: "reset", when: "beforeEffect" },
  { kind: "reset", when: "afterEffect" },
  { kind: "notFound", as: "html" },
  { kind: "notFound", as: "json" },
  { kind: "notJson", when: "beforeEffect" },
  { kind: "notJson", when: "afterEffect" },
  { kind: "wrongShape", body: { success: false, deletedCount: 1 } },
  { kind: "wrongShape", body: { error: "bad" }, status: 400, when: "beforeEffect" },
  { kind: "partial", documents: 1 },
  { kind: "partial", documents: 1, claims: 7 },
  { kind: "lateWriter", documents: 2, containerTag: "pr-1" },
  { kind: "lateWriter", documents: 2, containerTag: "bystander" },
  { kind: "listLag", lists: 2 },
  { kind: "listLag", lists: 7 },
  { kind: "switchOff", as: "gone" },
  { kind: "switchOff", as: "off", when: "afterEffect" },
];

const container = fc.record({
  documents: fc.nat(130),
  alsoIn: fc.option(fc.constantFrom("pr-1", "pr-2", "elsewhere", "live"), { nil: undefined, freq: 4 }),
});

const cases = fc.record({
  containers: fc.dictionary(fc.constantFrom(...tags), container, { noNullPrototype: true }),
  targets: fc.uniqueArray(fc.record({ containerTag: fc.constantFrom(...tags), event: events() }), {
    minLength: 1,
    selector: ({ containerTag }) => containerTag,
  }),
  maxDeletions: fc.constantFrom(0, 50, 150, 10_000),
  allow: fc.boolean(),
  verify: fc.boolean(),
  apiVersion: fc.constantFrom("auto" as const, "v3" as const, "v5" as const),
  fault: fc.option(
    fc.record({
      then: fc.constantFrom(...faults),
      nth: fc.integer({ min: 1, max: 6 }),
      method: fc.constantFrom("POST" as const, "DELETE" as const),
    }),
    { nil: undefined },
  ),
});

test("nothing outside the scope is ever deleted, and what is reported is what happened", async () => {
  await fc.assert(
    fc.asyncProperty(cases, async ({ allow, apiVersion, containers, fault, maxDeletions, targets, verify }) => {
      const rules: FaultRule[] = fault === undefined ? [] : [{ ...fault, match: { method: fault.method } }];
      const world = await startWorld({ apiVersion, containers: seeded(containers), faults: rules, timeoutMs: 120_000 });
      const before = world.emulator.documents();
      const allowProtectedTags = { managed: allow ? tags : [], removed: allow ? tags : [] };
      const outcome = await outcomeOf(purgeTags(world, [], { targets, maxDeletions, allowProtectedTags, verify }));
      const deletedIds = new Set(world.emulator.ledger.flatMap(({ documentIds }) => documentIds));
      const inScope = new Set(targets.map(({ containerTag }) => containerTag));
      for (const { containerTags, id } of before) {
        if (deletedIds.has(id)) expect(containerTags.some((tag) => inScope.has(tag))).toBe(true);
      }
      expect(bystanders(world)).toEqual(expect.arrayContaining([...world.bystander]));
      expectReported(world, outcome, fault?.then);
      if (!allow && inScope.has("production")) expect(deletedIds.size).toBe(0);
      if (fault?.then.kind !== "lateWriter") expect(reallyDeleted(world)).toBeLessThanOrEqual(maxDeletions);
    }),
    { numRuns: 250 },
  );
}, 120_000);

function expectReported(world: World, outcome: PurgeOutcome | undefined, fault: Fault | undefined): void {
  if (outcome === undefined) {
    expect(reallyDeleted(world)).toBe(0);
    return;
  }
  const claimsTooMuch = fault?.kind === "partial" && fault.claims !== undefined;
  if (!outcome.estimated && !claimsTooMuch) expect(outcome.deleted).toBe(reallyDeleted(world));
  expect(outcome.deleted).toBe(outcome.tags.reduce((sum, { deleted }) => sum + deleted, 0));
}

/** Undefined for a purge that says that it deleted nothing. */
async function outcomeOf(work: Promise<PurgeOutcome>): Promise<PurgeOutcome | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof PurgeIncompleteError) return error.outcome;
    expect(error).toBeInstanceOf(Error);
    if (error instanceof Error) expect(error.message).toContain("nothing was deleted");
    return undefined;
  }
}

function seeded(containers: Readonly<Record<string, { documents: number; alsoIn: string | undefined }>>) {
  return Object.fromEntries(
    Object.entries(containers).map(([tag, { alsoIn, documents }]) => [
      tag,
      { documents, each: alsoIn === undefined || alsoIn === tag ? {} : { alsoIn: [alsoIn] } },
    ]),
  );
}

function bystanders({ emulator }: World): readonly string[] {
  return emulator.documents("bystander").map(({ id }) => id);
}

function events() {
  return fc.constantFrom<PurgeEvent>("create", "update", "delete");
}
