import { z } from "zod";
import type { Emulator } from "../../emulator/index";
import { send, start } from "./support/running";

const listed = z.object({
  memories: z.array(z.object({ memory: z.string() })),
  pagination: z.object({ totalItems: z.number() }),
});

const seed = {
  containers: {
    "pr-42": {
      memories: [
        { memory: "middle", createdAt: "2026-02-02T00:00:00Z" },
        { memory: "newest", createdAt: "2026-03-03T00:00:00Z" },
        { memory: "oldest", createdAt: "2026-01-01T00:00:00Z" },
      ],
      createdAt: "2025-12-01T00:00:00Z",
    },
    bystander: { documents: 4, memories: 2, createdAt: "2025-12-01T00:00:00Z" },
  },
};

describe("the v5 list of memories", () => {
  test("is newest first unless the order is asc, in pages", async () => {
    const { emulator } = await start({ seed });
    expect(await texts(emulator)).toEqual(["newest", "middle", "oldest"]);
    expect(await texts(emulator, "?order=asc&sort=updatedAt")).toEqual(["oldest", "middle", "newest"]);
    expect(await texts(emulator, "?limit=2&page=2")).toEqual(["oldest"]);
  });

  test("contains only the documented fields", async () => {
    const { emulator } = await start({ seed });
    const { body } = await send(emulator, "POST", "/ns/pr-42/list/memories?limit=1");
    const id: unknown = expect.any(String);
    expect(body).toEqual({
      documents: [],
      chunks: [],
      memories: [
        {
          ...{ id, memory: "newest", metadata: {}, isStatic: false, isInference: false, isLatest: true },
          ...{ isForgotten: false, version: 1 },
          system: { createdAt: "2026-03-03T00:00:00.000Z", updatedAt: "2026-03-03T00:00:00.000Z" },
        },
      ],
      pagination: { currentPage: 1, limit: 1, totalItems: 3, totalPages: 3 },
    });
  });

  test("has as many rows as the list of namespaces counts, with distinct ids and those of documents included", async () => {
    const { emulator } = await start({ seed, memoriesPerDocument: 3 });
    const { body } = await send(emulator, "POST", "/ns/bystander/list/memories?limit=100");
    const { memories } = z.object({ memories: z.array(z.object({ id: z.string() })) }).parse(body);
    expect(new Set(memories.map(({ id }) => id)).size).toBe(2 + 4 * 3);
    const { body: listed } = await send(emulator, "GET", "/namespaces");
    expect(listed).toMatchObject({ namespaces: [{ namespace: "bystander", memoryCount: 14 }, { memoryCount: 3 }] });
  });

  test("moves with its namespace", async () => {
    const { emulator } = await start({ seed });
    await send(emulator, "DELETE", "/ns/pr-42?moveTo=pr-43");
    expect(await texts(emulator, "", undefined, "pr-43")).toEqual(["newest", "middle", "oldest"]);
    expect(emulator.memories()).toEqual({ bystander: 2, "pr-43": 3 });
  });

  test("is filtered by metadata, which memories do not have", async () => {
    const { emulator } = await start({ seed });
    const filter = { field: "team", operator: "eq", value: "red" };
    expect(await texts(emulator, "", { filter, include: { forgotten: true } })).toEqual([]);
    expect(await texts(emulator, "", { filter: { ...filter, operator: "neq" } })).toHaveLength(3);
  });
});

describe("a dated memory of a seed", () => {
  test("is activity of its container on v3, and is added to the existing ones", async () => {
    const { emulator } = await start({ seed });
    const shown = async (): Promise<unknown> => (await send(emulator, "GET", "/v3/container-tags/list")).body;
    expect(await shown()).toMatchObject([{ lastActivityAt: "2026-03-03T00:00:00.000Z" }, {}]);
    emulator.seed({ containers: { "pr-42": { memories: [{ createdAt: "2026-04-04T00:00:00Z" }] } } });
    expect(await shown()).toMatchObject([{ lastActivityAt: "2026-04-04T00:00:00.000Z", memoryCount: 4 }, {}]);
  });
});

async function texts(emulator: Emulator, query = "", body?: unknown, namespace = "pr-42"): Promise<string[]> {
  const reply = await send(emulator, "POST", `/ns/${namespace}/list/memories${query}`, body);
  return listed.parse(reply.body).memories.map(({ memory }) => memory);
}
