import type { EmulatorOptions } from "../../emulator/index";
import { send, start } from "./support/running";
import { findVendorSpec } from "./support/vendor-spec";

const spec = findVendorSpec("v5");
const withSpec = spec === undefined ? test.skip : test;

const seed = {
  containers: {
    "pr-42": {
      documents: [
        { content: "https://example.com", customId: "mine", metadata: { a: 1, b: true, c: ["x"], d: "y" } },
        { alsoIn: ["pr-43"], failed: true },
        { processing: "forever" as const, title: "busy" },
      ],
      entityContext: "about it",
      memories: 3,
    },
    empty: 0,
  },
};
const apiKeys = [
  { key: "owner" },
  { key: "member", role: "member" },
  { key: "scoped", containerTags: ["empty"] },
] as const;

const document = "/ns/{namespace}/document";
const documentById = "/ns/{namespace}/document/{id}";
const list = "/ns/{namespace}/list/{type}";
const fails: EmulatorOptions = { faults: [{ then: { kind: "serverError" } }] };
const conflict: EmulatorOptions = { processingDeletes: "conflict" };
const message: EmulatorOptions = { invalidRequests: "message" };

/** Endpoint, path, body, status; then the options of the emulator and the key. */
type Case = [endpoint: string, path: string, body: unknown, status: number, options?: EmulatorOptions, key?: string];

const responses: readonly Case[] = [
  ["GET /namespaces", "/namespaces", undefined, 200],
  ["GET /namespaces", "/namespaces?page=0", undefined, 400],
  ["GET /namespaces", "/namespaces", undefined, 401, {}, "unknown"],
  ["GET /namespaces", "/namespaces", undefined, 403, {}, "scoped"],
  ["GET /namespaces", "/namespaces", undefined, 500, fails],
  ["GET /ns", "/ns?page=2&limit=1", undefined, 200],
  ["GET /ns", "/ns?q=PR", undefined, 200],
  ["GET /ns/{namespace}", "/ns/pr-42", undefined, 200],
  ["GET /ns/{namespace}", "/ns/empty", undefined, 200],
  ["GET /ns/{namespace}", "/ns/a%20b", undefined, 400],
  ["GET /ns/{namespace}", "/ns/pr-42", undefined, 403, {}, "scoped"],
  ["GET /ns/{namespace}", "/ns/unknown", undefined, 404],
  ["DELETE /ns/{namespace}", "/ns/pr-42", undefined, 200],
  ["DELETE /ns/{namespace}", "/ns/pr-42?moveTo=empty", undefined, 200, { moveStatus: 200 }],
  ["DELETE /ns/{namespace}", "/ns/pr-42?moveTo=empty", undefined, 202],
  ["DELETE /ns/{namespace}", "/ns/pr-42?moveTo=*", undefined, 400],
  ["DELETE /ns/{namespace}", "/ns/pr-42", undefined, 403, {}, "member"],
  ["DELETE /ns/{namespace}", "/ns/unknown", undefined, 404],
  ["DELETE /ns/{namespace}", "/ns/pr-42", undefined, 409, conflict],
  [`POST ${document}`, "/ns/new/document", { content: "text" }, 200],
  [`POST ${document}`, "/ns/pr-42/document", { content: "https://example.com", id: "mine" }, 200],
  [`POST ${document}`, "/ns/pr-42/document", {}, 400],
  [`POST ${document}`, "/ns/pr-42/document", {}, 400, message],
  [`POST ${document}`, "/ns/pr-42/document", "{", 400],
  [`POST ${document}/batch`, "/ns/new/document/batch", { documents: [{ content: "a" }, { content: "b" }] }, 200],
  [`POST ${document}/batch`, "/ns/new/document/batch", { documents: [] }, 400],
  [`DELETE ${document}`, "/ns/pr-42/document", { ids: ["mine", "unknown"] }, 200],
  [`DELETE ${document}`, "/ns/pr-42/document", {}, 400],
  [`DELETE ${document}`, "/ns/pr-42/document", { ids: ["mine"] }, 401, {}, "unknown"],
  [`DELETE ${document}`, "/ns/pr-42/document", { ids: ["mine"] }, 403, {}, "scoped"],
  [`DELETE ${document}`, "/ns/pr-42/document", { ids: ["mine"] }, 500, fails],
  [`GET ${documentById}`, "/ns/pr-42/document/mine?include=chunks,memories", undefined, 200],
  [`GET ${documentById}`, "/ns/pr-42/document/mine?include=all", undefined, 400],
  [`GET ${documentById}`, "/ns/empty/document/mine", undefined, 404],
  [`POST ${list}`, "/ns/pr-42/list/documents", undefined, 200],
  [`POST ${list}`, "/ns/unknown/list/documents?sort=updatedAt&order=asc&limit=100", {}, 200],
  [`POST ${list}`, "/ns/pr-42/list/memories?sort=updatedAt&limit=1", {}, 200, { memoriesPerDocument: 2 }],
  [`POST ${list}`, "/ns/unknown/list/memories", { include: { forgotten: true } }, 200],
  [`POST ${list}`, "/ns/pr-42/list/documents", { include: { content: true, memoryCount: true } }, 200],
  [`POST ${list}`, "/ns/pr-42/list/documents", {}, 200, { dreamingMs: Infinity }],
  [`POST ${list}`, "/ns/pr-42/list/documents", {}, 200, { v5Release: "5.0.0" }],
  [`POST ${list}`, "/ns/pr-42/list/memories?sort=position", {}, 400],
  [`POST ${list}`, "/ns/pr-42/list/memories", {}, 403, {}, "scoped"],
  [`POST ${list}`, "/ns/pr-42/list/files", {}, 400],
  [`POST ${list}`, "/ns/pr-42/list/documents?limit=101", {}, 400, message],
  [`POST ${list}`, "/ns/pr-42/list/documents", {}, 403, {}, "scoped"],
];

