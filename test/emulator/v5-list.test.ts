import { z } from "zod";
import type { Emulator } from "../../emulator/index";
import { send, start } from "./support/running";

const titled = z.object({ documents: z.array(z.object({ title: z.string() })) });

const details = z.object({
  documents: z.array(
    z.object({ content: z.string().optional(), system: z.object({ memoryCount: z.number().optional() }) }),
  ),
});

const counted = {
  containers: { "pr-42": { documents: [{ content: "first" }, { content: "second" }], memories: 3 } },
};

const seed = {
  containers: {
    "pr-42": {
      documents: [
        { title: "middle", createdAt: "2026-02-02T00:00:00Z", metadata: { team: "Red", size: 5 } },
        {
          title: "newest",
          createdAt: "2026-03-03T00:00:00Z",
          metadata: { team: "blue", size: 7, labels: ["x", "y"], live: true },
        },
        { title: "oldest", createdAt: "2026-01-01T00:00:00Z", alsoIn: ["pr-43"] },
      ],
    },
    bystander: 4,
  },
};

describe("the v5 list of documents", () => {
  test("is newest first unless the order is asc", async () => {
    const { emulator } = await start({ seed });
    expect(await titles(emulator)).toEqual(["newest", "middle", "oldest"]);
    expect(await titles(emulator, "?order=asc")).toEqual(["oldest", "middle", "newest"]);
  });

  test("sorts by the time of the last update with sort=updatedAt", async () => {
    const { emulator } = await start({ seed });
    await send(emulator, "PATCH", `/v3/documents/${emulator.documents("pr-43")[0]?.id ?? ""}`, { metadata: { a: 1 } });
    expect(await titles(emulator, "?sort=updatedAt")).toEqual(["oldest", "newest", "middle"]);
  });

  test("contains only the documented fields, without containerTags and content", async () => {
    const { emulator } = await start({ seed });
    const { body } = await send(emulator, "POST", "/ns/pr-42/list/documents?limit=1");
    expect(body).toEqual({
      documents: [
        {
          id: emulator.documents("pr-42").at(-1)?.id,
          title: "newest",
          type: "text",
          summary: null,
          metadata: { team: "blue", size: 7, labels: ["x", "y"], live: true },
          url: null,
          system: {
            status: "done",
            dreamingStatus: "done",
            createdAt: "2026-03-03T00:00:00.000Z",
            updatedAt: "2026-03-03T00:00:00.000Z",
          },
        },
      ],
      chunks: [],
      memories: [],
      pagination: { currentPage: 1, limit: 1, totalItems: 3, totalPages: 3 },
    });
  });

  test("includes the content and the memory count of each document when the request asks for them", async () => {
    const { emulator } = await start({ seed: counted, memoriesPerDocument: 2 });
    const rowsWith = async (include: unknown): Promise<unknown> => {
      const { body } = await send(emulator, "POST", "/ns/pr-42/list/documents?order=asc", { include });
      return details.parse(body).documents;
    };
    expect(await rowsWith({ content: true, memoryCount: true })).toEqual([
      { content: "first", system: { memoryCount: 2 } },
      { content: "second", system: { memoryCount: 2 } },
    ]);
    expect(await rowsWith({ content: true })).toEqual([
      { content: "first", system: {} },
      { content: "second", system: {} },
    ]);
    expect(await rowsWith({ memoryCount: true, content: false })).toEqual(
      Array(2).fill({ system: { memoryCount: 2 } }),
    );
    expect(await rowsWith({ memoryCount: false, forgotten: true })).toEqual(Array(2).fill({ system: {} }));
  });

  test("counts memories per document so that, with the direct ones, they add up to those of the namespace", async () => {
    const { emulator } = await start({ seed: counted, memoriesPerDocument: 2 });
    const { body } = await send(emulator, "POST", "/ns/pr-42/list/documents", { include: { memoryCount: true } });
    const inDocuments = details.parse(body).documents.reduce((sum, { system }) => sum + (system.memoryCount ?? 0), 0);
    expect((await send(emulator, "GET", "/ns")).body).toMatchObject({ namespaces: [{ memoryCount: inDocuments + 3 }] });
  });

  test("has pages of 10 that together contain every document once", async () => {
    const { emulator } = await start({ seed: { containers: { "pr-42": 25, bystander: 3 } } });
    const pages = await Promise.all([1, 2, 3, 4].map((page) => titles(emulator, `?page=${page}`)));
    expect(pages.map((page) => page.length)).toEqual([10, 10, 5, 0]);
    expect(new Set(pages.flat()).size).toBe(25);
  });

  test("contains a document with two tags under both namespaces", async () => {
    const { emulator } = await start({ seed });
    expect(await titles(emulator, "", undefined, "pr-43")).toEqual(["oldest"]);
  });

  test("of an unknown namespace is empty, or a 404 that names it", async () => {
    const { emulator } = await start({ seed });
    const empty = await send(emulator, "POST", "/ns/gone/list/documents");
    expect([empty.status, empty.body]).toMatchObject([200, { documents: [], pagination: { totalItems: 0 } }]);
    const strict = await start({ seed: { containers: { emptied: 0 } }, unknownNamespace: "notFound" });
    const { status, body } = await send(strict.emulator, "POST", "/ns/gone/list/documents");
    const expected = { error: "Namespace not found", details: "no namespace has the name gone" };
    expect([status, body]).toEqual([404, expected]);
    expect((await send(strict.emulator, "POST", "/ns/emptied/list/documents")).status).toBe(200);
  });

  test("of chunks returns 501", async () => {
    const { emulator } = await start({ seed });
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
    const { emulator } = await start({ seed });
    expect(await titles(emulator, "", { filter })).toEqual(expected);
  });
});

async function titles(emulator: Emulator, query = "", body?: unknown, namespace = "pr-42"): Promise<string[]> {
  const reply = await send(emulator, "POST", `/ns/${namespace}/list/documents${query}`, body);
  return titled.parse(reply.body).documents.map(({ title }) => title);
}
