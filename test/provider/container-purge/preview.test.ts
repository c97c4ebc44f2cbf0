import { deployed, startStack } from "../support/host-stack";
import { containing } from "../support/host-matchers";
import { mutations, type SeedContainers, sent } from "../support/host-emulator";

const args = { containerTags: ["pr-42"] };
const managed = { ...args, purgeOn: ["delete"] };
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const wipes =
  'creating this resource deletes existing documents. To keep them, set purgeOn: ["delete"]. If you renamed or moved the resource, set aliases';
const [log, note] = [{ metadata: { kind: "log" } }, { metadata: { kind: "note" } }];
const logs = { select: log };
const mixed: SeedContainers = {
  "pr-42": {
    memories: 4,
    documents: [log, { ...log, alsoIn: ["elsewhere"] }, { ...log, alsoIn: ["live"] }, note, note],
  },
  "pr-43": 128,
};
const limit = "(limit 10,000)";
const inLive = 'also in "live", which is protected';
const threeReasons = `1 ${inLive}, 1 also in other containers, 2 not selected`;
const more = { containerTags: ["pr-43"] };
const both = { containerTags: ["pr-42", "pr-43"] };
const whole = { scope: "container", allowProtectedTags: ["live"] };
const failed = { ...args, select: { status: "failed" } };

