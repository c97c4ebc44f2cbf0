import { inContainers, send, start } from "./support/running";

const seed = { containers: { "pr-42": 5, bystander: 2 } };
const path = "/ns/pr-42/document";
const busy = {
  containers: { "pr-42": { documents: [{}, { processing: "forever" as const }] }, bystander: 2 },
};
const shared = {
  containers: { "pr-42": { documents: [{ alsoIn: ["other"] }, {}] }, other: 1, bystander: 2 },
};

describe("deletion by ids on v5", () => {
  test("deletes those documents and lists the ids that it did not find", async () => {
    const { emulator } = await start({ seed });
    const [first, second] = emulator.documents("pr-42").map(({ id }) => id);
    const { status, body } = await send(emulator, "DELETE", path, { ids: [first, "unknown", second, first] });
    expect([status, body]).toEqual([200, { count: 2, errors: [{ id: "unknown", error: "Document not found" }] }]);
    expect(emulator.containers()).toEqual({ "pr-42": 3, bystander: 2 });
    expect(emulator.ledger).toEqual([
      { request: 1, route: "v5.documents.delete", containerTag: null, count: 2, documentIds: [first, second] },
    ]);
  });

  test("does not find a document of another namespace", async () => {
    const { emulator } = await start({ seed });
    const [foreign] = emulator.documents("bystander").map(({ id }) => id);
    const { body } = await send(emulator, "DELETE", path, { ids: [foreign] });
    expect(body).toEqual({ count: 0, errors: [{ id: foreign, error: "Document not found" }] });
    expect(emulator.containers()).toEqual(seed.containers);
  });

  test("accepts caller-defined ids, and counts a document once when both of its ids are given", async () => {
    const { emulator } = await start({ seed: { containers: { "pr-42": { documents: [{ customId: "mine" }] } } } });
    const [id] = emulator.documents().map((document) => document.id);
    const { body } = await send(emulator, "DELETE", path, { ids: ["mine", id] });
    expect(body).toEqual({ count: 1, errors: [{ id, error: "Document not found" }] });
  });

  test("is visible on v3, and keeps the namespace", async () => {
    const { emulator, client } = await start({ seed });
    const ids = emulator.documents("pr-42").map(({ id }) => id);
    await send(emulator, "DELETE", path, { ids });
    expect((await client.documents.list({ ...inContainers("pr-42") })).memories).toEqual([]);
    expect((await send(emulator, "GET", "/ns/pr-42")).status).toBe(200);
    expect(emulator.containers()).toEqual({ "pr-42": 0, bystander: 2 });
  });

  test("does not find documents that were deleted on v3", async () => {
    const { emulator, client } = await start({ seed });
    const ids = emulator.documents("pr-42").map(({ id }) => id);
    await client.documents.deleteBulk({ ids: ids.slice(0, 2) });
    expect((await send(emulator, "DELETE", path, { ids })).body).toMatchObject({
      count: 3,
      errors: [{ id: ids[0] }, { id: ids[1] }],
    });
  });

  test("returns deletedCount and success, with countField and successFlag", async () => {
    const { emulator } = await start({ seed, countField: "deletedCount", successFlag: true });
    const ids = emulator.documents("pr-42").map(({ id }) => id);
    expect((await send(emulator, "DELETE", path, { ids })).body).toEqual({
      success: true,
      deletedCount: 5,
      errors: [],
    });
  });

  test("in an unknown namespace finds no document", async () => {
    const { emulator } = await start({ seed, unknownNamespace: "notFound" });
    const { status, body } = await send(emulator, "DELETE", "/ns/gone/document", { ids: ["a"] });
    expect([status, body]).toEqual([200, { count: 0, errors: [{ id: "a", error: "Document not found" }] }]);
  });

  test("keeps documents that are still processing, with an error for each", async () => {
    const { emulator } = await start({ seed: busy });
    const ids = emulator.documents("pr-42").map(({ id }) => id);
    const { body } = await send(emulator, "DELETE", path, { ids });
    expect(body).toEqual({ count: 1, errors: [{ id: ids[1], error: "Document is still processing" }] });
    expect(emulator.containers()).toEqual({ "pr-42": 1, bystander: 2 });
  });

  test("returns 409 and deletes nothing while a document is processing, with processingDeletes conflict", async () => {
    const { emulator } = await start({ seed: busy, processingDeletes: "conflict" });
    const ids = emulator.documents("pr-42").map(({ id }) => id);
    const { status, body } = await send(emulator, "DELETE", path, { ids });
    expect([status, body]).toEqual([409, { error: "Conflict", details: "1 of the documents is still processing" }]);
    const whole = await send(emulator, "DELETE", "/ns/pr-42");
    expect([whole.status, whole.body]).toMatchObject([409, { error: "Namespace is busy" }]);
    expect(emulator.containers()).toEqual({ "pr-42": 2, bystander: 2 });
    emulator.finishProcessing();
    expect((await send(emulator, "DELETE", path, { ids })).body).toEqual({ count: 2, errors: [] });
  });

  test("deletes documents that are still processing, with processingDeletes allow", async () => {
    const { emulator } = await start({ seed: busy, processingDeletes: "allow" });
    const ids = emulator.documents("pr-42").map(({ id }) => id);
    expect((await send(emulator, "DELETE", path, { ids })).body).toEqual({ count: 2, errors: [] });
  });

  test("deletes a shared document from its other namespaces too", async () => {
    const { emulator } = await start({ seed: shared });
    const ids = emulator.documents("pr-42").map(({ id }) => id);
    expect((await send(emulator, "DELETE", path, { ids })).body).toEqual({ count: 2, errors: [] });
    expect(emulator.containers()).toEqual({ "pr-42": 0, other: 1, bystander: 2 });
  });

  test("keeps a shared document in its other namespaces, with sharedDeletes namespace", async () => {
    const { emulator } = await start({ seed: shared, sharedDeletes: "namespace" });
    const ids = emulator.documents("pr-42").map(({ id }) => id);
    const others = emulator.documents("other");
    expect((await send(emulator, "DELETE", path, { ids })).body).toEqual({ count: 2, errors: [] });
    expect(emulator.containers()).toEqual({ "pr-42": 0, other: 2, bystander: 2 });
    expect(emulator.documents("other")).toEqual(others.map((document) => ({ ...document, containerTags: ["other"] })));
    expect((await send(emulator, "DELETE", path, { ids })).body).toMatchObject({ count: 0 });
    await send(emulator, "DELETE", "/ns/other");
    expect(emulator.containers()).toEqual({ "pr-42": 0, bystander: 2 });
  });
});
