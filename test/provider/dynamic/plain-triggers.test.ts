import * as pulumi from "@pulumi/pulumi";
import { plainTriggers } from "../../../provider/dynamic/plain-triggers";
import { valueOf } from "../support/host-program";
import { sameValue } from "../../../provider/util/values";

class Session {
  readonly #id = 1;
  get id(): number {
    return this.#id;
  }
}

const cycle: unknown[] = [];
cycle.push({ cycle });

describe("triggers", () => {
  test.each<[string, unknown, unknown]>([
    ["a Date", new Date(0), new Date(86_400_000)],
    ["an invalid Date", new Date(Number.NaN), new Date(0)],
    ["a Map", new Map([["a", 1]]), new Map([["a", 2]])],
    ["a Set", new Set(["a"]), new Set(["b"])],
    ["a BigInt", 1n, 2n],
    ["a BigInt and its number", 1n, 1],
    ["a URL", new URL("https://example.com/a"), new URL("https://example.com/b")],
    ["a RegExp", /a/, /a/i],
    ["an Error", new Error("a"), new RangeError("a")],
    ["bytes", Buffer.from("a"), Buffer.from("b")],
    ["numbers that JSON does not have", Number.NaN, Number.POSITIVE_INFINITY],
    ["a boxed text", Object("a"), Object("b")],
    ["an object with toJSON", { toJSON: () => 1 }, { toJSON: () => 2 }],
    ["values within others", { list: [new Map([["a", new Date(0)]])] }, { list: [new Map([["a", new Date(1)]])] }],
    ["values within outputs", [pulumi.output(1).apply(() => new Date(0))], [pulumi.output(1).apply(() => new Date(1))]],
    ["values within promises", Promise.resolve(/a/), Promise.resolve(/b/)],
  ])("differ when %s changes, and not otherwise", async (_what, before, after) => {
    const [first, again, second] = await Promise.all([before, before, after].map(plain));
    expect(sameValue(first, again)).toBe(true);
    expect(sameValue(first, second)).toBe(false);
  });

  test.each<[string, unknown, unknown]>([
    ["a Set", new Set(["a", "b"]), new Set(["b", "a"])],
    ["a Map", new Map(Object.entries({ a: 1, b: 2 })), new Map(Object.entries({ b: 2, a: 1 }))],
  ])("do not change with the order of %s", async (_what, before, after) => {
    expect(sameValue(await plain(before), await plain(after))).toBe(true);
  });

  test.each([
    ["a text"],
    [1],
    [true],
    [null],
    [undefined],
    [[1, { a: [null, "b"] }]],
    [Object.assign(Object.create(null), { a: 1 })],
  ])("that are JSON stay as they are: %j", async (value: unknown) => {
    expect(await plain(value)).toEqual(value);
  });

  test("may contain the same object twice, which is no cycle", async () => {
    const shared = { a: 1 };
    expect(await plain([shared, shared])).toEqual([shared, shared]);
  });

  test.each<[string, unknown]>([
    ["a function", [() => 1]],
    ["a symbol", { a: Symbol("a") }],
    ["a cycle", cycle],
    ["an instance of Session", { session: new Session() }],
    ["an instance of WeakMap", new WeakMap()],
    ["an instance of FileAsset", new pulumi.asset.FileAsset("a.txt")],
    ["an instance of AssetArchive", new pulumi.asset.AssetArchive({})],
  ])("with %s are refused by name", (what, value) => {
    expect(() => plainTriggers(value, "memory")).toThrow(
      `triggers of memory contains ${what}, which cannot be compared with the one of the last up\nuse a text, a number, or a hash instead`,
    );
  });

  test("with a function in a promise are refused when it is there", async () => {
    await expect(plainTriggers(Promise.resolve([() => 1]), "memory")).rejects.toThrow("contains a function");
  });
});

async function plain(value: unknown): Promise<unknown> {
  return await valueOf(pulumi.output(plainTriggers(value, "memory")));
}
