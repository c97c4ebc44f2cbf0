import { send, start } from "./support/running";

const document = "/ns/a/document";
const list = "/ns/a/list/documents";
const predicate = { field: "a", operator: "eq", value: "b" };

describe("a v5 request", () => {
  test.each([
    ["DELETE", document, {}, ["ids"]],
    ["DELETE", document, { ids: [] }, ["ids"]],
    ["DELETE", document, { ids: Array(101).fill("x") }, ["ids"]],
    ["DELETE", document, { ids: ["x", ""] }, ["ids", 1]],
    ["DELETE", document, { ids: ["x".repeat(256)] }, ["ids", 0]],
    ["DELETE", document, { ids: ["x"], filepath: "/" }, []],
    ["DELETE", document, undefined, []],
    ["POST", document, { content: "a", containerTag: "b" }, []],
    ["POST", document, { content: "a", customId: "b" }, []],
    ["POST", document, { content: "a", metadata: { b: null } }, ["metadata", "b"]],
    ["POST", `${document}/batch`, { documents: [] }, ["documents"]],
    ["POST", `${document}/batch`, { documents: ["a"] }, ["documents", 0]],
    ["POST", `${document}/batch`, { documents: Array(601).fill({ content: "a" }) }, ["documents"]],
    ["POST", `${document}/batch`, { documents: [{ content: "a", dreaming: "instant" }] }, ["documents", 0]],
    ["POST", list, { containerTags: ["a"] }, []],
    ["POST", list, { filter: { ...predicate, operator: "like" } }, ["filter"]],
    ["POST", list, { include: { forgotten: "yes" } }, ["include", "forgotten"]],
    ["POST", list, { include: { content: 1 } }, ["include", "content"]],
    ["POST", list, { include: { memoryCount: "yes" } }, ["include", "memoryCount"]],
    ["POST", list, { include: { chunks: true } }, ["include"]],
    ["POST", list, { filter: nested(6) }, ["filter"]],
    ["POST", `${list}?limit=101`, undefined, ["limit"]],
    ["POST", `${list}?limit=0`, undefined, ["limit"]],
    ["POST", `${list}?page=one`, undefined, ["page"]],
    ["POST", `${list}?order=up`, undefined, ["order"]],
    ["POST", `${list}?sort=position`, undefined, ["sort"]],
    ["POST", "/ns/a/list/files", undefined, ["type"]],
    ["GET", "/namespaces?limit=101", undefined, ["limit"]],
    ["GET", `${document}/x?include=all`, undefined, ["include", 0]],
    ["GET", "/ns/a%20b", undefined, ["namespace"]],
    ["DELETE", "/ns/*", undefined, ["namespace"]],
    ["DELETE", `/ns/${"x".repeat(101)}`, undefined, ["namespace"]],
  ])("%s %s with %j gets 400 with the issue at %j", async (method, path, body, where) => {
    const { emulator } = await start({ seed: { containers: { a: 1 } } });
    const reply = await send(emulator, method, path, body);
    const issue: unknown = expect.objectContaining({ path: where });
    expect([reply.status, reply.body]).toMatchObject([400, { success: false, error: [issue] }]);
    expect(emulator.containers()).toEqual({ a: 1 });
  });

  test("that is not valid gets a message, with invalidRequests message", async () => {
    const { emulator } = await start({ invalidRequests: "message" });
    const { status, body } = await send(emulator, "DELETE", document, { ids: [] });
    expect([status, body]).toEqual([400, { error: "Invalid request parameters", details: "ids: at least 1 id" }]);
  });

  test("may nest filters five levels deep, and omit body and query", async () => {
    const { emulator } = await start();
    expect((await send(emulator, "POST", list, { filter: nested(5) })).status).toBe(200);
    expect((await send(emulator, "POST", list)).status).toBe(200);
  });

  test("with a body that is not JSON gets 400", async () => {
    const { emulator } = await start();
    const { status, body } = await send(emulator, "DELETE", document, "{");
    expect([status, body]).toEqual([400, { error: "Invalid request parameters", details: "body: not JSON" }]);
  });

  test("that is not in the document gets 404 or 405, and is logged as mutating", async () => {
    const { emulator } = await start({ seed: { containers: { a: { documents: [{ customId: "x" }] } } } });
    expect((await send(emulator, "DELETE", "/ns")).status).toBe(405);
    expect((await send(emulator, "DELETE", `${document}/x`)).headers.get("allow")).toBe("GET");
    expect((await send(emulator, "PATCH", `${document}/x`, { content: "b" })).status).toBe(405);
    expect((await send(emulator, "DELETE", "/ns/a/documents")).status).toBe(404);
    expect(emulator.requests.every(({ mutating, route }) => mutating && route === null)).toBe(true);
    expect(emulator.containers()).toEqual({ a: 1 });
  });

  test.each(["/ns/a/memories", "/ns/a/memories/semantic"])("DELETE %s gets 501", async (path) => {
    const { emulator } = await start({ seed: { containers: { a: { memories: 2 } } } });
    expect((await send(emulator, "DELETE", path, { ids: ["x"] })).status).toBe(501);
    expect(emulator.requests).toMatchObject([{ route: "v5.memories.delete", mutating: true }]);
  });
});

test.each([
  ["GET", "/connectors", "v5.connectors.list"],
  ["GET", "/ns/a/connectors?provider=github", "v5.connectors.list"],
  ["DELETE", "/ns/a/connectors/x?deleteDocuments=false", "v5.connectors.delete"],
])("%s %s gets 501, and only a deletion is logged as mutating", async (method, path, route) => {
  const { emulator } = await start({ seed: { containers: { a: 1 } } });
  expect((await send(emulator, method, path)).status).toBe(501);
  expect(emulator.requests).toMatchObject([{ api: "v5", route, mutating: method === "DELETE" }]);
  expect(emulator.containers()).toEqual({ a: 1 });
});

function nested(levels: number): unknown {
  return levels === 1 ? predicate : { operator: "and", operands: [nested(levels - 1)] };
}
