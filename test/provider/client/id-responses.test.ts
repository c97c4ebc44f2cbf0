import { clear, type DeleteResponse, type DocumentRow } from "../../../provider/client/api";
import { type Hostile, startAnswering } from "../support/hostile";
import { errorOf } from "../support/world";

const asked = clear({ containerTag: "pr-42", ids: ["a", "b", "c"] });
const generations = ["v3", "v5"] as const;
type Generation = (typeof generations)[number];

describe.each(generations)("a delete by ids over %s", (apiVersion) => {
  test("tells the documents that were refused from those that were gone already", async () => {
    const errors = [
      { id: "a", error: "Document not found" },
      { id: "b", error: `locked\n by  an import ${"x".repeat(200)}` },
    ];
    const answer = await deleted(apiVersion, { deletedCount: 1, success: true, errors });
    const reason = `locked by an import ${"x".repeat(200)}`.slice(0, 100);
    expect(answer).toEqual({ deletedCount: 1, absent: 1, refused: [{ id: "b", reason }] });
  });

  test("takes no notice of errors for documents that were not asked for, nor of one told twice", async () => {
    const errors = [
      { id: "z", error: "locked" },
      { id: "y", error: "Document not found" },
      { id: "a", error: "locked" },
      { id: "a", error: "locked" },
    ];
    const answer = await deleted(apiVersion, { deletedCount: 2, success: true, errors });
    expect(answer).toEqual({ deletedCount: 2, absent: 0, refused: [{ id: "a", reason: "locked" }] });
  });

  test("takes success: false with errors for what these errors say", async () => {
    const errors = [{ id: "a", error: "locked" }];
    const answer = await deleted(apiVersion, { deletedCount: 2, success: false, errors });
    expect(answer).toEqual({ deletedCount: 2, absent: 0, refused: [{ id: "a", reason: "locked" }] });
  });

  test.each([
    ["success: false and no reason", { deletedCount: 0, success: false }, "success: false and no reason"],
    ["more deleted than asked", { deletedCount: 4, success: true }, "it deleted 4 of 3 documents"],
    ["no number", { success: true }, "answered in another shape"],
    ["a number that is none", { deletedCount: "3", success: true }, "deletedCount"],
    ["errors without ids", { deletedCount: 2, success: true, errors: ["locked"] }, "errors.0"],
  ])("does not believe an answer with %s", async (_what, body, problem) => {
    const { message } = await errorOf(deleted(apiVersion, body));
    expect(message).toContain(problem);
  });

  test("takes a 404 that names the documents for none deleted, and no other 404", async () => {
    for (const said of ["Document not found", "Container not found", "Namespace not found"]) {
      const { api, context } = await startAnswering(404, { error: said }, {}, { apiVersion });
      expect(await api.deleteIds(asked, context)).toEqual({ deletedCount: 0, absent: 0, refused: [] });
    }
    for (const body of [{ error: "Not Found" }, "<html>document not found</html>", { message: "Document not found" }]) {
      const { api, context } = await startAnswering(404, body, {}, { apiVersion });
      expect((await errorOf(api.deleteIds(asked, context))).message).toContain("answered 404");
    }
    for (const status of [400, 410, 500]) {
      const { api, context } = await startAnswering(status, { error: "Document not found" }, {}, { apiVersion });
      expect((await errorOf(api.deleteIds(asked, context))).message).toContain(`answered ${status}`);
    }
  });

  test("sends the ids it was given, and nothing else", async () => {
    const hostile = await startAnswering(200, { deletedCount: 3, success: true }, {}, { apiVersion });
    await hostile.api.deleteIds(asked, hostile.context);
    expect(hostile.requests).toEqual([apiVersion === "v3" ? "DELETE /v3/documents/bulk" : "DELETE /ns/pr-42/document"]);
  });
});

describe.each(generations)("a row of a list over %s", (apiVersion) => {
  test.each(["a b", "a\nb", "a\tb", "", " ", "ä", "a\u0000b", "x".repeat(256)])(
    "with the id %j makes the list unreadable",
    async (id) => {
      const { message } = await errorOf(firstRow(await listing(apiVersion, { id })));
      expect(message).toContain("answered in another shape than the API documents");
      expect(message).toMatch(/(memories|documents)\.0\.id: /);
    },
  );

  test.each<[string, unknown, unknown]>([
    ["values", { kind: "log", n: 1, list: ["a"] }, { kind: "log", n: 1, list: ["a"] }],
    ["null, as a document without has it", null, {}],
    ["none at all", undefined, undefined],
    ["text", "private words", undefined],
    ["a list", ["private words"], undefined],
    ["a number", 7, undefined],
  ])("with %s for metadata tells what can be told", async (_what, metadata, told) => {
    expect((await firstRow(await listing(apiVersion, { metadata })))?.metadata).toEqual(told);
  });
});

async function deleted(apiVersion: Generation, body: unknown): Promise<DeleteResponse> {
  const { api, context } = await startAnswering(200, body, {}, { apiVersion });
  return await api.deleteIds(asked, context);
}

/** A list of one document, with some of its fields as given. */
async function listing(
  apiVersion: Generation,
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
