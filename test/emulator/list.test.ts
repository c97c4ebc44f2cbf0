import { z } from "zod";
import type { Emulator } from "../../emulator/index";
import { inContainers, send, start } from "./support/running";

const dated = {
  containers: {
    "pr-42": {
      documents: [
        {
          ...{ title: "middle", createdAt: "2026-02-02T00:00:00Z", filepath: "/a/b.md" },
          metadata: { team: "Red", size: 5 },
        },
        {
          ...{ title: "newest", createdAt: "2026-03-03T00:00:00Z" },
          metadata: { team: "blue", size: 7, labels: ["x", "y"], live: true },
        },
        { title: "oldest", createdAt: "2026-01-01T00:00:00Z", alsoIn: ["pr-43"], filepath: "/a/c.md" },
      ],
    },
    bystander: 4,
  },
};
const counted = {
  containers: { "pr-42": { documents: [{ content: "first" }, { content: "second" }], memories: 3 } },
};
const resources = "/ns/pr-42/list/documents";

type List = (emulator: Emulator, params: Record<string, string>) => Promise<readonly string[]>;
const titled = z.array(z.object({ title: z.string() })).transform((rows) => rows.map(({ title }) => title));

const apis: readonly (readonly [api: string, pageSize: number, list: List])[] = [
  ["v3", 100, titlesOnV3],
  ["v5", 10, (emulator, params) => titlesOnV5(emulator, `?${new URLSearchParams(params).toString()}`)],
];

describe.each(apis)("the list of documents on %s", (_api, limit, list) => {
  test("is newest first unless the order is asc", async () => {
    const { emulator } = await start({ seed: dated });
    expect(await list(emulator, {})).toEqual(["newest", "middle", "oldest"]);
    expect(await list(emulator, { order: "asc" })).toEqual(["oldest", "middle", "newest"]);
  });

  test("sorts by the time of the last update with sort=updatedAt", async () => {
    const { client, emulator } = await start({ seed: dated });
    expect(await list(emulator, { sort: "updatedAt" })).toEqual(["newest", "middle", "oldest"]);
    await client.documents.update(emulator.documents("pr-43")[0]?.id ?? "", { metadata: { touched: true } });
    expect(await list(emulator, { sort: "updatedAt" })).toEqual(["oldest", "newest", "middle"]);
    expect(await list(emulator, {})).toEqual(["newest", "middle", "oldest"]);
  });

  test("has pages that together contain every document once, and is empty after the last", async () => {
    const { emulator } = await start({ seed: { containers: { "pr-42": 2.5 * limit, bystander: 3 } } });
    const pages = await Promise.all(
      [1, 2, 3, 4].map((page) => list(emulator, { limit: String(limit), page: String(page) })),
    );
    expect(pages.map((page) => page.length)).toEqual([limit, limit, limit / 2, 0]);
    expect(new Set(pages.flat()).size).toBe(2.5 * limit);
  });
});

describe("the list of documents on v3", () => {
  test("keeps the order of insertion within one millisecond", async () => {
    const documents = ["1", "2", "3"].map((title) => ({ title, createdAt: "2026-01-01T00:00:00Z" }));
    const { emulator } = await start({ seed: { containers: { "pr-42": { documents } } } });
    expect(await titlesOnV3(emulator, { order: "asc" })).toEqual(["1", "2", "3"]);
  });

  test("contains all documents without a tag, a document with two requested tags once, and none for an unknown tag", async () => {
    const { client } = await start({ seed: dated });
    const totals = await Promise.all(
      [{}, inContainers("pr-42", "pr-43"), inContainers("nothing")].map(
        async (params) => (await client.documents.list(params)).pagination.totalItems,
      ),
    );
    expect(totals).toEqual([7, 3, 0]);
  });

  test("accepts page and limit as text", async () => {
    const { client } = await start({ seed: dated });
    const { pagination } = await client.documents.list({ ...inContainers("pr-42"), limit: "2", page: "2" });
    expect(pagination).toEqual({ currentPage: 2, limit: 2, totalItems: 3, totalPages: 2 });
  });

  test.each([
    ["an equal value", { AND: [{ key: "team", value: "blue" }] }, ["newest"]],
    ["an equal value without case", { AND: [{ key: "team", value: "red", ignoreCase: true }] }, ["middle"]],
    ["a negated condition", { AND: [{ key: "team", value: "blue", negate: "true" }] }, ["middle", "oldest"]],
    ["a number", { AND: [{ filterType: "numeric", key: "size", numericOperator: ">=", value: "6" }] }, ["newest"]],
    ["an item of a list", { OR: [{ filterType: "array_contains", key: "labels", value: "y" }] }, ["newest"]],
    ["a part of a text", { OR: [{ filterType: "string_contains", key: "team", value: "lu" }] }, ["newest"]],
    [
      "nested expressions",
      { OR: [{ AND: [{ key: "team", value: "Red" }] }, { key: "size", value: "7" }] },
      ["newest", "middle"],
    ],
  ])("is filtered by metadata: %s", async (_name, filters, expected) => {
    const { emulator } = await start({ seed: dated });
    expect(await titlesOnV3(emulator, { filters })).toEqual(expected);
  });

  test("is filtered by file path or folder", async () => {
    const { emulator } = await start({ seed: dated });
    expect(await titlesOnV3(emulator, { filepath: "/a/b.md" })).toEqual(["middle"]);
    expect(await titlesOnV3(emulator, { filepath: "/a/" })).toEqual(["middle", "oldest"]);
  });
});

