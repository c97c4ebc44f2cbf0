import type { EmulatorOptions, Fault } from "../../emulator/index";
import { idsOf, send, start } from "./support/running";
import { hasVendorSpecs, responseProblems } from "./support/vendor-spec";

const seed = {
  containers: {
    "pr-42": {
      documents: [
        {
          ...{ content: "https://example.com", customId: "mine", filepath: "/a/b.md" },
          metadata: { a: 1, b: true, c: ["x"], d: "y" },
        },
        { alsoIn: ["pr-43"], failed: true },
        { statusUnknown: true },
        { processing: "forever" as const, title: "busy" },
      ],
      name: "Pull request 42",
      entityContext: "about it",
      memories: 3,
    },
    empty: 0,
    bystander: { documents: 1, memories: 1 },
  },
};
const apiKeys = [
  { key: "owner" },
  { key: "member", role: "member" },
  { key: "scoped", containerTags: ["empty"] },
] as const;

/** Request, body ("ids" are those of pr-42 and an unknown one), status; then the options of the emulator and the key. */
type Case = [request: string, body: unknown, status: number, options?: EmulatorOptions, key?: string];

const bulk = "DELETE /v3/documents/bulk";
const listV3 = "POST /v3/documents/list";
const tags = "/v3/container-tags";
const onV3: readonly Case[] = [
  ["POST /v3/documents", { content: "text" }, 200],
  ["POST /v3/documents/batch", { documents: ["a", "b"] }, 200],
  ["GET /v3/documents/mine", undefined, 200],
  ["GET /v3/documents/unknown", undefined, 404],
  ["PATCH /v3/documents/mine", { content: "new" }, 200],
  ["PATCH /v3/documents/unknown", {}, 404],
  ["DELETE /v3/documents/unknown", undefined, 404],
  [listV3, { containerTags: ["pr-42"], includeContent: true }, 200],
  [listV3, { limit: "x" }, 400],
  ["GET /v3/documents/processing", undefined, 200],
  [bulk, { ids: ["unknown"] }, 200],
  [bulk, { containerTags: ["pr-42", "empty"] }, 200],
  [bulk, {}, 400],
  [bulk, { ids: ["x"] }, 401, {}, "unknown"],
  [bulk, { ids: ["x"] }, 500, hitBy({ kind: "serverError" })],
  ["POST /v4/memories/list", { containerTags: ["pr-42", "bystander"], limit: 2 }, 200],
  ["POST /v4/memories/list", {}, 400],
  [`GET ${tags}/list`, undefined, 200],
  [`GET ${tags}/list`, undefined, 401, {}, "unknown"],
  [`GET ${tags}/pr-42`, undefined, 200],
  [`GET ${tags}/unknown`, undefined, 404],
  [`PATCH ${tags}/pr-42`, { profileBuckets: [{ key: "a" }] }, 200],
  [`PATCH ${tags}/pr-42`, { name: "" }, 400],
  [`DELETE ${tags}/pr-42`, undefined, 200],
  [`DELETE ${tags}/unknown`, undefined, 404],
  [`DELETE ${tags}/pr-42`, undefined, 403, {}, "member"],
  [`POST ${tags}/merge`, { containerTags: ["pr-42", "empty"], targetContainerTag: "empty" }, 202],
  [`GET ${tags}/merge/unknown`, undefined, 404],
];

const document = "/ns/pr-42/document";
const list = "POST /ns/pr-42/list";
const message: EmulatorOptions = { invalidRequests: "message" };
const onV5: readonly Case[] = [
  ["GET /namespaces", undefined, 200],
  ["GET /namespaces?page=0", undefined, 400],
  ["GET /namespaces", undefined, 401, {}, "unknown"],
  ["GET /namespaces", undefined, 403, {}, "scoped"],
  ["GET /namespaces", undefined, 500, hitBy({ kind: "serverError" })],
  ["GET /ns?page=2&limit=1", undefined, 200],
  ["GET /ns?q=PR", undefined, 200],
  ["GET /ns/pr-42", undefined, 200],
  ["GET /ns/empty", undefined, 200],
  ["GET /ns/a%20b", undefined, 400],
  ["GET /ns/pr-42", undefined, 403, {}, "scoped"],
  ["GET /ns/unknown", undefined, 404],
  ["DELETE /ns/pr-42", undefined, 200],
  ["DELETE /ns/pr-42?moveTo=empty", undefined, 200, { moveStatus: 200 }],
  ["DELETE /ns/pr-42?moveTo=empty", undefined, 202],
  ["DELETE /ns/pr-42?moveTo=*", undefined, 400],
  ["DELETE /ns/pr-42", undefined, 403, {}, "member"],
  ["DELETE /ns/unknown", undefined, 404],
  ["DELETE /ns/pr-42", undefined, 409, { processingDeletes: "conflict" }],
  ["POST /ns/new/document", { content: "text" }, 200],
  [`POST ${document}`, { content: "https://example.com", id: "mine" }, 200],
  [`POST ${document}`, {}, 400],
  [`POST ${document}`, {}, 400, message],
  [`POST ${document}`, "{", 400],
  ["POST /ns/new/document/batch", { documents: [{ content: "a" }, { content: "b" }] }, 200],
  ["POST /ns/new/document/batch", { documents: [] }, 400],
  [`DELETE ${document}`, { ids: ["mine", "unknown"] }, 200],
  [`DELETE ${document}`, {}, 400],
  [`DELETE ${document}`, { ids: ["mine"] }, 401, {}, "unknown"],
  [`DELETE ${document}`, { ids: ["mine"] }, 403, {}, "scoped"],
  [`DELETE ${document}`, { ids: ["mine"] }, 500, hitBy({ kind: "serverError" })],
  [`GET ${document}/mine?include=chunks,memories`, undefined, 200],
  [`GET ${document}/mine?include=all`, undefined, 400],
  ["GET /ns/empty/document/mine", undefined, 404],
  [`${list}/documents`, undefined, 200],
  ["POST /ns/unknown/list/documents?sort=updatedAt&order=asc&limit=100", {}, 200],
  [`${list}/memories?sort=updatedAt&limit=1`, {}, 200, { memoriesPerDocument: 2 }],
  ["POST /ns/unknown/list/memories", { include: { forgotten: true } }, 200],
  [`${list}/documents`, { include: { content: true, memoryCount: true } }, 200],
  [`${list}/documents`, {}, 200, { dreamingMs: Infinity }],
  [`${list}/documents`, {}, 200, { v5Release: "5.0.0" }],
  [`${list}/memories?sort=position`, {}, 400],
  [`${list}/memories`, {}, 403, {}, "scoped"],
  [`${list}/files`, {}, 400],
  [`${list}/documents?limit=101`, {}, 400, message],
  [`${list}/documents`, {}, 403, {}, "scoped"],
];

