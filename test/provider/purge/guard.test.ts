import type { FaultRule } from "../../../emulator/index";
import { guardAddress, guardApiVersion, guardPlan, sharedWith, withClockGuard } from "../../../provider/purge/guard";
import type { Guardrails, PurgeEvent, PurgeMethod, TagPlan } from "../../../provider/purge/types";
import { errorOf, expectSound, guardrails, incomplete, purgeTags, sent, startWorld } from "../support/world";

const byTag: PurgeMethod = { kind: "tag" };
const whole: PurgeMethod = { kind: "container" };
const byIds = (sharedDocuments: "delete" | "keep" | "refuse"): PurgeMethod => ({
  kind: "ids",
  select: undefined,
  sharedDocuments,
});
const api = "https://api.supermemory.ai";

describe("the address", () => {
  test.each([
    ["no address is recorded", null, undefined],
    ["the recorded one is the same", api, undefined],
    ["the recorded one has another path", `${api}/v3/`, undefined],
    ["the new origin is accepted", "http://127.0.0.1:1", api],
  ])("passes if %s", (_what, recorded, accepted) => {
    expect(
      refusalOf(() => {
        guardAddress("memory", at(recorded, accepted));
      }),
    ).toBeUndefined();
  });

  test.each([
    ["another port", `${api}:1`, undefined],
    ["another scheme", "http://api.supermemory.ai", undefined],
    ["another host", "https://eu.supermemory.ai", undefined],
    ["something that is no URL", "nowhere", undefined],
    ["another address while a third is accepted", "https://eu.supermemory.ai", "http://127.0.0.1:1"],
  ])("is refused after a purge at %s", (_what, recorded, accepted) => {
    expect(
      refusalOf(() => {
        guardAddress("memory", at(recorded, accepted));
      }),
    ).toEqual({
      property: "baseUrl",
      message: `memory was last purged at ${recorded}, but the API address is now ${api}\nto accept the new address, set SUPERMEMORY_ACCEPT_BASE_URL=${api} for this command`,
    });
  });

  test("is checked before anything is sent", async () => {
    const world = await startWorld({ containers: { "pr-42": 5 } });
    const error = await errorOf(purgeTags(world, ["pr-42"], { address: { recorded: api } }));
    expect(error.message).toMatch(/but the API address is now http:\S+; nothing was deleted\n/);
    expect(sent(world)).toEqual([]);
    const accepted = { recorded: api, accepted: world.emulator.url };
    expectSound(world, (await purgeTags(world, ["pr-42"], { address: accepted })).deleted);
  });

  function at(recorded: string | null, accepted: string | undefined): Guardrails {
    return guardrails({ address: { now: api, recorded, accepted } });
  }
});

describe("the API version", () => {
  test.each([
    ["v3", byIds("keep")],
    ["v3", byIds("refuse")],
    ["v5", byIds("delete")],
    ["v5", byTag],
    ["v5", whole],
  ] as const)("%s supports %j", (version, method) => {
    expect(
      refusalOf(() => {
        guardApiVersion(method, version);
      }),
    ).toBeUndefined();
  });

  test.each(["keep", "refuse"] as const)("v5 does not support sharedDocuments %s", async (shared) => {
    expect(
      refusalOf(() => {
        guardApiVersion(byIds(shared), "v5");
      }),
    ).toEqual({
      property: "sharedDocuments",
      message: `sharedDocuments: "${shared}" is not supported on API v5, which does not return a document's tags\nto delete shared documents too, set sharedDocuments: "delete"`,
    });
    expect(() => {
      guardPlan({ tags: [], total: 0, apiVersion: "v5" }, byIds(shared), guardrails());
    }).toThrow("is not supported on API v5");
    const world = await startWorld({ apiVersion: "v5", containers: { "pr-42": 5 } });
    const error = await errorOf(purgeTags(world, ["pr-42"], { method: byIds(shared) }));
    expect(error).toMatchObject({ name: "RefusedError", property: "sharedDocuments" });
    expectSound(world, 0);
  });
});