describe("the preview of a new resource", () => {
  test.each<[string, object, string]>([
    ["its tags", more, `128 documents in pr-43 ${limit}`],
    ["what is not known yet", { ...more, triggers: [unknown], timeout: unknown }, `128 documents in pr-43 ${limit}`],
    [
      "deleteBy",
      { deleteBy: "ids" },
      `4 documents in pr-42 ${limit}; 1 of them also in elsewhere; keeps 1 document: ${inLive}`,
    ],
    [
      "select",
      logs,
      `2 documents in pr-42 ${limit}; 1 of them also in elsewhere; keeps 3 documents: 1 ${inLive}, 2 not selected`,
    ],
    ["more", { ...logs, sharedDocuments: "keep" }, `1 document in pr-42 ${limit}; keeps 4 documents: ${threeReasons}`],
    [
      "scope",
      whole,
      `the container pr-42 with its memories and 5 documents ${limit}; 1 of them also in elsewhere, 1 in live`,
    ],
    [
      "all",
      { ...whole, ...both },
      `the containers pr-42 and pr-43 with their memories and 133 documents (pr-42: 5, pr-43: 128; limit 10,000); at least 1 of them also in elsewhere, 1 in live`,
    ],
    [
      "several tags",
      { ...both, allowProtectedTags: ["live"] },
      "133 documents (pr-42: 5, pr-43: 128; limit 10,000); at least 1 of them also in elsewhere, 1 in live",
    ],
  ])("warns of what %s deletes, and says how to keep existing documents", async (_name, how, line) => {
    const { emulator, stack } = await startStack(mixed);
    const { failures, lines } = await stack.preview({ ...args, ...how });
    expect([failures, lines.at(-1)]).toEqual([[], `warning: will delete ${line}\n${wipes}`]);
    expect(mutations(emulator)).toEqual([]);
  });

  test.each([
    ["tag", ["pr-42: 3, pr-43: 4", "pr-42: 3, pr-43: 4|pr-42: 2, pr-43: 5"]],
    ["ids", ["pr-42: 3, pr-43: 4", "pr-42: 3, pr-43: 4"]],
  ])("and the purge count a document under two of the tags once, by %s", async (deleteBy, [planned, deleted]) => {
    const shared = { documents: [{}, {}, { alsoIn: ["pr-43"] }] };
    const { emulator, stack } = await startStack({ "pr-42": shared, "pr-43": 4, production: 2 });
    const how = { ...both, deleteBy };
    const { lines } = await stack.preview(how);
    expect(lines).toEqual([containing(`will delete 7 documents (${planned}; limit 10,000)`)]);
    const up = await stack.up(how);
    expect(up.lines).toEqual([expect.stringMatching(`^deleted 7 documents in .* s \\((${deleted})\\)$`)]);
    expect(emulator.containers()).toEqual({ "pr-42": 0, "pr-43": 0, production: 2, bystander: 3 });
  });

  test("names the five largest of many tags, and counts the others", async () => {
    const tags = Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map((number) => [`pr-${number}`, number]));
    const { stack } = await startStack(tags);
    const { lines } = await stack.preview({ containerTags: Object.keys(tags) });
    const largest = "pr-7: 7, pr-6: 6, pr-5: 5, pr-4: 4, pr-3: 3, and 2 more tags";
    expect(lines).toEqual([containing(`will delete 28 documents (${largest}; limit 10,000)`)]);
  });

  test.each([
    ["there is nothing", { containerTags: ["none"] }, ["nothing to delete in none"], ["POST none"]],
    ["all is kept", failed, ["nothing to delete in pr-42; keeps 5 documents: not selected"], ["POST pr-42"]],
    [
      "create does not purge",
      managed,
      [containing("warning: pulumi destroy would fail: 1 document in pr-42 also")],
      ["POST pr-42"],
    ],
  ])("reports it when %s", async (_case, how, said, requests) => {
    const { emulator, stack } = await startStack(mixed);
    expect((await stack.preview(how)).lines).toEqual(said);
    expect(sent(emulator)).toEqual(requests);
  });

  test.each([
    { containerTags: ["pr-42", unknown] },
    { purgeOn: unknown },
    { allowProtectedTags: [unknown] },
    { maxDeletions: unknown },
    { select: { olderThan: unknown } },
    { select: unknown },
    { scope: unknown },
    { deleteBy: unknown },
    { sharedDocuments: unknown },
  ])("counts and refuses nothing while an argument is not known yet, and warns: %j", async (unfinished) => {
    const { emulator, stack } = await startStack({ "pr-42": 5 });
    const { failures, lines } = await stack.preview({ ...args, maxDeletions: 1, ...unfinished });
    const [name = ""] = Object.keys(unfinished);
    const deletes = name === "purgeOn" ? "may delete" : "deletes";
    const line = `warning: creating this resource ${deletes} existing documents; they could not be counted: ${name} is not known before the update\nto keep them, `;
    expect([failures, lines, sent(emulator)]).toEqual([[], [containing(line)], []]);
  });

  test.each<[string, object, Readonly<Record<string, string>>]>([
    ["create is not in purgeOn", { purgeOn: ["delete"] }, {}],
    ["the command skips every purge", {}, { SUPERMEMORY_PURGE: "skip" }],
  ])("warns of no argument that is not known yet if %s", async (_case, how, env) => {
    const { stack } = await startStack({ "pr-42": 5 });
    expect((await stack.preview({ ...args, maxDeletions: unknown, ...how }, env)).lines).toEqual([]);
  });

  test.each<[string, object, string]>([
    ["containerTags", { containerTags: ["eu-prod"] }, '"eu-prod" is protected because it contains the segment "prod"'],
    ["maxDeletions", { maxDeletions: 3 }, "this would delete 5 documents in pr-42, more than maxDeletions (3)"],
    ["sharedDocuments", { sharedDocuments: "refuse" }, "1 document in pr-42 also carries tags outside this purge"],
  ])("fails on %s when the guard would refuse", async (property, refused, reason) => {
    const { emulator, stack } = await startStack({ ...mixed, "eu-prod": 1 });
    const { failures } = await stack.preview({ ...args, ...refused });
    expect(failures).toEqual([{ property, reason: containing(reason) }]);
    expect(mutations(emulator)).toEqual([]);
  });

  test("names no property that the program did not set, because the engine would show its value as <nil>", async () => {
    const { stack } = await startStack({ "pr-42": 10_001 });
    const reason = containing("this would delete 10,001 documents in pr-42, more than maxDeletions (10,000)");
    expect((await stack.preview(args)).failures).toEqual([{ property: "", reason }]);
    expect((await stack.preview({ ...args, maxDeletions: null })).failures).toEqual([{ property: "", reason }]);
  });

  test("stops where v3 is gone and sharedDocuments is not supported", async () => {
    const { stack } = await startStack({ "pr-42": 5 }, { v3: "gone" });
    const { failures } = await stack.preview({ ...args, sharedDocuments: "keep" });
    expect(failures).toMatchObject([{ property: "sharedDocuments" }]);
  });

  test.each([
    ["there is no key", { SUPERMEMORY_API_KEY: undefined }, "no API key is set"],
    ["the API is down", { SUPERMEMORY_BASE_URL: "http://127.0.0.1:9" }, "cannot reach http://127.0.0.1:9"],
    ["the key is wrong", { SUPERMEMORY_API_KEY: "sm_wrong" }, "the API rejected the key (401)"],
  ])("is a warning when %s", async (_case, env, reason) => {
    const { stack } = await startStack({ "pr-42": 5 });
    const { error, failures, lines } = await stack.preview(args, env);
    expect([error, failures]).toEqual([undefined, []]);
    const uncounted = "creating this resource deletes existing documents; they could not be counted: ";
    expect(lines).toEqual([containing(`warning: ${uncounted}${reason}`)]);
    expect(lines[0]).toContain('to keep them, set purgeOn: ["delete"]');
    expect(lines.join()).not.toContain("nothing was deleted");
  });
});

