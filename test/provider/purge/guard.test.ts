import { RefusedError } from "../../../provider/errors";
import { guardAddress, guardApiVersion, guardPlan, sharedWith, withClockGuard } from "../../../provider/purge/guard";
import type { Guardrails, PurgeEvent, PurgeMethod, TagPlan } from "../../../provider/purge/types";
import { byIds, tell, testStories, whole } from "../support/stories";
import { errorOf, expectSound, guardrails, purgeTags, startWorld } from "../support/world";

const byTag: PurgeMethod = { kind: "tag" };
const sharing = (sharedDocuments: "keep" | "refuse"): PurgeMethod => ({ ...byIds, sharedDocuments });
const api = "https://api.supermemory.ai";

describe("the address", () => {
  test.each([
    ["no address is recorded", null, undefined],
    ["the recorded one is the same", api, undefined],
    ["the recorded one has another path", `${api}/v3/`, undefined],
    ["the new origin is accepted", "http://127.0.0.1:1", api],
  ])("passes if %s", (_what, recorded, accepted) => {
    expect(refusalOf(guardAddress, "memory", at(recorded, accepted))).toBeUndefined();
  });

  test.each([
    ["another port", `${api}:1`, undefined],
    ["another scheme", "http://api.supermemory.ai", undefined],
    ["another host", "https://eu.supermemory.ai", undefined],
    ["something that is no URL", "nowhere", undefined],
    ["another address while a third is accepted", "https://eu.supermemory.ai", "http://127.0.0.1:1"],
  ])("is refused after a purge at %s", (_what, recorded, accepted) => {
    expect(refusalOf(guardAddress, "memory", at(recorded, accepted))).toEqual({
      property: "baseUrl",
      message: `memory was last purged at ${recorded}, but the API address is now ${api}\nto accept the new address, set SUPERMEMORY_ACCEPT_BASE_URL=${api} for this command`,
    });
  });

  testStories({
    "is checked before anything is sent": {
      ...{ containers: { "pr-42": 5 }, address: { recorded: api }, deleted: 0, sent: [] },
      fails: /but the API address is now http:\S+; nothing was deleted\n/,
    },
  });

  function at(recorded: string | null, accepted: string | undefined): Guardrails {
    return guardrails({ address: { now: api, recorded, accepted } });
  }
});

