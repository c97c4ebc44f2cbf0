import fc from "fast-check";
import { RefusedError } from "../../../provider/errors";
import { guardTags } from "../../../provider/purge/tag-rules";
import { errorOf, expectSound, guardrails, purgeTags, sent, startWorld, type Asked } from "../support/world";

const problems: readonly [string, string][] = [
  ["", "it is blank"],
  [" \t", "it is blank"],
  ["*", "it holds a wildcard"],
  ["pr-*", "it holds a wildcard"],
  ["a b", "allowed are letters"],
  ["pr/42", "allowed are letters"],
  ["pr?42", "allowed are letters"],
  ["pr.42", "allowed are letters"],
  ["pr-42\n", "allowed are letters"],
  ["pré", "allowed are letters"],
  ["x".repeat(101), "it has 101 characters; allowed are 1 to 100"],
];

test.each(problems)("the tag %j is refused before anything is sent", async (tag, reason) => {
  const { message } = await refused([tag]);
  expect(message).toContain(reason);
  expect(message).toContain(`refusing to purge ${JSON.stringify(tag)}`);
});

const words = ["prod", "production", "live", "main", "PROD", "Production", "lIvE", "MAIN"];
const around = (word: string): string[] => [
  word,
  ...["-", "_", ":"].flatMap((mark) => [`${word}${mark}x`, `x${mark}${word}`, `x${mark}${word}${mark}y`]),
];

test.each(words.flatMap(around))("the tag %s is protected by its segment", async (tag) => {
  const { message } = await refused([tag]);
  expect(message).toContain("marks it as protected; nothing was deleted\n");
  expect(message).toContain(`if it is meant, add "${tag}" to allowProtectedTags`);
});

test("a protected word within a segment protects nothing", async () => {
  const tags = ["product-1", "alive", "domain_x", "maintenance", "preprod1"];
  const world = await startWorld({ containers: Object.fromEntries(tags.map((tag) => [tag, 1])) });
  expectSound(world, (await purgeTags(world, tags)).deleted);
  expect(world.emulator.containers()).toEqual({ bystander: 3, ...Object.fromEntries(tags.map((tag) => [tag, 0])) });
});

test("the account's default container is protected", async () => {
  expect((await refused(["sm_project_default"])).message).toContain("it is the default container of the account");
});

test("a tag that is listed in protectedTags is protected", async () => {
  const { message } = await refused(["pr-42"], { protectedTags: ["pr-41", "pr-42"] });
  expect(message).toContain("it is listed in protectedTags");
});

test("a protected tag among others stops them all", async () => {
  expect((await refused(["pr-42", "production"])).message).toContain('"production"');
});

test("a protected tag that is allowed by name is purged, and only by that exact name", async () => {
  const containers = { production: 2, "production-eu": 2 };
  const allowProtectedTags = { managed: ["production"], removed: [] };
  const world = await startWorld({ containers });
  expectSound(world, (await purgeTags(world, ["production"], { allowProtectedTags })).deleted);
  await errorOf(purgeTags(world, ["production-eu"], { allowProtectedTags }));
  await errorOf(purgeTags(world, ["Production"], { allowProtectedTags }));
  expect(world.emulator.containers()).toMatchObject({ production: 0, "production-eu": 2 });
});

test("what a removed tag may is told apart from what a managed one may", async () => {
  const allowProtectedTags = { managed: [], removed: ["production"] };
  await refused(["production"], { allowProtectedTags });
  const world = await startWorld({ containers: { production: 2 } });
  await purgeTags(world, ["production"], { allowProtectedTags, event: "delete" });
  expectSound(world, 2);
});

test.each<[readonly string[], string]>([
  [[], "it is empty"],
  [["ci-*"], "it allows ci-*"],
  [["pr-4"], "it allows pr-4"],
  [["*-4"], "it allows *-4"],
  [["r-42"], "it allows r-42"],
  [["PR-*"], "it allows PR-*"],
  [["pr-42?"], "it allows pr-42?"],
  [["pr.42"], "it allows pr.42"],
])("a tag that no glob of allowedTags %j matches is refused", async (allowedTags, told) => {
  const { message } = await refused(["pr-42"], { allowedTags });
  expect(message).toContain(`no glob of allowedTags matches it (${told}); nothing was deleted`);
});

test.each(["*", "pr-*", "pr-42", "pr-4?", "*42", "p*-*2"])(
  "a tag that the glob %s of allowedTags matches passes",
  (glob) => {
    expect(() => {
      guardTags([{ containerTag: "pr-42", event: "create" }], guardrails({ allowedTags: ["ci-*", glob] }));
    }).not.toThrow();
  },
);

test("a glob with many stars is decided at once", () => {
  const target = { containerTag: "a".repeat(100), event: "create" } as const;
  const allowedTags = [`${"*a".repeat(30)}*b`];
  expect(() => {
    guardTags([target], guardrails({ allowedTags }));
  }).toThrow("no glob of allowedTags matches it");
});

test("no tag that the API would not take as exactly itself passes", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 120 }), (containerTag) => {
      const legal = /^[a-zA-Z0-9_:-]{1,100}$/.test(containerTag);
      try {
        guardTags([{ containerTag, event: "create" }], guardrails());
        expect(legal).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(RefusedError);
      }
    }),
  );
});

async function refused(tags: readonly string[], asked: Asked = {}): Promise<Error> {
  const world = await startWorld({ containers: { "pr-42": 5 } });
  const error = await errorOf(purgeTags(world, tags, asked));
  expect(error).toBeInstanceOf(RefusedError);
  expect(error).toMatchObject({ property: "containerTags" });
  expect(error.message.split("nothing was deleted")).toHaveLength(2);
  expect(sent(world)).toEqual([]);
  expectSound(world, 0);
  return error;
}
