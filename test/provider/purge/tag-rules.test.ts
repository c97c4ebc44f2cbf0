import fc from "fast-check";
import { RefusedError } from "../../../provider/errors";
import { guardTags, protectionOf, type TagRules } from "../../../provider/purge/tag-rules";
import type { PurgeEvent } from "../../../provider/purge/types";
import { errorOf, expectSound, guardrails, purgeTags, sent, startWorld } from "../support/world";

test.each([
  ["", "it is blank"],
  [" \t", "it is blank"],
  ["*", "wildcards are not supported. To clean up by pattern, use CleanupPolicy"],
  ["pr-*", "wildcards are not supported. To clean up by pattern, use CleanupPolicy"],
  ...["a b", "pr/42", "pr?42", "pr.42", "pr-42\n", "pré"].map((tag) => [tag, "only letters, digits"] as const),
  ["x".repeat(101), "it has 101 characters, and at most 100 are allowed"],
] as const)("the tag %j is malformed", (tag, reason) => {
  expect(refusal(tag)).toContain(`${JSON.stringify(tag)} is not a valid container tag: ${reason}`);
});

test("a long malformed tag is shortened", () => {
  expect(refusal(`${"x".repeat(200)}*`)).toContain(`"${"x".repeat(117)}..." is not a valid`);
});

test("only tags that the API takes exactly as they are pass", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 120 }), (tag) => {
      expect(refusal(tag) === undefined).toBe(/^[a-zA-Z0-9_:-]{1,100}$/.test(tag));
    }),
  );
});

const around = (word: string): string[] => [
  word,
  ...["-", "_", ":"].flatMap((mark) => [`${word}${mark}x`, `x${mark}${word}`, `x${mark}${word}${mark}y`]),
];

test.each(["prod", "production", "live", "main", "PROD", "lIvE"].flatMap(around))("the tag %s is protected", (tag) => {
  expect(refusal(tag)).toMatch(/is protected because it contains the segment "[a-z]+"\nto purge it anyway, add/i);
});

test.each(["product-1", "alive", "domain_x", "maintenance", "preprod1"])("the tag %s is not protected", (tag) => {
  expect(refusal(tag)).toBeUndefined();
});

test.each<[string, string, Partial<TagRules>]>([
  ["sm_project_default", "it is the account's default container", {}],
  ["pr-42", "protectedTags contains it", { protectedTags: ["pr-41", "pr-42"] }],
  ["eu-prod", 'it contains the segment "prod"', {}],
  ["pr-42", 'it matches "pr-*" in except', { except: ["ci-*", "pr-*"] }],
])("the tag %s is protected because %s", (tag, reason, rules) => {
  expect(protectionOf(tag, "create", { ...guardrails(rules), ...rules })).toBe(reason);
  expect(refusal(tag, rules)).toBe(
    `"${tag}" is protected because ${reason}\nto purge it anyway, add "${tag}" to allowProtectedTags`,
  );
});

test("a protected tag passes if it is allowed by its exact name, for its part of the resource's life", () => {
  const allowed = { managed: ["production", "pr-42"], removed: ["live"] };
  const rules = { allowProtectedTags: allowed, protectedTags: ["pr-42"] };
  for (const tag of ["production", "pr-42"]) {
    for (const event of ["create", "update", "drift", "policy"] as const) {
      expect(refusal(tag, rules, event)).toBeUndefined();
    }
    expect(refusal(tag, rules, "delete")).toContain("is protected");
  }
  expect(refusal("live", rules, "delete")).toBeUndefined();
  for (const tag of ["live", "production-eu", "Production"]) expect(refusal(tag, rules)).toContain("is protected");
});

test.each<[readonly string[], string]>([
  [[], ", which is empty"],
  ...["ci-*", "pr-4", "*-4", "r-42", "PR-*", "pr-42?", "pr.42"].map((glob): [string[], string] => [
    [glob],
    ` (${glob})`,
  ]),
])("allowedTags %j refuses pr-42", (allowedTags, shown) => {
  expect(refusal("pr-42", { allowedTags })).toContain(`"pr-42" does not match allowedTags${shown}\n`);
});

test.each(["*", "pr-*", "pr-42", "pr-4?", "*42", "p*-*2"])("allowedTags with the glob %s allows pr-42", (glob) => {
  expect(refusal("pr-42", { allowedTags: ["ci-*", glob] })).toBeUndefined();
});

test("a glob with many stars is matched without backtracking", () => {
  expect(refusal("a".repeat(100), { allowedTags: [`${"*a".repeat(30)}*b`] })).toContain("does not match allowedTags");
});

test("one refused tag stops the purge of all of them before any request", async () => {
  const world = await startWorld({ containers: { "pr-42": 5, production: 2 } });
  const error = await errorOf(purgeTags(world, ["pr-42", "production"]));
  expect(error).toMatchObject({ name: "RefusedError", property: "containerTags" });
  expect(error.message).toContain(
    '"production" is protected because it contains the segment "production"; nothing was',
  );
  expect(sent(world)).toEqual([]);
  expectSound(world, 0);
});

/** The message with which a tag is refused; undefined if it passes. */
function refusal(tag: string, rules: Partial<TagRules> = {}, event: PurgeEvent = "create"): string | undefined {
  try {
    guardTags([{ containerTag: tag, event }], { ...guardrails(rules), ...rules });
    return undefined;
  } catch (error) {
    if (error instanceof RefusedError && error.property === "containerTags") return error.message;
    throw error;
  }
}
