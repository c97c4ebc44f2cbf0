import { openProvider } from "../support/host-calls";
import { containing } from "../support/host-matchers";
import { OneResourceStack, urnOfMemory } from "../support/host-stack";
import { mutations, sent, startEmulator } from "../support/host-emulator";

const news = { containerTags: ["pr-42"], __provider: "text", __urn: urnOfMemory };
const secret = "private-words";
const flat = 'expected a flat object of strings, numbers and booleans, such as { source: "upload" }';

describe("check refuses", () => {
  test.each([
    ["30", '"30" is not a duration such as "30 days", "12h" or "1h30m"'],
    ["", '"" is not a duration'],
    ["30 fortnights", '"30 fortnights" is not a duration'],
    ["-3 days", '"-3 days" is not a duration'],
    ["0s", '"0s" is not a duration'],
    [30, 'expected a duration, such as "30 days" or "12h"'],
    [null, 'expected a duration, such as "30 days" or "12h"'],
  ])("%j as olderThan and as newerThan", async (value, reason) => {
    for (const name of ["olderThan", "newerThan"]) {
      expect(await failures({ select: { [name]: value } })).toEqual([
        { property: "", reason: containing(`select.${name}: ${reason}`) },
      ]);
    }
  });

  test.each([
    ["30 days", "30 days"],
    ["30 days", "12h"],
    ["1h", "60m"],
  ])("olderThan %s together with newerThan %s, which leave no document", async (olderThan, newerThan) => {
    const reason = `select: no document is older than "${olderThan}" and newer than "${newerThan}"; newerThan must be longer than olderThan`;
    expect(await failures({ select: { olderThan, newerThan } })).toEqual([{ property: "", reason }]);
  });

  test.each([
    [
      "finished",
      '"finished" is not a status; allowed values are unknown, queued, extracting, chunking, embedding, indexing, done, failed',
    ],
    [["done", "Failed"], '"Failed" is not a status'],
    [[], "the list is empty, so it selects nothing"],
    [7, "7 is not a status"],
  ])("the status %j", async (status, reason) => {
    expect(await failures({ select: { status } })).toEqual([
      { property: "", reason: containing(`select.status: ${reason}`) },
    ]);
  });

  test.each([
    ["text", secret],
    ["a list", [secret]],
    ["an object in it", { a: { b: secret } }],
    ["a list in it", { a: [secret] }],
    ["null in it", { a: null, b: secret }],
    ["a number that is none", { a: Number.NaN, b: secret }],
  ])("metadata that is %s, without a print of it", async (_what, metadata) => {
    const found = await failures({ select: { metadata } });
    expect(found).toEqual([{ property: "", reason: `select.metadata: ${flat}` }]);
  });

  test.each<[string, unknown, string]>([
    ["nothing", {}, "select: it is empty; set one of olderThan, newerThan, status, metadata"],
    ["empty metadata", { metadata: {} }, "select.metadata: the object is empty"],
    [
      "an unknown field",
      { olderthan: "30 days" },
      "select: unknown field olderthan; allowed fields are olderThan, newerThan",
    ],
    ["text", "30 days", "select: expected an object with olderThan, newerThan, status, metadata"],
    ["a list", [], "select: expected an object with olderThan, newerThan, status, metadata"],
  ])("select with %s", async (_what, select, reason) => {
    expect(await failures({ select })).toEqual([{ property: "", reason: containing(reason) }]);
  });

  test.each([
    ["select", { select: { metadata: { secret } } }],
    ['deleteBy: "ids"', { deleteBy: "ids" }],
    ["sharedDocuments", { sharedDocuments: "keep" }],
    ["sharedDocuments", { sharedDocuments: "refuse" }],
  ])('scope "container" together with %s', async (name, args) => {
    const reason = `scope: "container" deletes each container as a whole, so it cannot be combined with ${name}\nremove one of the two`;
    expect(await failures({ scope: "container", ...args })).toEqual([{ property: "scope", reason }]);
  });

  test.each([
    ["scope", "everything", 'allowed values are "documents" and "container" (with its memories)'],
    ["deleteBy", "id", 'allowed values are "tag" and "ids"'],
    ["sharedDocuments", "skip", 'allowed values are "delete", "keep" and "refuse"'],
  ])("the %s %j", async (property, value, reason) => {
    expect(await failures({ [property]: value })).toEqual([{ property, reason }]);
  });

  test("the whole purge when one of its tags matches no glob of allowedTags, and names the tag", async () => {
    const emulator = await startEmulator({ "pr-42": 5, other: 2 });
    const stack = new OneResourceStack(emulator, { config: { "supermemory:allowedTags": "pr-*,test-?" } });
    const { failures: found } = await stack.up({ containerTags: ["pr-42", "other"] });
    expect(found).toEqual([
      {
        property: "containerTags",
        reason: '"other" does not match allowedTags (pr-* and test-?)\nadd a glob that matches it to allowedTags',
      },
    ]);
    expect([sent(emulator), emulator.containers()]).toMatchObject([[], { "pr-42": 5, other: 2 }]);
  });

  test.each(["keep", "refuse"])(
    "sharedDocuments: %s where v5 is pinned, unless nothing is purged",
    async (sharedDocuments) => {
      const provider = openProvider({ config: { "supermemory:apiVersion": "v5" } });
      const { failures: found } = await provider.check({}, { ...news, sharedDocuments });
      expect(found).toEqual([
        {
          property: "sharedDocuments",
          reason: containing(`sharedDocuments: "${sharedDocuments}" is not supported on API v5`),
        },
      ]);
      expect((await provider.check({}, { ...news, sharedDocuments, purgeOn: [] })).failures).toEqual([]);
      expect((await provider.check({}, { ...news, sharedDocuments: "delete" })).failures).toEqual([]);
    },
  );
});