const partly = { kind: "partial", leaves: { first: 1 }, reason: "Internal error" } as const;
const wholly = { kind: "partial", success: false, documents: 1, claims: 3 } as const;
const late = { kind: "lateDeleter", when: "beforeEffect" } as const;
const inTags = { containerTags: ["pr-42"] };
const underFaults: readonly Case[] = [
  [bulk, "ids", 200, hitBy(partly)],
  [bulk, "ids", 200, hitBy(wholly)],
  [bulk, "ids", 200, { emptyErrors: "omitted" }],
  [bulk, "ids", 200, hitBy({ ...late, documents: 2 })],
  [bulk, inTags, 200, hitBy(partly)],
  [bulk, inTags, 200, hitBy(wholly)],
  [bulk, inTags, 200, hitBy({ ...late, documents: "container" })],
  [`DELETE ${tags}/pr-42`, undefined, 200, { ...hitBy(partly), memoriesPerDocument: 2 }],
  [`DELETE ${tags}/pr-42`, undefined, 200, hitBy(wholly)],
  [`DELETE ${tags}/pr-42`, undefined, 404, hitBy({ ...late, documents: "container" })],
  [`DELETE ${document}`, "ids", 200, hitBy(partly)],
  [`DELETE ${document}`, "ids", 200, hitBy({ kind: "partial", documents: 1, claims: 3 })],
  [`DELETE ${document}`, "ids", 200, hitBy({ ...late, documents: 2 })],
  ["DELETE /ns/pr-42", undefined, 200, { ...hitBy(partly), memoriesPerDocument: 2 }],
  ["DELETE /ns/pr-42", undefined, 200, hitBy(wholly)],
  ["DELETE /ns/pr-42", undefined, 409, hitBy({ kind: "busy" })],
  ["DELETE /ns/pr-42", undefined, 404, hitBy({ ...late, documents: "container" })],
  [listV3, inTags, 200, hitBy({ ...late, documents: "container" })],
  [listV3, inTags, 200, { omitContainerTags: "always" }],
  [listV3, inTags, 200, { omitContainerTags: "some" }],
  [`${list}/documents`, undefined, 200, hitBy({ ...late, documents: 2 })],
  [`GET ${tags}/list`, undefined, 200, hitBy({ kind: "lateDeleter", documents: 1, containerTag: "pr-42" })],
  [`GET ${tags}/list`, undefined, 200, { memoriesPerDocument: 2 }],
  ["GET /namespaces", undefined, 200, { memoriesPerDocument: 2 }],
];

(hasVendorSpecs ? test : test.skip).each([...onV3, ...onV5, ...underFaults])(
  "%s with %j returns %d in the shape of the vendor's OpenAPI document, with %j",
  async (request, body, status, options = {}, key = "owner") => {
    const { emulator } = await start({ seed, apiKeys, processingMs: 60_000, ...options });
    const [method = "", path = ""] = request.split(" ");
    const sent = body === "ids" ? { ids: [...idsOf(emulator), "unknown"] } : body;
    const reply = await send(emulator, method, path, sent, key);
    expect(reply.status).toBe(status);
    expect(responseProblems(request, reply)).toEqual([]);
    expect(emulator.unhitFaults()).toEqual([]);
    expect(emulator.documents("bystander")).toHaveLength(1);
  },
);

function hitBy(then: Fault): EmulatorOptions {
  return { faults: [{ then }] };
}
