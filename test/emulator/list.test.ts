import type Supermemory from "supermemory";
import { inContainers, start } from "./support/running";

const dated = {
  containers: {
    "pr-42": {
      documents: [
        {
          content: "middle",
          createdAt: "2026-02-02T00:00:00Z",
          metadata: { team: "Red", size: 5 },
          filepath: "/a/b.md",
        },
        {
          content: "newest",
          createdAt: "2026-03-03T00:00:00Z",
          metadata: { team: "blue", size: 7, labels: ["x", "y"] },
        },
        { content: "oldest", createdAt: "2026-01-01T00:00:00Z", alsoIn: ["pr-43"], filepath: "/a/c.md" },
      ],
    },
    bystander: 4,
  },
};

describe("the list of documents", () => {
  test("is newest first unless the order is asc", async () => {
    const { client } = await start({ seed: dated });
    expect(await contents(client, {})).toEqual(["newest", "middle", "oldest"]);
    expect(await contents(client, { order: "asc" })).toEqual(["oldest", "middle", "newest"]);
  });

  test("keeps the order of insertion within one millisecond", async () => {
    const documents = ["1", "2", "3"].map((content) => ({ content, createdAt: "2026-01-01T00:00:00Z" }));
    const { client } = await start({ seed: { containers: { "pr-42": { documents } } } });
    expect(await contents(client, { order: "asc" })).toEqual(["1", "2", "3"]);
  });

  test("sorts by the time of the last update with sort=updatedAt", async () => {
    const { emulator, client } = await start({ seed: dated });
    expect(await contents(client, { sort: "updatedAt" })).toEqual(["newest", "middle", "oldest"]);
    await client.documents.update(emulator.documents("pr-43")[0]?.id ?? "", { metadata: { touched: true } });
    expect(await contents(client, { sort: "updatedAt" })).toEqual(["oldest", "newest", "middle"]);
    expect(await contents(client, {})).toEqual(["newest", "middle", "oldest"]);
  });

  test("has pages that together contain every document once", async () => {
    const { client } = await start({ seed: { containers: { "pr-42": 250, bystander: 3 } } });
    const ids = new Set<string>();
    for (const page of [1, 2, 3]) {
      const response = await client.documents.list({ ...inContainers("pr-42"), limit: 100, page });
      for (const { id } of response.memories) ids.add(id);
      expect(response.pagination).toEqual({ currentPage: page, limit: 100, totalItems: 250, totalPages: 3 });
    }
    expect(ids.size).toBe(250);
  });

  test("is empty after the last page and for an unknown tag", async () => {
    const { client } = await start({ seed: dated });
    expect((await client.documents.list({ ...inContainers("pr-42"), page: 9 })).memories).toEqual([]);
    expect((await client.documents.list({ ...inContainers("nothing") })).pagination.totalItems).toBe(0);
  });

  test("contains all documents without a tag, and a document with two requested tags once", async () => {
    const { client } = await start({ seed: dated });
    expect((await client.documents.list({})).pagination.totalItems).toBe(7);
    expect((await client.documents.list({ ...inContainers("pr-42", "pr-43") })).pagination.totalItems).toBe(3);
  });

  test("accepts page and limit as text", async () => {
    const { client } = await start({ seed: dated });
    const { pagination } = await client.documents.list({ ...inContainers("pr-42"), limit: "2", page: "2" });
    expect(pagination).toEqual({ currentPage: 2, limit: 2, totalItems: 3, totalPages: 2 });
  });

  test.each([
    ["an equal value", { AND: [{ key: "team", value: "blue" }] }, ["newest"]],
    ["an equal value without case", { AND: [{ key: "team", value: "red", ignoreCase: true }] }, ["middle"]],
    ["a negated condition", { AND: [{ key: "team", value: "blue", negate: "true" as const }] }, ["middle", "oldest"]],
    [
      "a number",
      { AND: [{ filterType: "numeric" as const, key: "size", numericOperator: ">=" as const, value: "6" }] },
      ["newest"],
    ],
    ["an item of a list", { OR: [{ filterType: "array_contains" as const, key: "labels", value: "y" }] }, ["newest"]],
    ["a part of a text", { OR: [{ filterType: "string_contains" as const, key: "team", value: "lu" }] }, ["newest"]],
    [
      "nested expressions",
      { OR: [{ AND: [{ key: "team", value: "Red" }] }, { key: "size", value: "7" }] },
      ["newest", "middle"],
    ],
  ])("is filtered by metadata: %s", async (_name, filters, expected) => {
    const { client } = await start({ seed: dated });
    expect(await contents(client, { filters })).toEqual(expected);
  });

  test("is filtered by file path or folder", async () => {
    const { client } = await start({ seed: dated });
    expect(await contents(client, { filepath: "/a/b.md" })).toEqual(["middle"]);
    expect(await contents(client, { filepath: "/a/" })).toEqual(["middle", "oldest"]);
  });
});

async function contents(client: Supermemory, params: Supermemory.DocumentListParams): Promise<(string | undefined)[]> {
  const { memories } = await client.documents.list({ ...inContainers("pr-42"), includeContent: true, ...params });
  return memories.map(({ content }) => content);
}
