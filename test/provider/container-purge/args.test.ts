import * as pulumi from "@pulumi/pulumi";
import { containing } from "../support/host-matchers";
import { inputsOf } from "../support/host-states";
import { checkArgs, readArgs } from "../../../provider/container-purge/args";

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const complete = inputsOf(["pr-42"]);
const listOfTags = 'expected a list of container tags, such as ["pr-42"]';
const listOfEvents = 'expected a list of "create", "update", "drift", "delete"; an empty list never purges';
const duration = 'such as "10m", "90s" or "1h30m"';
const invalid = "is not a valid container tag";
const statuses = "unknown, queued, extracting, chunking, embedding, indexing, done, failed";
const range = "is out of range; a timeout is more than 0 and at most";
const fields = "olderThan, newerThan, status, metadata";
const allowed =
  "containerTags, purgeOn, triggers, scope, select, deleteBy, sharedDocuments, maxDeletions, allowProtectedTags, verify, settle, timeout";
const secret = "private-words";

describe("arguments of a ContainerPurge", () => {
  test("are completed with defaults, also for null", () => {
    const args = { containerTags: ["pr-42"], timeout: null, triggers: null };
    expect(checkArgs(args)).toEqual({ inputs: complete, failures: [] });
  });

  test("keep what is set", () => {
    const set = {
      containerTags: ["a", "B_2", "x:y-z"],
      purgeOn: ["delete"],
      triggers: { build: [1, null] },
      scope: "documents",
      select: { olderThan: "30 days", newerThan: "60d", status: ["done", "failed"], metadata: { kind: "log", n: 1 } },
      deleteBy: "ids",
      sharedDocuments: "refuse",
      maxDeletions: 0,
      allowProtectedTags: ["prod"],
      verify: false,
      timeout: "1h30m",
    };
    expect(checkArgs(set)).toEqual({ inputs: set, failures: [] });
  });

  test.each<[string, unknown, unknown]>([
    ["containerTags", ["b", "a", "b"], ["b", "a"]],
    ["containerTags", tags(100), tags(100)],
    ["containerTags", [...tags(100), "tag-0"], tags(100)],
    ["allowProtectedTags", ["live", "live"], ["live"]],
    ["purgeOn", ["delete", "create", "delete"], ["create", "delete"]],
    ["select", { status: "done" }, { status: ["done"] }],
    ["select", { status: ["failed", "done", "failed"] }, { status: ["done", "failed"] }],
    ...["30 days", "1 day", "12h", "90s", "1h30m", "1.5h"].map(takenAsOlderThan),
  ])("accept %s: %j, without duplicates", (name, value, taken) => {
    const { inputs, failures } = checkArgs({ containerTags: ["pr-42"], [name]: value });
    expect([inputs[name], failures]).toEqual([taken, []]);
  });

  test.each<[string, unknown, unknown]>([
    ["containerTags", "pr-42", listOfTags],
    ["containerTags", [], "the list is empty; name 1 to 100 container tags, or set purgeOn: [] to stop purging"],
    ["containerTags", ["a", 5], "entry 2 is not a string"],
    ["containerTags", ["a", undefined], "entry 2 is not set: is a variable missing?"],
    ["containerTags", ["a", null], "entry 2 is not set: is a variable missing?"],
    ["allowProtectedTags", [undefined], "entry 1 is not set: is a variable missing?"],
    [
      "containerTags",
      ["pr-[object Object]"],
      containing("an object or a Promise was put into a string. Use its value"),
    ],
    ["containerTags", [""], `"" ${invalid}: it is blank`],
    ["containerTags", [" "], `" " ${invalid}: it is blank`],
    ["containerTags", ["pr-*"], containing(`"pr-*" ${invalid}: `)],
    ["containerTags", ["a", "a b"], `"a b" ${invalid}: only letters, digits, "_", ":" and "-" are allowed`],
    ["purgeOn", ["destroy"], listOfEvents],
    ["purgeOn", "delete", listOfEvents],
    ["scope", "everything", 'allowed values are "documents" and "container" (with its memories)'],
    ["deleteBy", "id", 'allowed values are "tag" and "ids"'],
    ["sharedDocuments", "skip", 'allowed values are "delete", "keep" and "refuse"'],
    ["maxDeletions", -1, "-1 is not a whole number, 0 or more"],
    ["maxDeletions", 1.5, "1.5 is not a whole number, 0 or more"],
    ["maxDeletions", "12", "expected a whole number, 0 or more"],
    ["allowProtectedTags", "prod", 'expected a list of tags, such as ["eu-prod"]'],
    ["verify", "yes", "expected true or false"],
    ["timeout", 600, `expected a duration, ${duration}`],
    ["timeout", "soon", `"soon" is not a duration ${duration}`],
    ["timeout", "0s", `"0s" ${range} "24h"`],
    ["timeout", "25h", `"25h" ${range} "24h"`],
    ["timeout", "5constructor", `"5constructor" is not a duration ${duration}`],
  ])("refuse %s: %j", (property, value, reason) => {
    expect(failuresOf({ [property]: value })).toEqual([{ property, reason }]);
  });

  test("refuse missing containerTags without a value, which would be <nil>", () => {
    expect(failuresOf({ containerTags: undefined })).toEqual([
      { property: "", reason: `containerTags: ${listOfTags}` },
    ]);
  });

  test("refuse a tag with the text of an Output, which is not shown as a whole", () => {
    const [failure] = failuresOf({ containerTags: [["pr-", pulumi.output("42")].map(String).join("")] });
    expect(failure?.property).toBe("");
    expect(failure?.reason).toMatch(
      /^containerTags: ".{10,140}" is not a valid container tag: an Output was put into a string\. Use pulumi\.interpolate/,
    );
  });

  test.each<[string, unknown, string]>([
    [".olderThan", { olderThan: "" }, '"" is not a duration'],
    [".olderThan", { olderThan: "30" }, '"30" is not a duration such as "30 days", "12h" or "1h30m"'],
    [".olderThan", { olderThan: null }, 'expected a duration, such as "30 days" or "12h"'],
    [".newerThan", { newerThan: 30 }, 'expected a duration, such as "30 days" or "12h"'],
    [".newerThan", { newerThan: "30 fortnights" }, '"30 fortnights" is not a duration'],
    [".newerThan", { newerThan: "-3 days" }, '"-3 days" is not a duration'],
    [".newerThan", { newerThan: "0s" }, '"0s" is not a duration'],
    [".status", { status: "finished" }, `"finished" is not a status; allowed values are ${statuses}`],
    [".status", { status: ["done", "Failed"] }, '"Failed" is not a status'],
    [".status", { status: [] }, "the list is empty, so it selects nothing"],
    [".status", { status: 7 }, "7 is not a status"],
    [".metadata", { metadata: {} }, "the object is empty"],
    ["", {}, `it is empty; set one of ${fields}`],
    ["", { olderthan: "30 days" }, "unknown field olderthan; allowed fields are olderThan, newerThan"],
    ["", "30 days", `expected an object with ${fields}`],
    ["", [], `expected an object with ${fields}`],
  ])("refuse select%s: %j", (path, select, reason) => {
    expect(failuresOf({ select })).toEqual([{ property: "", reason: containing(`select${path}: ${reason}`) }]);
  });

  test.each([
    ["30 days", "30 days"],
    ["30 days", "12h"],
    ["1h", "60m"],
  ])("refuse olderThan %s together with newerThan %s, which leave no document", (olderThan, newerThan) => {
    const reason = `select: no document is older than "${olderThan}" and newer than "${newerThan}"; newerThan must be longer than olderThan`;
    expect(failuresOf({ select: { olderThan, newerThan } })).toEqual([{ property: "", reason }]);
  });

  test.each([
    ["text", secret],
    ["a list", [secret]],
    ["an object in it", { a: { b: secret } }],
    ["a list in it", { a: [secret] }],
    ["null in it", { a: null, b: secret }],
    ["NaN", { a: Number.NaN, b: secret }],
  ])("refuse metadata that is %s, without printing it", (_what, metadata) => {
    const reason = `select.metadata: expected a flat object of strings, numbers and booleans, such as { source: "upload" }`;
    expect(failuresOf({ select: { metadata } })).toEqual([{ property: "", reason }]);
  });

  test("keep a metadata condition named __proto__", () => {
    const metadata: unknown = JSON.parse('{"__proto__":"log","source":"upload"}');
    const { failures, inputs } = checkArgs({ containerTags: ["__proto__"], select: { metadata } });
    expect(failures).toEqual([]);
    const { method } = readArgs(inputs);
    const kept = method.kind === "ids" ? Object.entries(method.select?.metadata ?? {}) : [];
    expect(kept).toEqual([
      ["__proto__", "log"],
      ["source", "upload"],
    ]);
  });

  test("refuse a field of select named __proto__", () => {
    const select: unknown = JSON.parse('{"__proto__":"log","status":"done"}');
    expect(failuresOf({ select })).toEqual([{ property: "", reason: containing("select: unknown field __proto__") }]);
  });

  test.each([
    ["select", { select: { metadata: { secret } } }],
    ['deleteBy: "ids"', { deleteBy: "ids" }],
    ["sharedDocuments", { sharedDocuments: "keep" }],
    ["sharedDocuments", { sharedDocuments: "refuse" }],
  ])('refuse scope "container" together with %s', (name, args) => {
    const reason = `scope: "container" deletes each container as a whole, so it cannot be combined with ${name}\nremove one of the two`;
    expect(failuresOf({ scope: "container", ...args })).toEqual([{ property: "scope", reason }]);
  });

  test.each([
    [tags(101), "containerTags: the list has 101 container tags; the maximum is 100"],
    [["x".repeat(500)], "it has 500 characters, and at most 100 are allowed"],
  ])("refuse a very long value, and show only its beginning: %#", (containerTags, reason) => {
    const [failure] = checkArgs({ containerTags }).failures;
    expect(failure?.reason).toContain(reason);
    expect(failure?.reason.length).toBeLessThan(250);
  });

  test("report all failures together, each on its own property", () => {
    const args = { containerTags: "*", purgeOn: [2], maxDeletions: -1, verify: 1, timeout: "x" };
    expect(failuresOf(args).map(({ property }) => property)).toEqual(Object.keys(args));
  });

  test.each([
    ["containerTag", 'unknown argument "containerTag"; did you mean "containerTags"?'],
    ["maxDeletes", 'unknown argument "maxDeletes"; did you mean "maxDeletions"?'],
    ["Timeout", 'unknown argument "Timeout"; did you mean "timeout"?'],
    ["apiKeySecret", `unknown argument "apiKeySecret"; allowed arguments are ${allowed}`],
    ["constructor", containing('unknown argument "constructor"')],
    ["toString", containing('unknown argument "toString"')],
  ])("suggest a known name instead of %s, and never repeat its value", (name, reason) => {
    const { inputs, failures } = checkArgs({ containerTags: ["pr-42"], [name]: secret });
    expect(failures).toEqual([{ property: "", reason }]);
    expect(JSON.stringify([inputs, failures])).not.toContain(secret);
  });

  test.each(allowed.split(", "))("pass %s while it is not known yet", (name) => {
    const { inputs, failures } = checkArgs({ containerTags: ["pr-42"], [name]: unknown });
    expect([inputs[name], failures]).toEqual([unknown, []]);
  });

  test("pass lists and objects that contain an unknown value", () => {
    const news = { containerTags: ["pr-42", unknown], purgeOn: [unknown], triggers: { deep: [{ a: unknown }] } };
    expect(checkArgs(news)).toEqual({ inputs: { ...complete, ...news }, failures: [] });
  });
});

function failuresOf(args: Readonly<Record<string, unknown>>) {
  const { failures } = checkArgs({ containerTags: ["pr-42"], ...args });
  expect(JSON.stringify(failures)).not.toContain(secret);
  return failures;
}

function takenAsOlderThan(olderThan: string): [string, unknown, unknown] {
  return ["select", { olderThan }, { olderThan }];
}

function tags(number: number): readonly string[] {
  return Array.from({ length: number }, (_, index) => `tag-${index}`);
}