const predicate = { field: "a.b", operator: "eq", value: "c" };
const many = Array.from({ length: 200 }, () => predicate);
const bodies: readonly (readonly [endpoint: string, path: string, body: unknown])[] = [
  ...[
    { ids: [] },
    { ids: Array(100).fill("x") },
    { ids: Array(101).fill("x") },
    { ids: ["x".repeat(255)] },
    { ids: ["x".repeat(256)] },
    { ids: [""] },
    { ids: [1] },
    { ids: ["x"], containerTags: ["a"] },
    {},
    [],
    null,
  ].map((body) => [`DELETE ${document}`, "/ns/a/document", body] as const),
  ...[
    { content: "" },
    { content: 1 },
    { content: "a", id: "" },
    { content: "a", id: "x".repeat(255), supportingContext: "y".repeat(1500), date: "2026-01-15" },
    { content: "a", id: "x".repeat(256) },
    { content: "a", supportingContext: "y".repeat(1501) },
    { content: "a", metadata: { a: ["b"], c: 1, d: false }, group: { e: "f" } },
    { content: "a", metadata: { a: null } },
    { content: "a", group: { a: { b: 1 } } },
    { content: "a", taskType: "superrag", dreaming: "instant" },
    { content: "a", taskType: "other" },
    { content: "a", containerTag: "b" },
  ].map((body) => [`POST ${document}`, "/ns/a/document", body] as const),
  ...[
    { documents: [] },
    { documents: Array(600).fill({ content: "a" }) },
    { documents: Array(601).fill({ content: "a" }) },
    { documents: ["a"] },
    { documents: [{ content: "a", taskType: "memory" }] },
    { documents: [{ content: "a" }], taskType: "memory", dreaming: "dynamic" },
    { documents: [{ content: "a" }], metadata: {} },
  ].map((body) => [`POST ${document}/batch`, "/ns/a/document/batch", body] as const),
  ...[
    {},
    null,
    { filter: predicate },
    { filter: { ...predicate, field: "a b" } },
    { filter: { ...predicate, caseSensitive: false } },
    { filter: { ...predicate, value: 1 } },
    { filter: { ...predicate, value: 1, caseSensitive: true } },
    { filter: { ...predicate, operator: "gt" } },
    { filter: { ...predicate, operator: "lte", value: 1.5 } },
    { filter: { ...predicate, operator: "contains" } },
    { filter: { ...predicate, operator: "arrayContains", caseSensitive: true } },
    { filter: { operator: "and", operands: [predicate, { operator: "or", operands: [predicate] }] } },
    { filter: { operator: "and", operands: [] } },
    { filter: { operator: "or", operands: many } },
    { filter: { operator: "or", operands: [...many, predicate] } },
    { filter: { operator: "not", operands: [predicate] } },
    { include: {} },
    { include: { forgotten: true } },
    { include: { content: true } },
    { include: { content: true, memoryCount: true, forgotten: false } },
    { include: { content: "yes" } },
    { include: { memoryCount: 1 } },
    { include: { memories: true } },
    { containerTags: ["a"] },
    { page: 1 },
  ].map((body) => [`POST ${list}`, "/ns/a/list/documents", body] as const),
];