describe("the preview of an existing resource", () => {
  test("counts in diff, by what changed", async () => {
    const old = { ...managed, containerTags: ["pr-42", "docs"] };
    const { emulator, stack } = await deployed({ "pr-42": 5, cache: 12, docs: 3 }, old);
    const added = await stack.preview({ containerTags: ["pr-42", "docs", "cache"] });
    expect(added.lines).toEqual(["will delete 12 documents in cache (tag added; limit 10,000)"]);
    const both = await stack.preview({ containerTags: ["pr-42", "cache"] });
    expect(both.lines).toEqual([
      'will delete 15 documents (limit 10,000): 12 in cache (tag added), 3 in docs (tag removed)\nthe options retainOnDelete and protect do not keep a removed tag. To keep its documents, remove "delete" from purgeOn',
    ]);
    expect(mutations(emulator)).toEqual([]);
  });

  test("announces nothing when nothing is purged", async () => {
    const { emulator, stack } = await deployed({ "pr-42": 5 }, managed);
    const { changes, lines } = await stack.preview({ ...managed, timeout: "1m" });
    expect([changes, lines, mutations(emulator)]).toEqual([true, [], []]);
  });

  test("announces pending purges from the outputs", async () => {
    const { stack } = await startStack({ "pr-42": 5 });
    await stack.up(args, { SUPERMEMORY_PURGE: "skip" });
    const { changes, lines } = await stack.preview(args);
    expect([changes, lines]).toEqual([true, ["will delete 5 documents in pr-42 (pending; limit 10,000)"]]);
  });

  test("warns when the documents of an update cannot be counted", async () => {
    const { stack } = await deployed({ "pr-42": 5 }, managed);
    const { lines } = await stack.preview({ ...args, triggers: 1 }, { SUPERMEMORY_API_KEY: undefined });
    expect(lines).toEqual([containing("warning: cannot count the documents to delete in pr-42: no API key is set")]);
  });

  test.each<[object, string]>([
    [{}, "this would delete 5 documents in pr-42, more than maxDeletions (4)"],
    [{ SUPERMEMORY_BASE_URL: "http://127.0.0.1:9" }, "SUPERMEMORY_ACCEPT_BASE_URL=http://127.0.0.1:9"],
  ])("is stopped by diff when the guard would refuse: %j", async (env, reason) => {
    const { stack } = await deployed({ "pr-42": 5 }, managed);
    const { error } = await stack.preview({ ...args, triggers: 1, maxDeletions: 4 }, { ...env });
    expect(error).toContain(reason);
  });
});

test("an up announces nothing beforehand, and counts once for the purge", async () => {
  const { emulator, stack } = await startStack({ "pr-42": 5 });
  expect((await stack.up(args)).lines).toEqual(["deleted 5 documents in pr-42 in 0.0 s"]);
  expect(sent(emulator)).toEqual(["POST pr-42", "DELETE pr-42", "POST pr-42", "POST pr-42"]);
});
