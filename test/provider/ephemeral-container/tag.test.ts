import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { ephemeralTag, type TagParts } from "../../../provider/ephemeral-container/tag";
import { malformed } from "../../../provider/purge/tag-rules";

const word = fc.oneof(
  fc.string({ unit: fc.constantFrom("a", "b", ":", "-", ".", "_"), maxLength: 6 }),
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.string({ unit: fc.constantFrom("a", "é", "🙂", "\ud800"), maxLength: 4 }),
  fc.constantFrom("x".repeat(90), "x".repeat(100), "x".repeat(101), "pr-deadbeef", "pr-1a2b3c4d"),
);

const anyParts = fc.record({ prefix: word, project: word, stack: word });

const fourPlaces = [fc.nat(8), fc.nat(8), fc.nat(8), fc.nat(8)] as const;

/** One text, divided in two ways; or one of the parts changed in a single place. */
const similarParts = fc.oneof(
  fc
    .tuple(fc.string({ unit: fc.constantFrom("a", ":", "-"), maxLength: 8 }), ...fourPlaces)
    .map(([text, a, b, c, d]): [TagParts, TagParts] => [divided(text, a, b), divided(text, c, d)]),
  fc
    .tuple(anyParts, fc.constantFrom("prefix", "project", "stack"), fc.constantFrom(":", "-", ".", "é", "x"))
    .map(([parts, name, more]): [TagParts, TagParts] => [parts, { ...parts, [name]: parts[name] + more }]),
);

describe("the tag of an ephemeral container", () => {
  test.each([
    [{ prefix: "acme", project: "shop", stack: "pr-42" }, "acme:shop:pr-42"],
    [{ prefix: "", project: "shop", stack: "pr-42" }, "shop:pr-42"],
    [{ prefix: "", project: "shop_v2", stack: "PR-42" }, "shop_v2:PR-42"],
    [{ prefix: "", project: "shop", stack: "x".repeat(95) }, `shop:${"x".repeat(95)}`],
  ])("is made of its parts: %j", (parts, tag) => {
    expect(ephemeralTag(parts)).toBe(tag);
  });

  test.each([
    ["has a dot", { prefix: "", project: "my.shop", stack: "pr-42" }, /^my-shop:pr-42-[0-9a-f]{8}$/],
    ["is not of ASCII", { prefix: "größe", project: "shop", stack: "pr-42" }, /^gr--e:shop:pr-42-[0-9a-f]{8}$/],
    ["holds the separator", { prefix: "a:b", project: "shop", stack: "pr-42" }, /^a-b:shop:pr-42-[0-9a-f]{8}$/],
    ["is too long", { prefix: "", project: "shop", stack: "x".repeat(96) }, /^shop:x{86}-[0-9a-f]{8}$/],
    ["ends like a hash", { prefix: "", project: "shop", stack: "pr-deadbeef" }, /^shop:pr-deadbeef-[0-9a-f]{8}$/],
  ])("ends in a hash when a part %s", (_, parts, tag) => {
    expect(ephemeralTag(parts)).toMatch(tag);
  });

  test("is always one that the API accepts", () => {
    fc.assert(
      fc.property(anyParts, (parts) => {
        expect(malformed(ephemeralTag(parts))).toBeUndefined();
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    ["of other parts", fc.tuple(anyParts, anyParts)],
    ["of parts which read the same when they are put together", similarParts],
  ])("is never that %s", (_, parts) => {
    const differ = fc.property(parts, ([one, other]) => {
      // Records of fast-check may have no prototype, which is no difference of their parts.
      fc.pre(!isDeepStrictEqual({ ...one }, { ...other }));
      expect(ephemeralTag(one)).not.toBe(ephemeralTag(other));
    });
    fc.assert(differ, { numRuns: 5_000 });
  });

  test.each([
    ["division is cut off", { project: `${"x".repeat(91)}:b`, stack: "c" }, { project: "x".repeat(91), stack: "b:c" }],
    ["difference is not in UTF-8", { project: "shop", stack: "\ud800" }, { project: "shop", stack: "\ufffd" }],
  ])("is not that of parts whose %s", (_, one, other) => {
    expect(ephemeralTag({ prefix: "", ...one })).not.toBe(ephemeralTag({ prefix: "", ...other }));
  });

  test("is not that of a stack whose name is what replacing made of another one", () => {
    const cut = ephemeralTag({ prefix: "", project: "shop", stack: "pr.42" });
    const stack = cut.slice("shop:".length);
    expect(ephemeralTag({ prefix: "", project: "shop", stack })).not.toBe(cut);
  });
});

function divided(text: string, one: number, other: number): TagParts {
  const [first, second] = [Math.min(one, other), Math.max(one, other)];
  return { prefix: text.slice(0, first), project: text.slice(first, second), stack: text.slice(second) };
}
