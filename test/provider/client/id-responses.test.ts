import { clear, type DeleteResponse, type DocumentRow } from "../../../provider/client/api";
import { type Hostile, startAnswering } from "../support/hostile";
import { errorOf } from "../support/world";

const cleared = clear({ containerTag: "pr-42", ids: ["a", "b", "c"] });
const apiVersions = ["v3", "v5"] as const;
type Version = (typeof apiVersions)[number];

describe.each(apiVersions)("a delete by ids over %s", (apiVersion) => {
  test("distinguishes refused documents from those that did not exist any more", async () => {
    const errors = [
      { id: "a", error: "Document not found" },
      { id: "b", error: `locked\n by  an import ${"x".repeat(200)}` },
    ];
    const response = await deleted(apiVersion, { deletedCount: 1, success: true, errors });
    const reason = `locked by an import ${"x".repeat(200)}`.slice(0, 100);
    expect(response).toEqual({ deletedCount: 1, absent: 1, refused: [{ id: "b", reason }] });
  });

  test("ignores errors for other documents, and repeated ones", async () => {
    const errors = [
      { id: "z", error: "locked" },
      { id: "y", error: "Document not found" },
      { id: "a", error: "locked" },
      { id: "a", error: "locked" },
    ];
    const response = await deleted(apiVersion, { deletedCount: 2, success: true, errors });
    expect(response).toEqual({ deletedCount: 2, absent: 0, refused: [{ id: "a", reason: "locked" }] });
  });

  test("accepts success: false with errors", async () => {
    const errors = [{ id: "a", error: "locked" }];
    const response = await deleted(apiVersion, { deletedCount: 2, success: false, errors });
    expect(response).toEqual({ deletedCount: 2, absent: 0, refused: [{ id: "a", reason: "locked" }] });
  });

  test.each([
    [
      "success: false and no reason",
      { deletedCount: 0, success: false },
      "success: false for a delete, without a reason",
    ],
    [
      "more deleted documents than requested",
      { deletedCount: 4, success: true },
      "reported 4 deleted documents for a delete of 3",
    ],
    ["no number", { success: true }, "unexpected response"],
    ["text for a number", { deletedCount: "3", success: true }, "deletedCount"],
    ["errors without ids", { deletedCount: 2, success: true, errors: ["locked"] }, "errors.0"],
  ])("does not believe a response with %s", async (_what, body, problem) => {
    const { message } = await errorOf(deleted(apiVersion, body));
    expect(message).toContain(problem);
  });

  test("counts a 404 that names documents as none deleted, and fails for any other 404", async () => {
    for (const error of ["Document not found", "Container not found", "Namespace not found"]) {
      const { api, context } = await startAnswering(404, { error }, {}, { apiVersion });
      expect(await api.deleteIds(cleared, context)).toEqual({ deletedCount: 0, absent: 0, refused: [] });
    }
    for (const body of [{ error: "Not Found" }, "<html>document not found</html>", { message: "Document not found" }]) {
      const { api, context } = await startAnswering(404, body, {}, { apiVersion });
      expect((await errorOf(api.deleteIds(cleared, context))).message).toContain("returned 404");
    }
    for (const status of [400, 410, 500]) {
      const { api, context } = await startAnswering(status, { error: "Document not found" }, {}, { apiVersion });
      expect((await errorOf(api.deleteIds(cleared, context))).message).toContain(`returned ${status}`);
    }
  });

  test("sends exactly one request", async () => {
    const hostile = await startAnswering(200, { deletedCount: 3, success: true }, {}, { apiVersion });
    await hostile.api.deleteIds(cleared, hostile.context);
    expect(hostile.requests).toEqual([apiVersion === "v3" ? "DELETE /v3/documents/bulk" : "DELETE /ns/pr-42/document"]);
  });
});

describe.each(apiVersions)("a row of a list over %s", (apiVersion) => {
  test.each(["a b", "a\nb", "a\tb", "", " ", "ä", "a\u0000b", "x".repeat(256)])(
    "with the id %j makes the list unreadable",
    async (id) => {
      const { message } = await errorOf(firstRow(await listing(apiVersion, { id })));
      expect(message).toContain("returned an unexpected response");
      expect(message).toMatch(/(memories|documents)\.0\.id: /);
    },
  );

  test.each<[string, unknown, unknown]>([
    ["values", { kind: "log", n: 1, list: ["a"] }, { kind: "log", n: 1, list: ["a"] }],
    ["null, as for a document without metadata", null, {}],
    ["none at all", undefined, undefined],
    ["text", "private words", undefined],
    ["a list", ["private words"], undefined],
    ["a number", 7, undefined],
  ])("with %s for metadata is read", async (_what, metadata, expected) => {
    expect((await firstRow(await listing(apiVersion, { metadata })))?.metadata).toEqual(expected);
  });
});

async function deleted(apiVersion: Version, body: unknown): Promise<DeleteResponse> {
  const { api, context } = await startAnswering(200, body, {}, { apiVersion });
  return await api.deleteIds(cleared, context);
}

/** A list of one document, with some of its fields as given. */
async function listing(
  apiVersion: Version,
  given: { readonly id?: string; readonly metadata?: unknown },
): Promise<Hostile> {
  const system = { status: "done", createdAt: "2026-01-01T00:00:00Z" };
  const row = { id: "a".repeat(22), ...given };
  const pagination = { totalItems: 1 };
  const body =
    apiVersion === "v3"
      ? { memories: [{ ...row, ...system, containerTags: ["pr-42"] }], pagination }
      : { documents: [{ ...row, system }], pagination };
  return await startAnswering(200, body, {}, { apiVersion });
}

async function firstRow({ api, context }: Hostile): Promise<DocumentRow | undefined> {
  return (await api.list({ containerTag: "pr-42", page: 1, order: "desc" }, context)).rows[0];
}