const parameters: readonly (readonly [endpoint: string, name: string, value: string | number])[] = [
  ...[0, 1, 100, 101, 1.5, -1, "many"].map((value) => [`POST ${list}`, "limit", value] as const),
  ...[0, 1, Number.MAX_SAFE_INTEGER, "many"].map((value) => [`POST ${list}`, "page", value] as const),
  ...["createdAt", "updatedAt", "size"].map((value) => [`POST ${list}`, "sort", value] as const),
  ...["asc", "desc", "up"].map((value) => [`POST ${list}`, "order", value] as const),
  ...["documents", "memories", "files"].map((value) => [`POST ${list}`, "type", value] as const),
  ...["a-b_c:D9", "a.b", "*", "x".repeat(100), "x".repeat(101)].map(
    (value) => [`POST ${list}`, "namespace", value] as const,
  ),
  ...[0, 1, 100, 101].map((value) => ["GET /namespaces", "limit", value] as const),
  ...[0, 1, 9, "one"].map((value) => ["GET /namespaces", "page", value] as const),
  ...["", "pr", 1].map((value) => ["GET /ns", "q", value] as const),
];

describe("the emulator, checked against the vendor's OpenAPI document of v5", () => {
  withSpec.each(responses)(
    "%s at %s with %j returns %d in the documented shape",
    async (endpoint, path, body, status, options = {}, key = "owner") => {
      const { emulator } = await start({ seed, apiKeys, ...options });
      const reply = await send(emulator, endpoint.split(" ", 1)[0] ?? "", path, body, key);
      expect(reply.status).toBe(status);
      expect(spec?.responseProblems(endpoint, reply)).toEqual([]);
    },
  );

  withSpec.each(bodies)("%s at %s accepts or refuses the body %j as documented", async (endpoint, path, body) => {
    const { emulator } = await start();
    const { status } = await send(emulator, endpoint.split(" ", 1)[0] ?? "", path, JSON.stringify(body));
    expect(status === 400 ? "refused" : status).toBe(spec?.acceptsRequest(endpoint, body) === true ? 200 : "refused");
  });

  withSpec.each(parameters)("%s accepts or refuses %s=%j as documented", async (endpoint, name, value) => {
    const { emulator } = await start();
    const [method = "", template = ""] = endpoint.split(" ");
    const inPath = template.includes(`{${name}}`);
    const path = template
      .replace(`{${name}}`, String(value))
      .replace("{namespace}", "a")
      .replace("{type}", "documents");
    const { status } = await send(emulator, method, inPath ? path : `${path}?${name}=${value}`);
    const accepted = spec?.acceptsParameter(endpoint, name, value);
    expect(status === 400 ? "refused" : status).toBe(accepted === true ? 200 : "refused");
  });
});