describe("the API version", () => {
  test.each([
    ["v3", sharing("keep")],
    ["v3", sharing("refuse")],
    ["v5", byIds],
    ["v5", byTag],
    ["v5", whole],
  ] as const)("%s supports %j", (version, method) => {
    expect(refusalOf(guardApiVersion, method, version)).toBeUndefined();
  });

  test.each(["keep", "refuse"] as const)("v5 does not support sharedDocuments %s", async (shared) => {
    const refusal = {
      property: "sharedDocuments",
      message: `sharedDocuments: "${shared}" is not supported on API v5, which does not return a document's tags\nto delete shared documents too, set sharedDocuments: "delete"`,
    };
    expect(refusalOf(guardApiVersion, sharing(shared), "v5")).toEqual(refusal);
    const none = { tags: [], total: 0, apiVersion: "v5" } as const;
    expect(refusalOf(guardPlan, none, sharing(shared), guardrails())).toEqual(refusal);
    const containers = { "pr-42": 5 };
    const purge = {
      apiVersion: "v5",
      containers,
      method: sharing(shared),
      fails: "not supported",
      deleted: 0,
    } as const;
    expect((await tell(purge)).error).toMatchObject({ name: "RefusedError", property: "sharedDocuments" });
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
    const message = `this would delete 12 documents (pr-42: 5, pr-43: 7), more than maxDeletions (${maxDeletions})\n${hints}`;
    const planned = tags.map((tag) => ({ ...tag, event }));
    expect(guarded(planned, method, { maxDeletions })).toEqual(hints && { property: "maxDeletions", message });
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

  const two = { containers: { "pr-42": 5, "pr-43": 7 }, tags: ["pr-42", "pr-43"] };

  testStories({
    "is checked before anything is deleted": {
      ...{ ...two, maxDeletions: 11, deleted: 0, sent: ["list pr-42", "list pr-43"] },
      fails: "(pr-42: 5, pr-43: 7), more than maxDeletions (11); nothing was deleted\n",
    },
    "also stops what was not deleted yet when documents are written after the count": {
      ...{ ...two, concurrency: 1, maxDeletions: 12 },
      faults: [
        { match: { containerTag: "pr-42", route: "documents.list" }, then: { kind: "lateWriter", documents: 3 } },
      ],
      fails:
        /then new documents were written, so this would delete 15 documents, more than maxDeletions \(12\): 8 deleted so far, 7 left to delete.*\nraise maxDeletions, or stop the writer\n/,
      deleted: 8,
      results: [{ deleted: 8, done: true }, { remaining: 7 }],
      deletes: ["delete pr-42"],
    },
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
    expect(guarded([planOf({ count: 2 }), planOf({ containerTag: "pr-43", outside })], sharing("refuse"))).toEqual({
      property: "sharedDocuments",
      message:
        '1 document in pr-43 also carries tags outside this purge, such as "elsewhere", and sharedDocuments is "refuse"\nto keep these documents, set sharedDocuments: "keep"\nto delete them, set sharedDocuments: "delete"',
    });
  });

  const production = { containers: { "pr-42": { documents: [{}, { alsoIn: ["production"] }] } } };
  let requests = 0;

  testStories({
    "stop the purge before anything is deleted if the tag is protected": {
      ...{ ...production, deleted: 0, sent: ["list pr-42"] },
      fails: /^1 document in pr-42 also carries "production", .*; nothing was deleted\n/,
    },
    "go if the tag is allowed": { ...production, allowProtectedTags: allowed("production"), deleted: 2 },
    "stop a later round too": {
      ...{ containers: { "pr-42": 5 }, event: "delete" },
      faults: [
        { match: { route: "documents.deleteBulk" }, then: { kind: "lateWriter", documents: 1, containerTag: "pr-42" } },
      ],
      session: ({ emulator }) => ({
        onAttempt: () => {
          const documents = [{ createdAt: "2026-01-01T00:00:01Z", alsoIn: ["live"] }];
          if ((requests += 1) === 3) emulator.seed({ containers: { "pr-42": { documents } } });
        },
      }),
      fails: /then 1 document in pr-42 also carries "live"(?!.*nothing was deleted)/s,
      deleted: 5,
      results: [{ remaining: 2 }],
    },
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
    ["by ids", byIds, true],
    ["by status", { ...byIds, select: { status: ["done"] } }, true],
    ["by minimum age", { ...byIds, select: { olderThanMs: 1 } }, false],
    ["by maximum age", { ...byIds, select: { newerThanMs: day } }, false],
  ])("matters to a purge by age only: %s", async (_how, method, passes) => {
    const containers = { "pr-42": { documents: [{ createdAt: "2025-12-31T23:00:00Z" }] } };
    const [world, server] = [await startWorld(), await startWorld({ containers })];
    world.clock.advance(6 * minute);
    const purged = purgeTags(world, ["pr-42"], { method, session: { api: server.session.api } });
    if (passes) expect((await purged).deleted).toBe(1);
    else expect((await errorOf(purged)).message).toContain("would be wrong; nothing was deleted\n");
    expectSound(server, passes ? 1 : 0);
  });

  async function skewed(skew: number) {
    const { clock, session } = await startWorld();
    return refusalOf((time: number) => withClockGuard(session).onServerTime?.(time), clock.now() - skew);
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
  return refusalOf(guardPlan, { tags, total, apiVersion: "v3" }, method, guardrails(rules));
}

/** Property and message of a refusal; undefined if there is none. */
function refusalOf<Asked extends readonly unknown[]>(guard: (...asked: Asked) => void, ...asked: Asked) {
  try {
    guard(...asked);
    return undefined;
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    return { property: error.property, message: error.message };
  }
}
