import { clear, type DeleteResponse } from "../../../provider/client/api";
import { type Hostile, listedRow, listPage, startAnswering } from "../support/hostile";
import { errorOf } from "../support/world";

const cleared = clear({ containerTag: "pr-42", ids: ["a", "b", "c"] });
const long = `locked by an import ${"x".repeat(200)}`;
const locked = { id: "a", error: "locked" };

describe.each(["v3", "v5"] as const)("over %s", (apiVersion) => {
  test.each([
    [
      "distinguishes refused documents from those that did not exist any more",
      [
        { id: "a", error: "Document not found" },
        { id: "b", error: long.replace("by an", "\n by  an") },
      ],
      { deletedCount: 1, absent: 1, refused: [{ id: "b", reason: long.slice(0, 100) }] },
    ],
    [
      "ignores errors for other documents, and repeated ones",
      [{ id: "z", error: "locked" }, { id: "y", error: "Document not found" }, locked, locked],
      { deletedCount: 2, absent: 0, refused: [{ id: "a", reason: "locked" }] },
    ],
  ])("a delete by ids %s, with success true or false", async (_what, errors, expected) => {
    for (const success of [true, false]) {
      expect(await deleted({ deletedCount: expected.deletedCount, success, errors })).toEqual(expected);
    }
  });

  test.each([
    ["success: false and no reason", { deletedCount: 0, success: false }, "success: false for a delete, without a re"],
    ["more documents than requested", { deletedCount: 4, success: true }, "reported 4 deleted documents for a delete"],
    ["no number", { success: true }, "unexpected response"],
    ["text for a number", { deletedCount: "3", success: true }, "deletedCount"],
    ["errors without ids", { deletedCount: 2, success: true, errors: ["locked"] }, "errors.0"],
  ])("a delete by ids does not believe a response with %s", async (_what, body, problem) => {
    expect((await errorOf(deleted(body))).message).toContain(problem);
  });

  test("a delete by ids counts a 404 that names documents as none deleted", async () => {
    for (const error of ["Document not found", "Container tag not found", "Namespace not found"]) {
      expect(await deleted({ error }, 404)).toEqual({ deletedCount: 0, notFound: true });
    }
  });

  test.each<[number, unknown]>([
    [404, { error: "Not Found" }],
    [404, "<html>document not found</html>"],
    [404, { error: "POST /v3/documents/bulk not found" }],
    [404, { error: "the document API was not found" }],
    [404, { error: "Document service not available" }],
    [404, { error: "Container runtime: upstream not found" }],
    [404, { message: "Document not found" }],
    [400, { error: "Document not found" }],
    [410, { error: "Document not found" }],
    [500, { error: "Document not found" }],
  ])("a delete by ids is sent once, and fails for a response with %i and the body %j", async (status, body) => {
    expect((await errorOf(deleted(body, status))).message).toContain(`returned ${status}`);
  });

  test.each(["a b", "a\nb", "a\tb", "", " ", "ä", "a\u0000b", "x".repeat(256)])(
    "a row with the id %j makes the list unreadable",
    async (id) => {
      const { message } = await errorOf(listPage(await listing({ id })));
      expect(message).toMatch(/returned an unexpected response: (memories|documents)\.0\.id: /);
    },
  );

  test.each<[string, unknown, unknown]>([
    ["values", { kind: "log", n: 1, list: ["a"] }, { kind: "log", n: 1, list: ["a"] }],
    ["null, as for a document without metadata", null, {}],
    ["none at all", undefined, undefined],
    ["text", "private words", undefined],
    ["a list", ["private words"], undefined],
    ["a number", 7, undefined],
  ])("a row with %s for metadata is read", async (_what, metadata, expected) => {
    expect((await listPage(await listing({ metadata }))).rows[0]?.metadata).toEqual(expected);
  });

  async function deleted(body: unknown, status = 200): Promise<DeleteResponse> {
    const { api, context, requests } = await startAnswering(status, body, { apiVersion });
    try {
      return await api.deleteIds(cleared, context);
    } finally {
      expect(requests).toEqual([apiVersion === "v3" ? "DELETE /v3/documents/bulk" : "DELETE /ns/pr-42/document"]);
    }
  }

  async function listing(given: object): Promise<Hostile> {
    const rows = [{ ...listedRow, system: listedRow, ...given }];
    const named = apiVersion === "v3" ? { memories: rows } : { documents: rows };
    return await startAnswering(200, { ...named, pagination: { totalItems: 1 } }, { apiVersion });
  }
});
