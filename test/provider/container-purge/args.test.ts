import { containing } from "../support/host-matchers";
import { inputsOf } from "../support/host-states";
import { checkArgs } from "../../../provider/container-purge/args";

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const complete = inputsOf(["pr-42"]);

describe("arguments of a ContainerPurge", () => {
  test("are completed with defaults", () => {
    expect(checkArgs({ containerTags: ["pr-42"] })).toEqual({ inputs: complete, failures: [] });
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

  test("take null for what is not set", () => {
    expect(checkArgs({ containerTags: ["pr-42"], timeout: null, triggers: null })).toEqual({
      inputs: complete,
      failures: [],
    });
  });

  test("take duplicates for one, and keep the order", () => {
    const { inputs, failures } = checkArgs({
      containerTags: ["b", "a", "b"],
      allowProtectedTags: ["live", "live"],
      purgeOn: ["delete", "create", "delete"],
    });
    expect(failures).toEqual([]);
    expect(inputs).toMatchObject({
      containerTags: ["b", "a"],
      allowProtectedTags: ["live"],
      purgeOn: ["create", "delete"],
    });
  });

  test("take 100 tags, and 101 of which two are the same", () => {
    expect(checkArgs({ containerTags: tags(100) }).failures).toEqual([]);
    expect(checkArgs({ containerTags: [...tags(100), "tag-0"] }).failures).toEqual([]);
  });

  test.each([
    ["containerTags", undefined, 'expected a list of container tags, such as ["pr-42"]'],
    ["containerTags", "pr-42", 'expected a list of container tags, such as ["pr-42"]'],
    ["containerTags", [], "the list is empty; name 1 to 100 container tags, or set purgeOn: [] to stop purging"],
    ["containerTags", ["a", 5], "each container tag is a string"],
    ["containerTags", [""], '"" is not a valid container tag: it is blank'],
    ["containerTags", [" "], '" " is not a valid container tag: it is blank'],
    [
      "containerTags",
      ["a", "a b"],
      '"a b" is not a valid container tag: only letters, digits, "_", ":" and "-" are allowed',
    ],
    ["purgeOn", ["destroy"], 'expected a list of "create", "update", "drift", "delete"; an empty list never purges'],
    ["purgeOn", "delete", 'expected a list of "create", "update", "drift", "delete"; an empty list never purges'],
    ["maxDeletions", -1, "-1 is not a whole number, 0 or more"],
    ["maxDeletions", 1.5, "1.5 is not a whole number, 0 or more"],
    ["maxDeletions", "12", "expected a whole number, 0 or more"],
    ["allowProtectedTags", "prod", 'expected a list of tags, such as ["eu-prod"]'],
    ["verify", "yes", "expected true or false"],
    ["timeout", 600, 'expected a duration, such as "10m", "90s" or "1h30m"'],
    ["timeout", "soon", '"soon" is not a duration such as "10m", "90s" or "1h30m"'],
    ["timeout", "0s", '"0s" is out of range; a timeout is more than 0 and at most "24h"'],
    ["timeout", "25h", '"25h" is out of range; a timeout is more than 0 and at most "24h"'],
    ["timeout", "5constructor", '"5constructor" is not a duration such as "10m", "90s" or "1h30m"'],
  ])("refuse %s: %j", (property, value, reason) => {
    const { failures } = checkArgs({ containerTags: ["pr-42"], [property]: value });
    expect(failures).toEqual([{ property, reason }]);
  });

  test("of a very long list are refused without a print of the list", () => {
    const { failures } = checkArgs({ containerTags: tags(101) });
    const reason = "containerTags: the list has 101 container tags; the maximum is 100";
    expect(failures).toEqual([{ property: "", reason }]);
  });

  test("refuse a wildcard, and say why", () => {
    const { failures } = checkArgs({ containerTags: ["pr-*"] });
    expect(failures).toEqual([
      {
        property: "containerTags",
        reason: containing('"pr-*" is not a valid container tag: '),
      },
    ]);
  });

  test("refuse a tag of more than 100 characters, and show no more than its begin", () => {
    const [failure] = checkArgs({ containerTags: ["x".repeat(500)] }).failures;
    expect(failure?.reason).toContain("it has 500 characters, and at most 100 are allowed");
    expect(failure?.reason.length).toBeLessThan(250);
  });

  test("tell all failures at once, each on its own property", () => {
    const { failures } = checkArgs({ containerTags: "*", maxDeletions: -1, timeout: "x", verify: 1, purgeOn: [2] });
    expect(failures.map(({ property }) => property)).toEqual([
      "containerTags",
      "purgeOn",
      "maxDeletions",
      "verify",
      "timeout",
    ]);
  });

  test.each([
    ["containerTag", 'unknown argument "containerTag"; did you mean "containerTags"?'],
    ["maxDeletes", 'unknown argument "maxDeletes"; did you mean "maxDeletions"?'],
    ["Timeout", 'unknown argument "Timeout"; did you mean "timeout"?'],
  ])("name the nearest known argument for %s", (name, reason) => {
    expect(checkArgs({ containerTags: ["pr-42"], [name]: "x" }).failures).toEqual([{ property: "", reason }]);
  });

  test("name all arguments when none is near", () => {
    const [failure] = checkArgs({ containerTags: ["pr-42"], apiKeySecret: "x" }).failures;
    expect(failure?.reason).toBe(
      'unknown argument "apiKeySecret"; allowed arguments are containerTags, purgeOn, triggers, scope, select, deleteBy, sharedDocuments, maxDeletions, allowProtectedTags, verify, timeout',
    );
  });

  test("do not let a name that every object has pass for a known one", () => {
    const { failures } = checkArgs({ containerTags: ["pr-42"], constructor: 1, toString: 2 });
    expect(failures.map(({ reason }) => reason)).toEqual([
      containing('unknown argument "constructor"'),
      containing('unknown argument "toString"'),
    ]);
  });

  test("never repeat the value of an unknown argument, nor let the engine print it", () => {
    const { inputs, failures } = checkArgs({ containerTags: ["pr-42"], apiKey: "sm_secret" });
    expect(JSON.stringify([inputs, failures])).not.toContain("sm_secret");
    expect(failures).toMatchObject([{ property: "" }]);
  });

  test.each(Object.keys({ ...complete, triggers: 1 }))("pass %s while it is not known yet", (name) => {
    const { inputs, failures } = checkArgs({ containerTags: ["pr-42"], [name]: unknown });
    expect([inputs[name], failures]).toEqual([unknown, []]);
  });

  test("pass lists and objects that hold something not known yet", () => {
    const news = { containerTags: ["pr-42", unknown], purgeOn: [unknown], triggers: { deep: [{ a: unknown }] } };
    expect(checkArgs(news)).toEqual({ inputs: { ...complete, ...news }, failures: [] });
  });
});

function tags(number: number): string[] {
  return Array.from({ length: number }, (_, index) => `tag-${index}`);
}
