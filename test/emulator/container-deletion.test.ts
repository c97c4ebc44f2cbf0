import { z } from "zod";
import type { Emulator, Fault } from "../../emulator/index";
import { apiKeys } from "./support/keys";
import { send, start } from "./support/running";

const seed = { containers: { "pr-42": { documents: 3, memories: 2 }, production: { documents: 1, memories: 4 } } };
const counts = { "pr-42": 3, production: 1 };
const memories = { "pr-42": 2, production: 4 };

const counted = { documentCount: z.number(), memoryCount: z.number() };

const apis = [
  ["v3", "/v3/container-tags/pr-42", "/v3/documents/bulk"],
  ["v5", "/ns/pr-42", "/ns/pr-42/document"],
] as const;

describe("deleting a container", () => {
  test.each(apis)("on %s deletes its direct memories, and no others", async (_api, path) => {
    const { emulator } = await start({ seed });
    const { body } = await send(emulator, "DELETE", path);
    expect(body).toMatchObject({ deletedDocumentsCount: 3, deletedMemoriesCount: 2 });
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

  test.each(apis)("on %s takes effect even when the response says that it is queued", async (api, path) => {
    const body = { status: "queued", operationId: "op_1", namespace: "pr-42", moveTo: "archive" };
    const faults = [{ then: { kind: "wrongShape", body, status: 202 } as const }];
    const { emulator } = await start({ seed, faults });
    const reply = await send(emulator, "DELETE", path);
    expect([reply.status, reply.body, emulator.requests[0]?.api]).toEqual([202, body, api]);
    expect(emulator.containers()).toEqual({ production: 1 });
    expect(emulator.unhitFaults()).toEqual([]);
  });

  test.each(apis)("on %s is visible in lists only after the lag", async (api, path) => {
    const { emulator } = await startWith({ kind: "listLag", lists: 1 });
    await send(emulator, "DELETE", path);
    const [list, body] =
      api === "v3" ? ["/v3/documents/list", { containerTags: ["pr-42"] }] : ["/ns/pr-42/list/documents"];
    const totals = [await send(emulator, "POST", list, body), await send(emulator, "POST", list, body)];
    expect(totals.map((reply) => reply.body)).toMatchObject([
      { pagination: { totalItems: 3 } },
      { pagination: { totalItems: 0 } },
    ]);
    expect(emulator.unhitFaults()).toEqual([]);
  });

  test.each([
    ["member-key", "/v3/container-tags/pr-42"],
    ["reader-key", "/v3/container-tags/pr-42"],
    ["scoped-key", "/v3/container-tags/production"],
    ["member-key", "/ns/pr-42"],
    ["reader-key", "/ns/pr-42"],
    ["scoped-key", "/ns/production"],
  ])("is refused to the %s at %s, and nothing is deleted", async (key, path) => {
    const { emulator } = await start({ seed, apiKeys });
    const { status, body } = await send(emulator, "DELETE", path, undefined, key);
    expect([status, body]).toMatchObject([403, { error: "Forbidden" }]);
    expect([emulator.containers(), emulator.memories(), emulator.ledger]).toEqual([counts, memories, []]);
  });

  test.each(["/v3/container-tags/pr-42", "/ns/pr-42"])("is allowed to a key scoped to its tag at %s", async (path) => {
    const { emulator } = await start({ seed, apiKeys });
    expect((await send(emulator, "DELETE", path, undefined, "scoped-key")).status).toBe(200);
    expect(emulator.containers()).toEqual({ production: 1 });
  });

  test.each(apis)("on %s works once; the second request gets 404", async (_api, path) => {
    const { emulator } = await startWith({ kind: "reset", when: "afterEffect" });
    await expect(send(emulator, "DELETE", path)).rejects.toThrow();
    expect((await send(emulator, "DELETE", path)).status).toBe(404);
    expect(emulator.ledger).toMatchObject([{ request: 1, count: 3 }]);
    expect(emulator.containers()).toEqual({ production: 1 });
  });
});

test.each(apis)("deleting documents on %s keeps the direct memories of the empty container", async (api, _, path) => {
  const { emulator } = await start({ seed, memoriesPerDocument: 5 });
  const ids = emulator.documents("pr-42").map(({ id }) => id);
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

type Row = readonly [tag: string, documents: number, memories: number];

/** Tag, documents and memories, as both API versions list them. */
async function listed(emulator: Emulator): Promise<readonly Row[]> {
  const { body: tags } = await send(emulator, "GET", "/v3/container-tags/list");
  const { body: page } = await send(emulator, "GET", "/namespaces");
  const v3 = z.array(z.object({ containerTag: z.string(), ...counted }).transform(toRow)).parse(tags);
  const v5 = z.object({ namespaces: z.array(z.object({ namespace: z.string(), ...counted }).transform(toRow)) });
  expect([...v5.parse(page).namespaces].sort()).toEqual([...v3].sort());
  return v3;
}

function toRow(row: {
  readonly containerTag?: string;
  readonly namespace?: string;
  readonly documentCount: number;
  readonly memoryCount: number;
}): Row {
  return [row.containerTag ?? row.namespace ?? "", row.documentCount, row.memoryCount];
}