describe("the list of documents on v5", () => {
  test("contains only the documented fields, without containerTags and content", async () => {
    const { emulator } = await start({ seed: dated });
    const at = "2026-03-03T00:00:00.000Z";
    expect((await send(emulator, "POST", `${resources}?limit=1`)).body).toEqual({
      documents: [
        {
          ...{ id: emulator.documents("pr-42").at(-1)?.id, title: "newest", type: "text", summary: null, url: null },
          metadata: { team: "blue", size: 7, labels: ["x", "y"], live: true },
          system: { status: "done", dreamingStatus: "done", createdAt: at, updatedAt: at },
        },
      ],
      chunks: [],
      memories: [],
      pagination: { currentPage: 1, limit: 1, totalItems: 3, totalPages: 3 },
    });
  });

  test.each([
    [{ content: true, memoryCount: true }, { memoryCount: 2 }, ["first", "second"]],
    [{ content: true }, {}, ["first", "second"]],
    [{ memoryCount: true, content: false }, { memoryCount: 2 }, [undefined, undefined]],
    [{ memoryCount: false, forgotten: true }, {}, [undefined, undefined]],
  ])("includes what %j asks for", async (include, system, contents) => {
    const { emulator } = await start({ seed: counted, memoriesPerDocument: 2 });
    const { body } = await send(emulator, "POST", `${resources}?order=asc`, { include });
    const rows = z.array(
      z.object({ content: z.string().optional(), system: z.object({ memoryCount: z.number().optional() }) }),
    );
    const { documents } = z.object({ documents: rows }).parse(body);
    expect(documents).toEqual(contents.map((content) => (content === undefined ? { system } : { content, system })));
  });

  test("counts memories per document, which with the direct ones add up to those of the namespace", async () => {
    const { emulator } = await start({ seed: counted, memoriesPerDocument: 2 });
    expect((await send(emulator, "GET", "/ns")).body).toMatchObject({ namespaces: [{ memoryCount: 2 * 2 + 3 }] });
  });

  test("contains a document with two tags under both namespaces", async () => {
    const { emulator } = await start({ seed: dated });
    expect(await titlesOnV5(emulator, "", undefined, "pr-43")).toEqual(["oldest"]);
  });

  test.each(["documents", "memories"])(
    "of %s of an unknown namespace is empty, or a 404 that names it",
    async (type) => {
      const { emulator } = await start({ seed: dated });
      const empty = await send(emulator, "POST", `/ns/gone/list/${type}`);
      expect([empty.status, empty.body]).toMatchObject([200, { [type]: [], pagination: { totalItems: 0 } }]);
      const strict = await start({ seed: { containers: { emptied: 0 } }, unknownNamespace: "notFound" });
      const { status, body } = await send(strict.emulator, "POST", `/ns/gone/list/${type}`);
      const expected = { error: "Namespace not found", details: "no namespace has the name gone" };
      expect([status, body]).toEqual([404, expected]);
      expect((await send(strict.emulator, "POST", `/ns/emptied/list/${type}`)).status).toBe(200);
    },
  );

  test("of chunks returns 501", async () => {
    const { emulator } = await start({ seed: dated });
    expect((await send(emulator, "POST", "/ns/pr-42/list/chunks")).status).toBe(501);
  });

  test.each([
    ["an equal value", { field: "team", operator: "eq", value: "blue" }, ["newest"]],
    ["an equal value without case", { field: "team", operator: "eq", value: "red", caseSensitive: false }, ["middle"]],
    ["an equal flag", { field: "live", operator: "eq", value: true }, ["newest"]],
    ["another value, or none", { field: "team", operator: "neq", value: "blue" }, ["middle", "oldest"]],
    ["a greater number", { field: "size", operator: "gt", value: 5 }, ["newest"]],
    ["a number that is not less", { field: "size", operator: "gte", value: 5 }, ["newest", "middle"]],
    ["a lesser number", { field: "size", operator: "lt", value: 7 }, ["middle"]],
    ["a number that is not greater", { field: "size", operator: "lte", value: 7 }, ["newest", "middle"]],
    ["a part of a text", { field: "team", operator: "contains", value: "lu" }, ["newest"]],
    ["a missing part", { field: "team", operator: "notContains", value: "lu" }, ["middle", "oldest"]],
    ["an item of a list", { field: "labels", operator: "arrayContains", value: "y" }, ["newest"]],
    ["a missing item", { field: "labels", operator: "arrayNotContains", value: "y" }, ["middle", "oldest"]],
    [
      "nested expressions",
      {
        operator: "or",
        operands: [
          { operator: "and", operands: [{ field: "team", operator: "eq", value: "Red" }] },
          { field: "size", operator: "eq", value: 7 },
        ],
      },
      ["newest", "middle"],
    ],
  ])("is filtered by %s", async (_name, filter, expected) => {
    const { emulator } = await start({ seed: dated });
    expect(await titlesOnV5(emulator, "", { filter })).toEqual(expected);
  });
});

async function titlesOnV3(emulator: Emulator, params: object): Promise<readonly string[]> {
  const { body } = await send(emulator, "POST", "/v3/documents/list", { ...inContainers("pr-42"), ...params });
  return z.object({ memories: titled }).parse(body).memories;
}

async function titlesOnV5(
  emulator: Emulator,
  query: string,
  sent?: unknown,
  namespace = "pr-42",
): Promise<readonly string[]> {
  const { body } = await send(emulator, "POST", `/ns/${namespace}/list/documents${query}`, sent);
  return z.object({ documents: titled }).parse(body).documents;
}
