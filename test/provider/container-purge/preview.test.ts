import { OneResourceStack } from "../support/host-stack";
import { containing } from "../support/host-matchers";
import { mutations, sent, startEmulator } from "../support/host-emulator";

const args = { containerTags: ["pr-42"] };
const managed = { ...args, purgeOn: ["delete"] };
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const wipes =
  'creating this resource deletes existing documents. To keep them, set purgeOn: ["delete"]. If you renamed or moved the resource, set aliases';

describe("the preview of a new resource", () => {
  test("counts and announces, and says how to keep what is there", async () => {
    const emulator = await startEmulator({ "pr-42": 128, "pr-43": 1 });
    const { lines } = await new OneResourceStack(emulator).preview({ containerTags: ["pr-42", "pr-43"] });
    expect(lines).toEqual([`will delete 129 documents in pr-42 and pr-43 (limit 10,000)\n${wipes}`]);
    expect(sent(emulator)).toEqual(["POST pr-42", "POST pr-43"]);
  });

  test("says when there is nothing to delete", async () => {
    const emulator = await startEmulator({});
    const { lines } = await new OneResourceStack(emulator).preview(args);
    expect(lines).toEqual(["nothing to delete in pr-42"]);
  });

  test("sends nothing when create does not purge", async () => {
    const emulator = await startEmulator({ "pr-42": 5 });
    expect((await new OneResourceStack(emulator).preview(managed)).lines).toEqual([]);
    expect(sent(emulator)).toEqual([]);
  });

  test.each([
    ["containerTags", { containerTags: ["pr-42", unknown] }],
    ["purgeOn", { ...args, purgeOn: unknown }],
    ["allowProtectedTags", { ...args, allowProtectedTags: [unknown] }],
    ["maxDeletions", { ...args, maxDeletions: unknown }],
  ])("leaves the count out while %s is not known yet", async (_name, unfinished) => {
    const emulator = await startEmulator({ "pr-42": 20_000 });
    const { failures, lines } = await new OneResourceStack(emulator).preview(unfinished);
    expect([failures, lines, sent(emulator)]).toEqual([[], [], []]);
  });

  test("counts although triggers and timeout are not known yet", async () => {
    const emulator = await startEmulator({ "pr-42": 5 });
    const { lines } = await new OneResourceStack(emulator).preview({ ...args, triggers: [unknown], timeout: unknown });
    expect(lines).toEqual([`will delete 5 documents in pr-42 (limit 10,000)\n${wipes}`]);
  });

  test.each([
    ["containerTags", { containerTags: ["eu-prod"] }, '"eu-prod" is protected because it contains the segment "prod"'],
    [
      "maxDeletions",
      { ...args, maxDeletions: 4 },
      "this would delete 5 documents in pr-42, more than maxDeletions (4)",
    ],
  ])("fails on %s when the guard would refuse", async (property, refused, reason) => {
    const emulator = await startEmulator({ "pr-42": 5, "eu-prod": 1 });
    const { failures } = await new OneResourceStack(emulator).preview(refused);
    expect(failures).toEqual([{ property, reason: containing(reason) }]);
    expect(mutations(emulator)).toEqual([]);
  });

  test("lets a protected tag pass that is allowed by name, or never purged", async () => {
    const emulator = await startEmulator({ "eu-prod": 1 });
    const stack = new OneResourceStack(emulator);
    const tags = { containerTags: ["eu-prod"] };
    expect((await stack.preview({ ...tags, allowProtectedTags: ["eu-prod"] })).failures).toEqual([]);
    expect((await stack.preview({ ...tags, purgeOn: [] })).failures).toEqual([]);
  });
});

describe("the preview of an existing resource", () => {
  test("counts in diff, by what changed", async () => {
    const emulator = await startEmulator({ "pr-42": 5, cache: 12, docs: 3 });
    const stack = new OneResourceStack(emulator);
    await stack.up({ ...managed, containerTags: ["pr-42", "docs"] });
    const added = await stack.preview({ containerTags: ["pr-42", "docs", "cache"] });
    expect(added.lines).toEqual(["will delete 12 documents in cache (tag added; limit 10,000)"]);
    const both = await stack.preview({ containerTags: ["pr-42", "cache"] });
    expect(both.lines).toEqual([
      "will delete 15 documents (limit 10,000): 12 in cache (tag added), 3 in docs (tag removed)",
    ]);
    expect(mutations(emulator)).toEqual([]);
  });

  test("announces nothing when nothing is purged", async () => {
    const emulator = await startEmulator({ "pr-42": 5 });
    const stack = new OneResourceStack(emulator);
    await stack.up(managed);
    const requests = emulator.requests.length;
    const { changes, lines } = await stack.preview({ ...managed, timeout: "1m" });
    expect([changes, lines, emulator.requests.length]).toEqual([true, [], requests]);
  });

  test("announces what was left undone, from the outputs", async () => {
    const emulator = await startEmulator({ "pr-42": 5 });
    const stack = new OneResourceStack(emulator);
    await stack.up(args, { SUPERMEMORY_PURGE: "skip" });
    const { changes, lines } = await stack.preview(args);
    expect([changes, lines]).toEqual([true, ["will delete 5 documents in pr-42 (pending; limit 10,000)"]]);
  });

  test("is stopped by diff when the guard would refuse", async () => {
    const emulator = await startEmulator({ "pr-42": 5 });
    const stack = new OneResourceStack(emulator);
    await stack.up(managed);
    const { error } = await stack.preview({ ...args, triggers: 1, maxDeletions: 4 });
    expect(error).toContain("this would delete 5 documents in pr-42, more than maxDeletions (4)");
    expect(
      (await stack.preview({ ...args, triggers: 1 }, { SUPERMEMORY_BASE_URL: "http://127.0.0.1:9" })).error,
    ).toContain("SUPERMEMORY_ACCEPT_BASE_URL=http://127.0.0.1:9");
  });
});

describe("an up", () => {
  test("announces nothing beforehand, and counts once for the purge", async () => {
    const emulator = await startEmulator({ "pr-42": 5 });
    const stack = new OneResourceStack(emulator);
    const { lines } = await stack.up(args);
    expect(lines).toEqual(["deleted 5 documents in pr-42 in 0.0 s"]);
    expect(sent(emulator)).toEqual(["POST pr-42", "DELETE pr-42", "POST pr-42", "GET "]);
  });
});

describe("a count that cannot be had", () => {
  test.each([
    ["there is no key", { SUPERMEMORY_API_KEY: undefined }, "no API key is set"],
    ["the API is down", { SUPERMEMORY_BASE_URL: "http://127.0.0.1:9" }, "cannot reach http://127.0.0.1:9"],
    ["the key is wrong", { SUPERMEMORY_API_KEY: "sm_wrong" }, "the API rejected the key (401)"],
  ])("is a warning in a preview when %s", async (_case, env, reason) => {
    const emulator = await startEmulator({ "pr-42": 5 });
    const { error, failures, lines } = await new OneResourceStack(emulator).preview(args, env);
    expect([error, failures]).toEqual([undefined, []]);
    expect(lines).toEqual([containing(`warning: cannot count the documents to delete in pr-42: ${reason}`)]);
    expect(lines.join()).not.toContain("nothing was deleted");
  });
});