describe("the limit", () => {
  const tags = [planOf({ count: 5 }), planOf({ containerTag: "pr-43", count: 7 }), planOf({ containerTag: "pr-44" })];

  test.each<[string, number, PurgeMethod, PurgeEvent, string | undefined]>([
    ["as many as allowed", 12, byTag, "create", undefined],
    ["one more", 11, byTag, "create", "raise maxDeletions, or purge fewer tags"],
    ["one more of a policy", 11, byTag, "policy", "raise maxDeletions, or narrow match"],
    [
      "one more at delete",
      11,
      byTag,
      "delete",
      "raise maxDeletions, or purge fewer tags\nfor this command only, set SUPERMEMORY_PURGE_MAX_DELETIONS=12",
    ],
  ])("counts the documents of all tags: %s", (_what, maxDeletions, method, event, hints) => {
    const message =
      hints && `this would delete 12 documents in pr-42 and pr-43, more than maxDeletions (${maxDeletions})\n${hints}`;
    expect(
      guarded(
        tags.map((tag) => ({ ...tag, event })),
        method,
        { maxDeletions },
      ),
    ).toEqual(message === undefined ? undefined : { property: "maxDeletions", message });
  });

  test("of 0 passes an empty container, but not its deletion with its memories", () => {
    expect(guarded([planOf({})], byTag, { maxDeletions: 0 })).toBeUndefined();
    expect(guarded([planOf({})], whole, { maxDeletions: 1 })).toBeUndefined();
    expect(guarded([planOf({ event: "delete" })], whole, { maxDeletions: 0 })).toEqual({
      property: "maxDeletions",
      message:
        'this would delete pr-42 with all memories, but maxDeletions is 0\nraise maxDeletions, or set scope: "documents"\nfor this command only, set SUPERMEMORY_PURGE_MAX_DELETIONS=1',
    });
  });

  test("is checked before anything is deleted", async () => {
    const world = await startWorld({ containers: { "pr-42": 5, "pr-43": 7 } });
    const error = await errorOf(purgeTags(world, ["pr-42", "pr-43"], { maxDeletions: 11 }));
    expect(error.message).toContain("in pr-42 and pr-43, more than maxDeletions (11); nothing was deleted\n");
    expect(sent(world)).toEqual(["list pr-42", "list pr-43"]);
    expectSound(world, 0);
  });

  test("also stops what was not deleted yet when documents are written after the count", async () => {
    const faults: FaultRule[] = [
      { match: { containerTag: "pr-42", route: "documents.list" }, then: { kind: "lateWriter", documents: 3 } },
    ];
    const world = await startWorld({ containers: { "pr-42": 5, "pr-43": 7 }, faults, concurrency: 1 });
    const { message, outcome } = await incomplete(purgeTags(world, ["pr-42", "pr-43"], { maxDeletions: 12 }));
    expect(message).toContain(
      "then new documents were written, so this would delete 15 documents, more than maxDeletions (12): 8 deleted so far, 7 left to delete",
    );
    expect(message).toContain("\nraise maxDeletions, or stop the writer\n");
    expect(outcome.tags).toMatchObject([
      { deleted: 8, done: true },
      { deleted: 0, remaining: 7, done: false },
    ]);
    expect(sent(world)).not.toContain("delete pr-43");
    expectSound(world, 8);
  });
});

describe("documents that also carry another tag", () => {
  const carries = (...tags: readonly (readonly [string, number])[]) => planOf({ count: 9, alsoCarried: new Map(tags) });

  test.each<[string, TagPlan, PurgeMethod, Partial<Guardrails>, string | undefined]>([
    ["an ordinary tag", carries(["elsewhere", 9]), byTag, {}, undefined],
    [
      "a protected tag",
      carries(["elsewhere", 9], ["eu-live", 1]),
      byTag,
      {},
      '1 document in pr-42 also carries "eu-live", which is protected because it contains the segment "live"\nto delete only the other documents, set deleteBy: "ids"\nto delete them anyway, add "eu-live" to allowProtectedTags',
    ],
    [
      "a tag of protectedTags, in a purge of containers",
      carries(["keep-me", 2]),
      whole,
      { protectedTags: ["keep-me"] },
      '2 documents in pr-42 also carry "keep-me", which is protected because protectedTags contains it\nto delete them anyway, add "keep-me" to allowProtectedTags',
    ],
    [
      "a protected tag, in a policy",
      { ...carries(["live", 2]), event: "policy" },
      byTag,
      {},
      '2 documents in pr-42 also carry "live", which is protected because it contains the segment "live"\nto keep pr-42, add it to except',
    ],
    ["an allowed protected tag", carries(["live", 1]), byTag, { allowProtectedTags: allowed("live") }, undefined],
    [
      "a protected tag that is allowed for removed tags, on destroy",
      { ...carries(["live", 1]), event: "delete" },
      byTag,
      { allowProtectedTags: { managed: [], removed: ["live"] } },
      undefined,
    ],
  ])("%s", (_what, tag, method, rules, message) => {
    expect(guarded([tag], method, rules)).toEqual(message && { property: "containerTags", message });
    expect(sharedWith(tag, method, guardrails(rules))?.message).toBe(message);
  });

  test("a tag outside the purge, with sharedDocuments refuse", () => {
    const outside = { documents: 1, containerTag: "elsewhere" };
    expect(guarded([planOf({ count: 2 }), planOf({ containerTag: "pr-43", outside })], byIds("refuse"))).toEqual({
      property: "sharedDocuments",
      message:
        '1 document in pr-43 also carries tags outside this purge, such as "elsewhere", and sharedDocuments is "refuse"\nto keep these documents, set sharedDocuments: "keep"\nto delete them, set sharedDocuments: "delete"',
    });
  });

  test("stop the purge before anything is deleted if the tag is protected", async () => {
    const world = await startWorld({ containers: { "pr-42": { documents: [{}, { alsoIn: ["production"] }] } } });
    const error = await errorOf(purgeTags(world, ["pr-42"]));
    expect(error.message).toMatch(/^1 document in pr-42 also carries "production", .*; nothing was deleted\n/);
    expect(sent(world)).toEqual(["list pr-42"]);
    expectSound(world, 0);
    const allowProtectedTags = allowed("production");
    expectSound(world, (await purgeTags(world, ["pr-42"], { allowProtectedTags })).deleted);
  });

  test("stop a later round too", async () => {
    const then = { kind: "lateWriter", documents: 1, containerTag: "pr-42" } as const;
    const faults: FaultRule[] = [{ match: { route: "documents.deleteBulk" }, then }];
    const world = await startWorld({ containers: { "pr-42": 5 }, faults });
    let requests = 0;
    const onAttempt = (): void => {
      requests += 1;
      const createdAt = "2026-01-01T00:00:01Z";
      if (requests === 3)
        world.emulator.seed({ containers: { "pr-42": { documents: [{ createdAt, alsoIn: ["live"] }] } } });
    };
    const { message, outcome } = await incomplete(
      purgeTags(world, ["pr-42"], { event: "delete", session: { onAttempt } }),
    );
    expect(message).toContain('then 1 document in pr-42 also carries "live"');
    expect(message).not.toContain("nothing was deleted");
    expect(outcome.tags).toMatchObject([{ deleted: 5, remaining: 2, done: false }]);
    expectSound(world, 5);
  });
});

