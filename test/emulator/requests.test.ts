import { send, start } from "./support/running";
import { hasVendorSpecs, isDocumented } from "./support/vendor-spec";

/** A request, its body, and where or why it is refused; undefined for one that is accepted. */
type Row = readonly [request: string, body: unknown, refused?: string];

const bulk = "DELETE /v3/documents/bulk";
const listV3 = "POST /v3/documents/list";
const add = "POST /v3/documents";
const batch = "POST /v3/documents/batch";
const long = (length: number): string => "x".repeat(length);
const onV3: readonly Row[] = [
  [bulk, { ids: [] }, "ids: at least 1 id"],
  [bulk, { ids: Array(100).fill("x") }],
  [bulk, { ids: Array(101).fill("x") }, "ids: at most 100"],
  [bulk, { ids: [1] }, "ids.0: "],
  [bulk, { ids: ["x"], unknown: 1 }],
  [bulk, { containerTags: [] }, "containerTags: at least 1"],
  [bulk, { containerTags: ["*"] }, "containerTags.0: a container tag consists of"],
  [bulk, { containerTags: ["a-b_c:D9"] }],
  [bulk, { containerTags: ["a.b"] }, "containerTags.0: "],
  [bulk, { containerTags: ["a", "b c"] }, "containerTags.1: "],
  [bulk, { containerTags: [long(100)] }],
  [bulk, { containerTags: [long(101)] }, "containerTags.0: a container tag has at most 100 characters"],
  [bulk, { containerTags: "a" }, "containerTags: "],
  [listV3, {}],
  [listV3, { containerTags: [] }],
  [listV3, { containerTags: [""] }, "containerTags.0: "],
  [listV3, { limit: "10", page: "1", unknown: 1 }],
  [listV3, { limit: "ten" }, "limit: "],
  [listV3, { limit: true }, "limit: "],
  [listV3, { page: "one" }, "page: "],
  [listV3, { order: "up" }, "order: "],
  [listV3, { sort: "size" }, "sort: "],
  [listV3, { includeContent: "yes" }, "includeContent: "],
  [listV3, { filters: { AND: [{ key: "a", value: "b" }] } }],
  [listV3, { filters: { OR: [{ AND: [] }] } }],
  [listV3, { filters: { NOT: [] } }, "filters: the root must contain AND or OR"],
  [listV3, { filters: { AND: [{ key: "a" }] } }, "filters: "],
  [listV3, { filters: { AND: [{ key: "a", value: "b", filterType: "regex" }] } }, "filters: "],
  [add, {}, "content: "],
  [add, { content: "a", containerTag: "a", metadata: { a: ["b"], c: 1 } }],
  [add, { content: 1 }, "content: "],
  [add, { content: "a", title: "b" }, 'body: Unrecognized key: "title"'],
  [add, { content: "a", taskType: "other" }, "taskType: "],
  [add, { content: "a", metadata: { a: null } }, "metadata.a: "],
  [add, { content: "a", metadata: { nested: { a: 1 } } }, "metadata.nested: "],
  [add, { content: "a", entityContext: long(1501) }, "entityContext: "],
  [batch, { documents: [] }, "documents: "],
  [batch, { documents: [{ content: "b", containerTag: "a b" }] }, "documents.0.containerTag: "],
  [batch, { documents: [{ text: "a" }] }, "documents: "],
  [batch, { documents: Array(600).fill("a") }],
  [batch, { documents: Array(601).fill("a") }, "documents: "],
  [batch, { documents: ["a"], content: "b" }, "content: "],
];

