import { mutations } from "../support/host-emulator";
import { containing, matching } from "../support/host-matchers";
import { deployed, startStack } from "../support/host-stack";

const args = { containerTags: ["pr-42"], purgeOn: ["delete"] };
const [wouldFail, keys] = ["warning: pulumi destroy would fail: ", "warning: the API key changed since the last purge"];
const second = { apiKeys: [{ key: "sm_first" }, { key: "sm_second" }] };
const elsewhere = "http://127.0.0.1:9";

/** What a destroy would trip over and needs no list. */
const withoutList: readonly (readonly [string, Readonly<Record<string, string | undefined>>, string])[] = [
  ["without a key", { SUPERMEMORY_API_KEY: undefined }, `${wouldFail}no API key is set\nrun: pulumi config set`],
  ["with another key", { SUPERMEMORY_API_KEY: "sm_second" }, keys],
  ["at another address", { SUPERMEMORY_BASE_URL: elsewhere }, `${wouldFail}memory was last purged at http`],
  ["with a tag that became protected", { SUPERMEMORY_PROTECTED_TAGS: "pr-42" }, `${wouldFail}"pr-42" is protected`],
];

describe("what a destroy would trip over", () => {
  test.each(withoutList)(
    "%s: every preview and up that changes nothing warns, and neither fails",
    async (_what, env, line) => {
      const { emulator, stack } = await deployed({ "pr-42": 4 }, args, second);
      for (let round = 1; round <= 2; round += 1) {
        const preview = await stack.preview(args, env);
        expect([preview.error, preview.failures, preview.changes]).toEqual([undefined, [], false]);
        expect(preview.lines).toEqual([containing(line)]);
        const sentBefore = emulator.requests.length;
        const up = await stack.up(args, env);
        expect([up.error, up.failures, up.changes, up.lines]).toEqual([undefined, [], false, [containing(line)]]);
        expect(emulator.requests.length).toBe(sentBefore + (line === keys ? 1 : 0));
      }
    },
  );

  test.each(withoutList)("%s: an up that changes another argument warns once", async (_what, env, line) => {
    const { stack } = await deployed({ "pr-42": 4 }, args, second);
    const up = await stack.up({ ...args, maxDeletions: 9 }, env);
    expect([up.error, up.changes, up.lines]).toEqual([undefined, true, [containing(line)]]);
  });

  test.each(withoutList)(
    "%s is no matter where nothing is purged: purgeOn is empty, or the command skips",
    async (_what, env) => {
      const { stack } = await deployed({ "pr-42": 4 }, { ...args, purgeOn: [] }, second);
      const expected = env["SUPERMEMORY_API_KEY"] === undefined ? [] : [containing(keys)];
      expect((await stack.up({ ...args, purgeOn: [] }, env)).lines).toEqual(expected);
      expect((await stack.up({ ...args, purgeOn: [] }, { ...env, SUPERMEMORY_PURGE: "skip" })).lines).toEqual([]);
    },
  );

  test("with an address that the command accepts: no warning", async () => {
    const { stack } = await deployed({ "pr-42": 4 }, args);
    const env = { SUPERMEMORY_BASE_URL: elsewhere, SUPERMEMORY_ACCEPT_BASE_URL: elsewhere };
    expect((await stack.up(args, env)).lines).toEqual([]);
  });

  test("a tag that is protected by the program's own change is refused by check, as before", async () => {
    const { stack } = await deployed(
      { "eu-prod": 4 },
      { ...args, containerTags: ["eu-prod"], allowProtectedTags: ["eu-prod"] },
    );
    const { failures } = await stack.up({ ...args, containerTags: ["eu-prod"] });
    expect(failures).toEqual([{ property: "containerTags", reason: containing('"eu-prod" is protected') }]);
    const { stack: idle } = await deployed({ "eu-prod": 4 }, { containerTags: ["eu-prod"], purgeOn: [] });
    expect((await idle.up({ ...args, containerTags: ["eu-prod"] })).failures).toHaveLength(1);
  });

  const shared = { "pr-42": { documents: [{ content: "a note", alsoIn: ["eu-prod"] }, { content: "a note" }] } };
  test.each<[string, Parameters<typeof startStack>[0], object, string]>([
    [
      "more documents than the limit",
      { "pr-42": 4 },
      { maxDeletions: 3 },
      "this would delete 4 documents in pr-42, more than maxDeletions (3)",
    ],
    [
      "the same, by ids",
      { "pr-42": 4 },
      { maxDeletions: 3, deleteBy: "ids" },
      "this would delete 4 documents in pr-42",
    ],
    ["documents with a protected tag", shared, {}, '1 document in pr-42 also carries "eu-prod"'],
    [
      "shared documents, refused",
      { "pr-42": { documents: [{ content: "a note", alsoIn: ["pr-1"] }] } },
      { sharedDocuments: "refuse" },
      "1 document in pr-42 also carries tags outside this purge",
    ],
  ])("%s: previews and refreshes warn", async (_what, containers, how, reason) => {
    const { emulator, stack } = await startStack(containers);
    const all = { ...args, ...how };
    const line = containing(wouldFail + reason);
    expect((await stack.preview(all)).lines).toEqual([line]);
    expect((await stack.up(all)).lines).toEqual([]);
    expect((await stack.preview(all)).lines).toEqual([line]);
    const refresh = await stack.refresh();
    expect([refresh.error, refresh.lines]).toEqual([
      undefined,
      [matching(/^\d documents? in pr-42(?!.*destroy)/), line],
    ]);
    expect((await stack.destroy()).error).toContain(reason);
    expect(mutations(emulator)).toEqual([]);
  });

  test("documents that a purge by ids keeps are no reason, though they are over the limit", async () => {
    const { stack } = await startStack(shared);
    const all = { ...args, deleteBy: "ids", maxDeletions: 1 };
    expect((await stack.preview(all)).lines).toEqual([]);
    await stack.up(all);
    const counted = "2 documents in pr-42; destroy will delete 1 of them; keeps 1 document: also in ";
    expect((await stack.refresh()).lines).toEqual([containing(counted)]);
  });

  test("the limit counts what the operation itself does not purge, and the destroy's variable raises it", async () => {
    const { stack } = await deployed({ "pr-42": 4, cache: 9 }, { ...args, purgeOn: ["create", "delete"] });
    const both = { containerTags: ["pr-42", "cache"], purgeOn: ["create", "delete"], maxDeletions: 9 };
    expect((await stack.preview(both)).lines).toEqual([containing("will delete 9 documents in cache")]);
    const { stack: large } = await deployed({ "pr-42": 4 }, { ...args, maxDeletions: 3 });
    const raised = { SUPERMEMORY_PURGE_MAX_DELETIONS: "4" };
    expect((await large.preview({ ...args, maxDeletions: 3 }, raised)).lines).toEqual([]);
  });
});