describe("this machine's clock", () => {
  const minute = 60_000;
  const day = 1_440 * minute;

  test.each([
    ["6 minutes ahead of", 6 * minute],
    ["3 hours behind", -180 * minute],
    ["297 days ahead of", 297 * day],
  ])("that is %s the API's is refused", async (shown, skew) => {
    expect(await skewed(skew)).toEqual({
      property: "",
      message: `this machine's clock is ${shown} the API's, so document ages would be wrong\nset the clock, then run the same command again`,
    });
  });

  test.each([5 * minute, -5 * minute])("may differ by %d ms", async (skew) => {
    expect(await skewed(skew)).toBeUndefined();
  });

  test.each<[string, PurgeMethod, boolean]>([
    ["by tag", byTag, true],
    ["by ids", byIds("delete"), true],
    ["by status", { kind: "ids", select: { status: ["done"] }, sharedDocuments: "delete" }, true],
    ["by minimum age", { kind: "ids", select: { olderThanMs: 1 }, sharedDocuments: "delete" }, false],
    ["by maximum age", { kind: "ids", select: { newerThanMs: day }, sharedDocuments: "delete" }, false],
  ])("matters to a purge by age only: %s", async (_how, method, passes) => {
    const world = await startWorld({ containers: { "pr-42": { documents: [{ createdAt: "2025-12-31T23:00:00Z" }] } } });
    const server = await startWorld({
      containers: { "pr-42": { documents: [{ createdAt: "2025-12-31T23:00:00Z" }] } },
    });
    world.clock.advance(6 * minute);
    const purged = purgeTags(world, ["pr-42"], { method, session: { api: server.session.api } });
    if (passes) expect((await purged).deleted).toBe(1);
    else expect((await errorOf(purged)).message).toContain("would be wrong; nothing was deleted\n");
    expectSound(server, passes ? 1 : 0);
  });

  async function skewed(skew: number) {
    const { clock, session } = await startWorld();
    return refusalOf(() => withClockGuard(session).onServerTime?.(clock.now() - skew));
  }
});

function allowed(tag: string): Guardrails["allowProtectedTags"] {
  return { managed: [tag], removed: [] };
}

function planOf(given: Partial<TagPlan>): TagPlan {
  const seen = { newest: 0, alsoCarried: new Map<string, number>(), allTagsSeen: true, kept: [] };
  return { containerTag: "pr-42", event: "create", count: 0, listed: given.count ?? 0, ...seen, ...given };
}

function guarded(tags: readonly TagPlan[], method: PurgeMethod, rules: Partial<Guardrails> = {}) {
  const total = tags.reduce((sum, { count }) => sum + count, 0);
  return refusalOf(() => {
    guardPlan({ tags, total, apiVersion: "v3" }, method, guardrails(rules));
  });
}

/** Property and message of a refusal; undefined if there is none. */
function refusalOf(work: () => void): { readonly property: string; readonly message: string } | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof Error && "property" in error)
      return { property: String(error.property), message: error.message };
    throw error;
  }
}