const document = "/ns/a/document";
const list = "POST /ns/a/list/documents";
const predicate = { field: "a", operator: "eq", value: "b" };
const many = Array.from({ length: 200 }, () => predicate);
const onV5: readonly Row[] = [
  [`DELETE ${document}`, {}, "ids"],
  [`DELETE ${document}`, { ids: [] }, "ids"],
  [`DELETE ${document}`, { ids: Array(100).fill("x") }],
  [`DELETE ${document}`, { ids: Array(101).fill("x") }, "ids"],
  [`DELETE ${document}`, { ids: [long(255)] }],
  [`DELETE ${document}`, { ids: [long(256)] }, "ids.0"],
  [`DELETE ${document}`, { ids: ["x", ""] }, "ids.1"],
  [`DELETE ${document}`, { ids: [1] }, "ids.0"],
  [`DELETE ${document}`, { ids: ["x"], containerTags: ["a"] }, ""],
  [`DELETE ${document}`, [], ""],
  [`DELETE ${document}`, null, ""],
  [`POST ${document}`, { content: "" }],
  [`POST ${document}`, { content: 1 }, "content"],
  [`POST ${document}`, { content: "a", id: "" }, "id"],
  [`POST ${document}`, { content: "a", id: long(255), supportingContext: long(1500), date: "2026-01-15" }],
  [`POST ${document}`, { content: "a", id: long(256) }, "id"],
  [`POST ${document}`, { content: "a", supportingContext: long(1501) }, "supportingContext"],
  [`POST ${document}`, { content: "a", metadata: { a: ["b"], c: 1, d: false }, group: { e: "f" } }],
  [`POST ${document}`, { content: "a", metadata: { a: null } }, "metadata.a"],
  [`POST ${document}`, { content: "a", group: { a: { b: 1 } } }, "group.a"],
  [`POST ${document}`, { content: "a", taskType: "superrag", dreaming: "instant" }],
  [`POST ${document}`, { content: "a", taskType: "other" }, "taskType"],
  [`POST ${document}`, { content: "a", containerTag: "b" }, ""],
  [`POST ${document}`, { content: "a", customId: "b" }, ""],
  [`POST ${document}/batch`, { documents: [] }, "documents"],
  [`POST ${document}/batch`, { documents: Array(600).fill({ content: "a" }) }],
  [`POST ${document}/batch`, { documents: Array(601).fill({ content: "a" }) }, "documents"],
  [`POST ${document}/batch`, { documents: ["a"] }, "documents.0"],
  [`POST ${document}/batch`, { documents: [{ content: "a", dreaming: "instant" }] }, "documents.0"],
  [`POST ${document}/batch`, { documents: [{ content: "a" }], taskType: "memory", dreaming: "dynamic" }],
  [`POST ${document}/batch`, { documents: [{ content: "a" }], metadata: {} }, ""],
  [list, undefined],
  [list, {}],
  [list, null, ""],
  [list, { filter: { ...predicate, field: "a.b" } }],
  [list, { filter: { ...predicate, field: "a b" } }, "filter.field"],
  [list, { filter: { ...predicate, caseSensitive: false } }],
  [list, { filter: { ...predicate, value: 1 } }],
  [list, { filter: { ...predicate, value: 1, caseSensitive: true } }, "filter"],
  [list, { filter: { ...predicate, operator: "gt" } }, "filter"],
  [list, { filter: { ...predicate, operator: "lte", value: 1.5 } }],
  [list, { filter: { ...predicate, operator: "contains" } }],
  [list, { filter: { ...predicate, operator: "like" } }, "filter"],
  [list, { filter: { ...predicate, operator: "arrayContains", caseSensitive: true } }, "filter"],
  [list, { filter: { operator: "and", operands: [] } }, "filter.operands"],
  [list, { filter: { operator: "or", operands: many } }],
  [list, { filter: { operator: "or", operands: [...many, predicate] } }, "filter"],
  [list, { filter: { operator: "not", operands: [predicate] } }, "filter"],
  [list, { filter: nested(5) }],
  [list, { include: {} }],
  [list, { include: { content: true, memoryCount: true, forgotten: false } }],
  [list, { include: { forgotten: "yes" } }, "include.forgotten"],
  [list, { include: { content: "yes" } }, "include.content"],
  [list, { include: { memoryCount: 1 } }, "include.memoryCount"],
  [list, { include: { chunks: true } }, "include"],
  [list, { containerTags: ["a"] }, ""],
  [list, { page: 1 }, ""],
];

