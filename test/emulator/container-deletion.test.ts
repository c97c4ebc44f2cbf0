import { z } from "zod";
import type { Emulator, Fault } from "../../emulator/index";
import { expectHit, idsOf, send, start, total } from "./support/running";

const seed = { containers: { "pr-42": { documents: 3, memories: 2 }, production: { documents: 1, memories: 4 } } };
const memories = { "pr-42": 2, production: 4 };

const counted = { documentCount: z.number(), memoryCount: z.number() };

const apis = [
  ["v3", "/v3/container-tags/pr-42", "/v3/documents/bulk"],
  ["v5", "/ns/pr-42", "/ns/pr-42/document"],
] as const;

describe("deleting a container", () => {
  test.each(apis)("on %s deletes its documents and direct memories, and no others", async (api, path) => {
    const { emulator } = await start({ seed });
    const { status, body } = await send(emulator, "DELETE", path);
    const named = api === "v3" ? { success: true, containerTag: "pr-42" } : { status: "deleted", namespace: "pr-42" };
    expect([status, body]).toEqual([200, { ...named, deletedDocumentsCount: 3, deletedMemoriesCount: 2 }]);
    const route = api === "v3" ? "containerTags.delete" : "v5.namespaces.delete";
    expect(emulator.ledger).toMatchObject([{ route, containerTag: "pr-42", count: 3 }]);
    expect([emulator.containers(), emulator.memories()]).toEqual([{ production: 1 }, { production: 4 }]);
    expect(await listed(emulator)).toEqual([["production", 1, 4]]);
  });

  test.each(apis)("on %s also counts the memories of its documents", async (_api, path) => {
    const { emulator } = await start({ seed, memoriesPerDocument: 2 });
    expect((await send(emulator, "DELETE", path)).body).toMatchObject({ deletedMemoriesCount: 8 });
    expect(await listed(emulator)).toEqual([["production", 1, 6]]);
  });

  test.each(apis)("on %s deletes documents that are still processing", async (_api, path) => {
    const each = { processing: "forever" } as const;
    const { emulator } = await start({ seed: { containers: { "pr-42": { documents: 2, each }, production: 1 } } });
    expect((await send(emulator, "DELETE", path)).body).toMatchObject({ deletedDocumentsCount: 2 });
    expect(emulator.containers()).toEqual({ production: 1 });
  });

  test.each(apis)("on %s takes effect even when the response reports that it is queued", async (api, path) => {
    const body = { status: "queued", operationId: "op_1", namespace: "pr-42", moveTo: "archive" };
    const faults = [{ then: { kind: "wrongShape", body, status: 202 } as const }];
    const { emulator } = await start({ seed, faults });
    const reply = await send(emulator, "DELETE", path);
    expect([reply.status, reply.body, emulator.requests[0]?.api]).toEqual([202, body, api]);
    expectHit(emulator, { production: 1 });
  });

  test.each(apis)("on %s is visible in lists only after the lag", async (api, path) => {
    const { emulator } = await startWith({ kind: "listLag", lists: 1 });
    await send(emulator, "DELETE", path);
    expect([await total(emulator, api, "pr-42"), await total(emulator, api, "pr-42")]).toEqual([3, 0]);
    expect(emulator.unhitFaults()).toEqual([]);
  });

  test.each(apis)(
    "on %s with a lost response works once; the second request gets 404 and names it",
    async (_api, path) => {
      const { emulator } = await startWith({ kind: "reset", when: "afterEffect" });
      await expect(send(emulator, "DELETE", path)).rejects.toThrow();
      const { status, body } = await send(emulator, "DELETE", path);
      expect([status, body]).toMatchObject([404, { details: expect.stringContaining("pr-42") as unknown }]);
      expect(emulator.ledger).toMatchObject([{ request: 1, count: 3 }]);
      expect(emulator.containers()).toEqual({ production: 1 });
    },
  );
});

test.each(apis)("deleting documents on %s keeps the direct memories of the empty container", async (api, _, path) => {
  const { emulator } = await start({ seed, memoriesPerDocument: 5 });
  const ids = idsOf(emulator);
  expect(await listed(emulator)).toEqual([
    ["pr-42", 3, 17],
    ["production", 1, 9],
  ]);
  await send(emulator, "DELETE", path, api === "v3" ? { containerTags: ["pr-42"] } : { ids });
  expect(emulator.memories()).toEqual(memories);
  expect(await listed(emulator)).toEqual([
    ["pr-42", 0, 2],
    ["production", 1, 9],
  ]);
});

function startWith(then: Fault): ReturnType<typeof start> {
  return start({ seed, faults: [{ match: { method: "DELETE" }, then }] });
}

/** Tag, documents and memories of each container, which both API versions list alike. */
async function listed(emulator: Emulator): Promise<readonly unknown[]> {
  const { body: tags } = await send(emulator, "GET", "/v3/container-tags/list");
  const { body: page } = await send(emulator, "GET", "/namespaces");
  const v3 = z.array(z.object({ containerTag: z.string(), ...counted })).parse(tags);
  const v5 = z.object({ namespaces: z.array(z.object({ namespace: z.string(), ...counted })) }).parse(page).namespaces;
  const rows = v3.map((row) => [row.containerTag, row.documentCount, row.memoryCount]);
  expect(v5.map((row) => [row.namespace, row.documentCount, row.memoryCount]).sort()).toEqual([...rows].sort());
  return rows;
}
