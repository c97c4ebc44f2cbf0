import type { Emulator, EmulatorOptions } from "../../emulator/index";
import { send, start } from "./support/running";
import { findVendorSpec } from "./support/vendor-spec";

const spec = findVendorSpec();
const withSpec = spec === undefined ? test.skip : test;

const seed = {
  containers: {
    "pr-42": {
      documents: [
        {
          content: "https://example.com",
          customId: "mine",
          metadata: { a: 1, b: true, c: ["x"], d: "y" },
          filepath: "/a/b.md",
        },
        { alsoIn: ["pr-43"], failed: true },
        { processing: "forever" as const, title: "busy" },
      ],
      name: "Pull request 42",
      entityContext: "about it",
      memories: 3,
    },
    empty: 0,
  },
};
const apiKeys = [{ key: "owner" }, { key: "member", role: "member" }] as const;

/** Endpoint, value of its path parameter, body, status; then the options of the emulator. */
type Case = [endpoint: string, param: string, body: unknown, status: number, options?: EmulatorOptions, key?: string];

const responses: readonly Case[] = [
  ["POST /v3/documents", "", { content: "text" }, 200],
  ["POST /v3/documents/batch", "", { documents: ["a", "b"] }, 200],
  ["GET /v3/documents/{id}", "mine", undefined, 200],
  ["GET /v3/documents/{id}", "unknown", undefined, 404],
  ["PATCH /v3/documents/{id}", "mine", { content: "new" }, 200],
  ["PATCH /v3/documents/{id}", "unknown", {}, 404],
  ["DELETE /v3/documents/{id}", "unknown", undefined, 404],
  ["POST /v3/documents/list", "", { containerTags: ["pr-42"], includeContent: true }, 200],
  ["POST /v3/documents/list", "", { limit: "x" }, 400],
  ["GET /v3/documents/processing", "", undefined, 200],
  ["DELETE /v3/documents/bulk", "", { ids: ["unknown"] }, 200],
  ["DELETE /v3/documents/bulk", "", { containerTags: ["pr-42", "empty"] }, 200],
  ["DELETE /v3/documents/bulk", "", {}, 400],
  ["GET /v3/container-tags/list", "", undefined, 200],
  ["GET /v3/container-tags/{containerTag}", "pr-42", undefined, 200],
  ["GET /v3/container-tags/{containerTag}", "unknown", undefined, 404],
  ["PATCH /v3/container-tags/{containerTag}", "pr-42", { profileBuckets: [{ key: "a" }] }, 200],
  ["PATCH /v3/container-tags/{containerTag}", "pr-42", { name: "" }, 400],
  ["DELETE /v3/container-tags/{containerTag}", "pr-42", undefined, 200],
  ["DELETE /v3/container-tags/{containerTag}", "unknown", undefined, 404],
  ["DELETE /v3/container-tags/{containerTag}", "pr-42", undefined, 403, {}, "member"],
  ["POST /v3/container-tags/merge", "", { containerTags: ["pr-42", "empty"], targetContainerTag: "empty" }, 202],
  ["GET /v3/container-tags/merge/{mergeId}", "unknown", undefined, 404],
  ["GET /v3/container-tags/list", "", undefined, 401, {}, "unknown"],
  ["DELETE /v3/documents/bulk", "", { ids: ["x"] }, 401, {}, "unknown"],
  ["DELETE /v3/documents/bulk", "", { ids: ["x"] }, 500, { faults: [{ then: { kind: "serverError" } }] }],
];