/** Request with "?" for the value, the name of the parameter, values that are accepted, and values that are refused. */
const parameters: readonly Row[] = (
  [
    [`${list}?limit=?`, "limit", [1, 100], [0, 101, 1.5, -1, "many"]],
    [`${list}?page=?`, "page", [1, Number.MAX_SAFE_INTEGER], [0, "many"]],
    [`${list}?sort=?`, "sort", ["createdAt", "updatedAt"], ["size"]],
    [`${list}?order=?`, "order", ["asc", "desc"], ["up"]],
    ["POST /ns/a/list/?", "type", ["documents", "memories"], ["files"]],
    ["POST /ns/?/list/documents", "namespace", ["a-b_c:D9", long(100)], ["a.b", "*", "a%20b", long(101)]],
    ["DELETE /ns/?", "namespace", [], ["*", long(101)]],
    ["GET /namespaces?limit=?", "limit", [1, 100], [0, 101]],
    ["GET /namespaces?page=?", "page", [1, 9], [0, "one"]],
    ["GET /ns?q=?", "q", ["", "pr", 1], []],
    [`GET ${document}/x?include=?`, "include.0", [], ["all"]],
  ] as const
).flatMap(([request, name, accepted, refused]) => [
  ...accepted.map((value): Row => [request.replace(/\?$|\?(?=\/)/, String(value)), undefined]),
  ...refused.map((value): Row => [request.replace(/\?$|\?(?=\/)/, String(value)), undefined, name]),
]);

const documented = named([...onV3, ...onV5, ...parameters]);

/** The vendor's documents allow these, at least in their schemas. */
const undocumented: readonly Row[] = [
  [bulk, {}, "either 'ids' or 'containerTags' must be provided"],
  [bulk, { ids: ["x"], containerTags: ["a"] }, "'ids' excludes"],
  [listV3, { limit: 0 }, "limit: at least 1"],
  [listV3, { limit: 1101 }, "limit: 1101 is more than 1100"],
  [listV3, { page: -1 }, "page: "],
  [
    listV3,
    { filters: { AND: [{ AND: [{ OR: [{ AND: [{ AND: [{ AND: [] }] }] }] }] }] } },
    "filters: nested deeper than 5",
  ],
  [add, { content: "a", containerTag: "a/b" }, "containerTag: "],
  [`DELETE ${document}`, undefined, ""],
  [list, { filter: nested(6) }, "filter"],
  [`${list}?sort=position`, undefined, "sort"],
];

