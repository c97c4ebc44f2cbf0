import { send, start } from "./support/running";

const bulk = "DELETE /v3/documents/bulk";
const list = "POST /v3/documents/list";
const add = "POST /v3/documents";
const batch = "POST /v3/documents/batch";

describe("a request", () => {
  test.each([
    [bulk, {}, /either 'ids' or 'containerTags' must be provided/],
    [bulk, { ids: [] }, /^ids: at least 1 id/],
    [bulk, { ids: Array(101).fill("x") }, /^ids: at most 100/],
    [bulk, { ids: ["x"], containerTags: ["a"] }, /excludes/],
    [bulk, { containerTags: [] }, /^containerTags: at least 1/],
    [bulk, { containerTags: ["*"] }, /^containerTags.0: a container tag consists of/],
    [bulk, { containerTags: ["a", "b c"] }, /^containerTags.1: /],
    [bulk, { containerTags: ["x".repeat(101)] }, /at most 100 characters/],
    [bulk, { containerTags: "a" }, /^containerTags: /],
    [list, { containerTags: [""] }, /^containerTags.0: /],
    [list, { limit: 0 }, /^limit: at least 1/],
    [list, { limit: 1101 }, /^limit: 1101 is more than 1100/],
    [list, { page: "one" }, /^page: /],
    [list, { page: -1 }, /^page: /],
    [list, { order: "down" }, /^order: /],
    [list, { sort: "title" }, /^sort: /],
    [list, { includeContent: "yes" }, /^includeContent: /],
    [list, { filters: { key: "a", value: "b" } }, /^filters: the root must contain AND or OR/],
    [list, { filters: { AND: [{ key: "a" }] } }, /^filters: /],
    [list, { filters: { AND: [{ AND: [{ OR: [{ AND: [{ AND: [{ AND: [] }] }] }] }] }] } }, /deeper than 5/],
    [add, {}, /^content: /],
    [add, { content: "a", title: "b" }, /"title"/],
    [add, { content: "a", containerTag: "a/b" }, /^containerTag: /],
    [add, { content: "a", metadata: { nested: { a: 1 } } }, /^metadata.nested: /],
    [add, { content: "a", entityContext: "x".repeat(1501) }, /^entityContext: /],
    [batch, { documents: [] }, /^documents: /],
    [batch, { documents: Array(601).fill("x") }, /^documents: /],
    [batch, { documents: [{ text: "a" }] }, /^documents/],
  ])("%s with %j gets 400", async (endpoint, body, details) => {
    const [method = "", path = ""] = endpoint.split(" ");
    const { emulator } = await start({ seed: { containers: { a: 1 } } });
    const reply = await send(emulator, method, path, body);
    expect([reply.status, reply.body]).toEqual([
      400,
      { error: "Invalid request parameters", details: expect.stringMatching(details) as unknown },
    ]);
    expect(emulator.containers()).toEqual({ a: 1 });
  });

  test("with a body that is not JSON gets 400", async () => {
    const { emulator } = await start();
    const { status, body } = await send(emulator, "POST", "/v3/documents/list", "{");
    expect([status, body]).toEqual([400, { error: "Invalid request parameters", details: "body: not JSON" }]);
  });

  test("to an unknown route gets 404, and with an unknown method 405", async () => {
    const { emulator } = await start();
    expect((await send(emulator, "GET", "/v9/documents")).status).toBe(404);
    const { status, headers } = await send(emulator, "PATCH", "/v3/documents/list/", {});
    expect(status).toBe(404);
    expect(headers.get("allow")).toBeNull();
    const wrong = await send(emulator, "GET", "/v3/documents");
    expect([wrong.status, wrong.headers.get("allow")]).toEqual([405, "POST"]);
  });

  test("may list at most maxListLimit documents per page", async () => {
    const { emulator } = await start({ maxListLimit: 100 });
    const { body } = await send(emulator, "POST", "/v3/documents/list", { limit: 101 });
    expect(body).toMatchObject({ details: "limit: 101 is more than 100" });
  });

  test("is logged with its fields and its response status", async () => {
    const { emulator } = await start({ seed: { containers: { "pr-42": 1 } } });
    await send(emulator, "POST", "/v3/documents/list?a=b", { containerTags: ["pr-42"] });
    await send(emulator, "DELETE", "/v3/documents/bulk", "{");
    await send(emulator, "DELETE", "/v3/container-tags/pr-42");
    expect(emulator.requests).toMatchObject([
      {
        sequence: 1,
        method: "POST",
        path: "/v3/documents/list",
        query: { a: "b" },
        route: "documents.list",
        body: { containerTags: ["pr-42"] },
        bodyBytes: 27,
        mutating: false,
        containerTags: ["pr-42"],
        status: 200,
        fault: null,
      },
      { sequence: 2, route: "documents.deleteBulk", body: "{", bodyBytes: 1, mutating: true, status: 400 },
      { sequence: 3, route: "containerTags.delete", containerTags: ["pr-42"], mutating: true, status: 200 },
    ]);
  });
});