const tag = (length: number): string => "x".repeat(length);
const requests: readonly (readonly [endpoint: string, body: unknown])[] = [
  ["DELETE /v3/documents/bulk", { ids: [] }],
  ["DELETE /v3/documents/bulk", { ids: Array(100).fill("x") }],
  ["DELETE /v3/documents/bulk", { ids: Array(101).fill("x") }],
  ["DELETE /v3/documents/bulk", { ids: [1] }],
  ["DELETE /v3/documents/bulk", { containerTags: [] }],
  ["DELETE /v3/documents/bulk", { containerTags: ["a-b_c:D9"] }],
  ["DELETE /v3/documents/bulk", { containerTags: ["a.b"] }],
  ["DELETE /v3/documents/bulk", { containerTags: [tag(100)] }],
  ["DELETE /v3/documents/bulk", { containerTags: [tag(101)] }],
  ["DELETE /v3/documents/bulk", { ids: ["x"], unknown: 1 }],
  ["POST /v3/documents/list", {}],
  ["POST /v3/documents/list", { containerTags: [] }],
  ["POST /v3/documents/list", { containerTags: ["*"] }],
  ["POST /v3/documents/list", { limit: "10", page: "1", unknown: 1 }],
  ["POST /v3/documents/list", { limit: "ten" }],
  ["POST /v3/documents/list", { limit: true }],
  ["POST /v3/documents/list", { order: "up" }],
  ["POST /v3/documents/list", { sort: "size" }],
  ["POST /v3/documents/list", { filters: { AND: [{ key: "a", value: "b" }] } }],
  ["POST /v3/documents/list", { filters: { OR: [{ AND: [] }] } }],
  ["POST /v3/documents/list", { filters: { NOT: [] } }],
  ["POST /v3/documents/list", { filters: { AND: [{ key: "a" }] } }],
  ["POST /v3/documents/list", { filters: { AND: [{ key: "a", value: "b", filterType: "regex" }] } }],
  ["POST /v3/documents", { content: "a", containerTag: "a", metadata: { a: ["b"], c: 1 } }],
  ["POST /v3/documents", { content: 1 }],
  ["POST /v3/documents", { content: "a", title: "b" }],
  ["POST /v3/documents", { content: "a", taskType: "other" }],
  ["POST /v3/documents", { content: "a", metadata: { a: null } }],
  ["POST /v3/documents/batch", { documents: [] }],
  ["POST /v3/documents/batch", { documents: ["a", { content: "b" }] }],
  ["POST /v3/documents/batch", { documents: [{ content: "b", containerTag: "a b" }] }],
  ["POST /v3/documents/batch", { documents: Array(600).fill("a") }],
  ["POST /v3/documents/batch", { documents: Array(601).fill("a") }],
  ["POST /v3/documents/batch", { documents: ["a"], content: "b" }],
];

describe("the emulator, checked against the vendor's OpenAPI document", () => {
  withSpec.each(responses)(
    "%s %s with %j returns %d in the documented shape",
    async (endpoint, param, body, status, options = {}, key = "owner") => {
      const { emulator } = await start({ seed, apiKeys, processingMs: 60_000, ...options });
      const reply = await sendTo(emulator, endpoint, param, body, key);
      expect(reply.status).toBe(status);
      expect(spec?.responseProblems(endpoint, reply)).toEqual([]);
    },
  );

  withSpec.each(requests)("%s accepts or refuses %j as documented", async (endpoint, body) => {
    const { emulator } = await start({ seed });
    const { status } = await sendTo(emulator, endpoint, "", body, emulator.apiKey);
    expect(status === 400 ? "refused" : status).toBe(spec?.acceptsRequest(endpoint, body) === true ? 200 : "refused");
  });

  test("has distinct ids of 22 characters", async () => {
    const { emulator } = await start({ seed: { containers: { many: 5_000 } } });
    const ids = new Set(emulator.documents().map(({ id }) => id));
    expect([ids.size, [...ids].every((id) => /^[0-9A-Za-z]{22}$/.test(id))]).toEqual([5_000, true]);
  });
});

function sendTo(
  emulator: Emulator,
  endpoint: string,
  param: string,
  body: unknown,
  key: string,
): ReturnType<typeof send> {
  const [method = "", path = ""] = endpoint.split(" ");
  return send(emulator, method, path.replace(/\{\w+\}/, param), body, key);
}