describe("a request", () => {
  test.each([...documented, ...named(undocumented)])("$request with $body is accepted, or refused", async (row) => {
    const { body, refused, request } = row;
    const { emulator } = await start({ seed: { containers: { a: 1 } } });
    const [method = "", path = ""] = request.split(" ");
    const reply = await send(emulator, method, path, body === undefined ? undefined : JSON.stringify(body));
    expect(reply.status).toBe(refused === undefined ? 200 : 400);
    if (refused === undefined) return;
    const details: unknown = expect.stringMatching(new RegExp(`^${refused}`));
    const issue: unknown = expect.objectContaining({
      path: refused === "" ? [] : refused.split(".").map(indexOrName),
    });
    expect(reply.body).toMatchObject(
      path.startsWith("/v3/") ? { error: "Invalid request parameters", details } : { success: false, error: [issue] },
    );
    expect(emulator.containers()).toEqual({ a: 1 });
  });

  (hasVendorSpecs ? test : test.skip).each(documented)(
    "$request with $body is accepted if the vendor's document allows it, and only then",
    ({ body, refused, request }) => {
      expect(isDocumented(request, body)).toBe(refused === undefined);
    },
  );

  test("that is not valid on v5 gets a message, with invalidRequests message", async () => {
    const { emulator } = await start({ invalidRequests: "message" });
    const { status, body } = await send(emulator, "DELETE", document, { ids: [] });
    expect([status, body]).toEqual([400, { error: "Invalid request parameters", details: "ids: at least 1 id" }]);
  });

  test.each(["/v3/documents/bulk", document])("DELETE %s with a body that is not JSON gets 400", async (path) => {
    const { emulator } = await start();
    const { status, body } = await send(emulator, "DELETE", path, "{");
    expect([status, body]).toEqual([400, { error: "Invalid request parameters", details: "body: not JSON" }]);
  });

  test.each([
    ["GET", "/v9/documents", 404, null],
    ["PATCH", "/v3/documents/list/", 404, null],
    ["GET", "/v3/documents", 405, "POST"],
    ["DELETE", "/ns", 405, "GET"],
    ["DELETE", `${document}/x`, 405, "GET"],
    ["PATCH", `${document}/x`, 405, "GET"],
    ["DELETE", "/ns/a/documents", 404, null],
    ["DELETE", "/ns/a/memories", 501, null, "v5.memories.delete"],
    ["DELETE", "/ns/a/memories/semantic", 501, null, "v5.memories.delete"],
    ["GET", "/connectors", 501, null, "v5.connectors.list"],
    ["GET", "/ns/a/connectors?provider=github", 501, null, "v5.connectors.list"],
    ["DELETE", "/ns/a/connectors/x?deleteDocuments=false", 501, null, "v5.connectors.delete"],
  ])("%s %s gets %d, and is logged as mutating unless it is a GET", async (...row) => {
    const [method, path, status, allow, route = null] = row;
    const { emulator } = await start({ seed: { containers: { a: { documents: [{ customId: "x" }], memories: 2 } } } });
    const reply = await send(emulator, method, path);
    expect([reply.status, reply.headers.get("allow")]).toEqual([status, allow]);
    expect(emulator.requests).toMatchObject([{ route, mutating: method !== "GET" }]);
    expect(emulator.containers()).toEqual({ a: 1 });
  });

  test("may list at most maxListLimit documents per page", async () => {
    const { emulator } = await start({ maxListLimit: 100 });
    const { body } = await send(emulator, "POST", "/v3/documents/list", { limit: 101 });
    expect(body).toMatchObject({ details: "limit: 101 is more than 100" });
  });

  test("is logged with its fields and its response status", async () => {
    const { emulator } = await start({ seed: { containers: { "pr-42": 1 } } });
    const body = { containerTags: ["pr-42"] };
    await send(emulator, "POST", "/v3/documents/list?a=b", body);
    await send(emulator, "DELETE", "/v3/documents/bulk", "{");
    await send(emulator, "DELETE", "/v3/container-tags/pr-42");
    expect(emulator.requests).toMatchObject([
      {
        ...{ sequence: 1, method: "POST", path: "/v3/documents/list", query: { a: "b" }, route: "documents.list" },
        ...{ body, bodyBytes: 27, mutating: false, containerTags: ["pr-42"], status: 200, fault: null },
      },
      { sequence: 2, route: "documents.deleteBulk", body: "{", bodyBytes: 1, mutating: true, status: 400 },
      { sequence: 3, route: "containerTags.delete", containerTags: ["pr-42"], mutating: true, status: 200 },
    ]);
  });
});

/** As objects, because Jest would replace a missing element of a row. */
function named(rows: readonly Row[]) {
  return rows.map(([request, body, refused]) => ({ request, body, refused }));
}

function nested(levels: number): unknown {
  return levels === 1 ? predicate : { operator: "and", operands: [nested(levels - 1)] };
}

function indexOrName(part: string): string | number {
  return /^\d+$/.test(part) ? Number(part) : part;
}