describe("check lets pass", () => {
  test.each(["30 days", "1 day", "12h", "90s", "1h30m", "1.5h"])("%s as a duration", async (olderThan) => {
    expect(await failures({ select: { olderThan } })).toEqual([]);
  });

  test("one status for a list of one, and statuses as a set", async () => {
    const { inputs } = await openProvider({}).check({}, { ...news, select: { status: "done" } });
    expect(inputs["select"]).toEqual({ status: ["done"] });
    const more = await openProvider({}).check({}, { ...news, select: { status: ["failed", "done", "failed"] } });
    expect(more.inputs["select"]).toEqual({ status: ["done", "failed"] });
  });

  test("tags in allowProtectedTags that containerTags does not name, with a warning", async () => {
    const provider = openProvider({});
    const args = { ...news, allowProtectedTags: ["eu-prod", "live"] };
    expect((await provider.check({}, args)).failures).toEqual([]);
    expect(provider.lines).toEqual([
      "warning: allowProtectedTags contains eu-prod and live, which are not in containerTags. They only apply to documents that also carry them",
    ]);
    const named = openProvider({});
    await named.check({}, { ...args, containerTags: ["eu-prod", "live"] });
    expect(named.lines).toEqual([]);
  });

  test("tags into which the program wrote a value that is not there, with a warning", async () => {
    const provider = openProvider({});
    const containerTags = [
      "pr-undefined",
      "null:cache",
      "pr_NaN",
      "undefined-behaviour",
      "pr-undefinedness",
      "nullable",
    ];
    expect((await provider.check({}, { ...news, containerTags })).failures).toEqual([]);
    expect(provider.lines).toEqual([
      'warning: the tags "pr-undefined", "null:cache", "pr_NaN" and 1 more look like unset variables',
    ]);
  });
});

test.each(["Skip", "1", "skip,all"])(
  "SUPERMEMORY_PURGE=%s deletes nothing in create, update and delete",
  async (value) => {
    const emulator = await startEmulator({ "pr-42": 5, more: 2 });
    const stack = new OneResourceStack(emulator);
    const env = { SUPERMEMORY_PURGE: value };
    const problem = `SUPERMEMORY_PURGE has an invalid value: "${value}"; nothing was deleted\nset it to "skip", or unset it`;
    expect((await stack.up({ containerTags: ["pr-42"] }, env)).error).toBe(problem);
    await stack.up({ containerTags: ["pr-42"], purgeOn: ["delete"] });
    expect((await stack.up({ containerTags: ["pr-42", "more"], purgeOn: ["create"] }, env)).error).toBe(problem);
    expect((await stack.destroy(env)).error).toBe(problem);
    expect([mutations(emulator), emulator.containers()]).toMatchObject([[], { "pr-42": 5, more: 2 }]);
  },
);

async function failures(args: Readonly<Record<string, unknown>>) {
  const provider = openProvider({});
  const checked = await provider.check({}, { ...news, ...args });
  expect(JSON.stringify([checked.failures, provider.lines])).not.toContain(secret);
  return checked.failures;
}
