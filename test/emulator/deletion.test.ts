import { inContainers, send, start, statusOf } from "./support/running";

const seed = { containers: { "pr-42": 5, bystander: 2 } };
const processing = {
  containers: {
    "pr-42": { documents: [{ content: "done" }, { content: "busy", processing: "forever" as const }] },
    bystander: 2,
  },
};

describe("bulk deletion", () => {
  test("by tag deletes only the documents with that tag, and keeps the container", async () => {
    const { emulator, client } = await start({ seed });
    const response = await client.documents.deleteBulk({ ...inContainers("pr-42") });
    expect(response).toMatchObject({ success: true, deletedCount: 5, containerTags: ["pr-42"] });
    expect(emulator.containers()).toEqual({ "pr-42": 0, bystander: 2 });
  });

  test("by tag deletes a shared document from its other containers too", async () => {
    const { emulator, client } = await start({
      seed: { containers: { "pr-42": { documents: 2, each: { alsoIn: ["shared"] } }, shared: 1 } },
    });
    await client.documents.deleteBulk({ ...inContainers("pr-42") });
    expect(emulator.containers()).toEqual({ "pr-42": 0, shared: 1 });
  });

  test("counts a document with two deleted tags once", async () => {
    const { client } = await start({ seed: { containers: { a: { documents: 2, each: { alsoIn: ["b"] } }, b: 1 } } });
    expect(await client.documents.deleteBulk({ ...inContainers("a", "b", "a") })).toMatchObject({ deletedCount: 3 });
  });

  test("by ids deletes those documents and lists the ids that it did not find", async () => {
    const { emulator, client } = await start({ seed });
    const [first] = emulator.documents("pr-42");
    const response = await client.documents.deleteBulk({ ids: [first?.id ?? "", "unknown"] });
    expect(response).toEqual({
      success: true,
      deletedCount: 1,
      errors: [{ id: "unknown", error: "Document not found" }],
    });
    expect(emulator.containers()).toEqual({ "pr-42": 4, bystander: 2 });
  });

  test("does not accept a customId as an id", async () => {
    const { emulator, client } = await start();
    await client.documents.add({ content: "text", customId: "mine", containerTag: "pr-42" });
    expect(await client.documents.deleteBulk({ ids: ["mine"] })).toMatchObject({
      deletedCount: 0,
      errors: [{ id: "mine" }],
    });
    expect(emulator.containers()).toEqual({ "pr-42": 1 });
  });

  test("of an unknown tag deletes nothing, or returns a 404 that names the tag", async () => {
    const { client } = await start({ seed });
    expect(await client.documents.deleteBulk({ ...inContainers("gone") })).toMatchObject({
      success: true,
      deletedCount: 0,
    });
    const { emulator } = await start({ seed, unknownTag: "notFound" });
    const { status, body } = await send(emulator, "DELETE", "/v3/documents/bulk", { containerTags: ["gone"] });
    expect([status, body]).toEqual([
      404,
      { error: "Container tag not found", details: "no container has the tag gone" },
    ]);
  });

  test("keeps documents that are still processing, with an error for each id", async () => {
    const { emulator, client } = await start({ seed: processing });
    const ids = emulator.documents("pr-42").map(({ id }) => id);
    const response = await client.documents.deleteBulk({ ids });
    expect(response).toMatchObject({
      deletedCount: 1,
      errors: [{ id: ids[1], error: "Document is still processing" }],
    });
    expect(await client.documents.deleteBulk({ ...inContainers("pr-42") })).toMatchObject({ deletedCount: 0 });
    expect(await statusOf(client.documents.delete(ids[1] ?? ""))).toBe(409);
    expect(emulator.containers()).toEqual({ "pr-42": 1, bystander: 2 });
  });

  test("returns 409 and deletes nothing while a document is processing, with processingDeletes conflict", async () => {
    const { emulator, client } = await start({ seed: processing, processingDeletes: "conflict" });
    const ids = emulator.documents("pr-42").map(({ id }) => id);
    expect(await statusOf(client.documents.deleteBulk({ ids }))).toBe(409);
    expect(await statusOf(client.documents.deleteBulk({ ...inContainers("pr-42") }))).toBe(409);
    expect(emulator.containers()).toEqual({ "pr-42": 2, bystander: 2 });
    emulator.finishProcessing();
    expect(await client.documents.deleteBulk({ ...inContainers("pr-42") })).toMatchObject({ deletedCount: 2 });
  });

  test("deletes documents that are still processing, with processingDeletes allow", async () => {
    const { client } = await start({ seed: processing, processingDeletes: "allow" });
    expect(await client.documents.deleteBulk({ ...inContainers("pr-42") })).toMatchObject({ deletedCount: 2 });
  });

  test("by file path deletes the documents under that path", async () => {
    const documents = [{ filepath: "/a/1" }, { filepath: "/a/2" }, { filepath: "/b/1" }];
    const { emulator } = await start({ seed: { containers: { "pr-42": { documents }, bystander: 2 } } });
    const { body } = await send(emulator, "DELETE", "/v3/documents/bulk", { filepath: "/a/" });
    expect(body).toEqual({ success: true, deletedCount: 2 });
    expect(emulator.containers()).toEqual({ "pr-42": 1, bystander: 2 });
  });

  test("is in the ledger with the deleted ids and the request", async () => {
    const { emulator, client } = await start({ seed });
    const ids = emulator.documents("pr-42").map(({ id }) => id);
    await client.documents.list({});
    await client.documents.deleteBulk({ ids: [...ids.slice(0, 2), "unknown"] });
    await client.documents.deleteBulk({ ...inContainers("pr-42") });
    expect(emulator.ledger).toEqual([
      { request: 2, route: "documents.deleteBulk", containerTag: null, count: 2, documentIds: ids.slice(0, 2) },
      { request: 3, route: "documents.deleteBulk", containerTag: "pr-42", count: 3, documentIds: ids.slice(2) },
    ]);
  });
});
