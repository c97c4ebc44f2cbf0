import { idsOf, inContainers, send, start, statusOf } from "./support/running";

const seed = { containers: { "pr-42": 5, bystander: 2 } };
const bulk = "/v3/documents/bulk";
const byTag = { containerTags: ["pr-42"] };
const busy = { containers: { "pr-42": { documents: [{}, { processing: "forever" as const }] }, bystander: 2 } };
const shared = { containers: { "pr-42": { documents: [{ alsoIn: ["other"] }, {}] }, other: 1, bystander: 2 } };
const unknown = { id: "unknown", error: "Document not found" };

const apis = [
  ["v3", bulk, "documents.deleteBulk", "deletedCount"],
  ["v5", "/ns/pr-42/document", "v5.documents.delete", "count"],
] as const;

describe.each(apis)("deletion by ids on %s", (api, path, route, count) => {
  test("deletes those documents once, lists the ids that it did not find, and is in the ledger", async () => {
    const { emulator, client } = await start({ seed });
    const [first, second, ...others] = idsOf(emulator);
    await client.documents.list({});
    const { status, body } = await send(emulator, "DELETE", path, { ids: [first, "unknown", second, first] });
    expect([status, body]).toEqual([200, { ...(api === "v3" && { success: true }), [count]: 2, errors: [unknown] }]);
    expect(emulator.containers()).toEqual({ "pr-42": 3, bystander: 2 });
    expect(idsOf(emulator)).toEqual(others);
    expect(emulator.ledger).toEqual([
      { request: 2, route, containerTag: null, count: 2, documentIds: [first, second] },
    ]);
  });

  test("does not find documents that were deleted on the other API version", async () => {
    const { emulator, client } = await start({ seed });
    const ids = idsOf(emulator);
    await send(emulator, "DELETE", api === "v3" ? "/ns/pr-42/document" : bulk, { ids: ids.slice(0, 2) });
    const { body } = await send(emulator, "DELETE", path, { ids });
    expect(body).toMatchObject({ [count]: 3, errors: [{ id: ids[0] }, { id: ids[1] }] });
    expect((await client.documents.list({ ...inContainers("pr-42") })).memories).toEqual([]);
    expect((await send(emulator, "GET", "/ns/pr-42")).status).toBe(200);
    expect(emulator.containers()).toEqual({ "pr-42": 0, bystander: 2 });
  });

  test("keeps documents that are still processing, with an error for each", async () => {
    const { emulator } = await start({ seed: busy });
    const ids = idsOf(emulator);
    const { body } = await send(emulator, "DELETE", path, { ids });
    expect(body).toMatchObject({ [count]: 1, errors: [{ id: ids[1], error: "Document is still processing" }] });
    expect(emulator.containers()).toEqual({ "pr-42": 1, bystander: 2 });
  });

  test("returns 409 and deletes nothing while a document is processing, with processingDeletes conflict", async () => {
    const { emulator } = await start({ seed: busy, processingDeletes: "conflict" });
    const ids = idsOf(emulator);
    const { status, body } = await send(emulator, "DELETE", path, { ids });
    expect([status, body]).toEqual([409, { error: "Conflict", details: "1 of the documents is still processing" }]);
    emulator.finishProcessing();
    expect((await send(emulator, "DELETE", path, { ids })).body).toMatchObject({ [count]: 2, errors: [] });
    expect(emulator.containers()).toEqual({ "pr-42": 0, bystander: 2 });
  });

  test("deletes documents that are still processing, with processingDeletes allow", async () => {
    const { emulator } = await start({ seed: busy, processingDeletes: "allow" });
    expect((await send(emulator, "DELETE", path, { ids: idsOf(emulator) })).body).toMatchObject({ [count]: 2 });
  });

  test("deletes a shared document from its other containers too", async () => {
    const { emulator } = await start({ seed: shared });
    expect((await send(emulator, "DELETE", path, { ids: idsOf(emulator) })).body).toMatchObject({ [count]: 2 });
    expect(emulator.containers()).toEqual({ "pr-42": 0, other: 1, bystander: 2 });
  });
});

describe("deletion by ids on v5", () => {
  test.each([
    ["/ns/pr-42/document", "of another namespace"],
    ["/ns/gone/document", "in an unknown namespace"],
  ])("at %s does not find a document %s", async (path) => {
    const { emulator } = await start({ seed, unknownNamespace: "notFound" });
    const [id] = idsOf(emulator, "bystander");
    const { status, body } = await send(emulator, "DELETE", path, { ids: [id] });
    expect([status, body]).toEqual([200, { count: 0, errors: [{ id, error: "Document not found" }] }]);
    expect(emulator.containers()).toEqual(seed.containers);
  });

  test("accepts caller-defined ids, and counts a document once when both of its ids are given", async () => {
    const { emulator } = await start({ seed: { containers: { "pr-42": { documents: [{ customId: "mine" }] } } } });
    const [id] = idsOf(emulator);
    const { body } = await send(emulator, "DELETE", "/ns/pr-42/document", { ids: ["mine", id] });
    expect(body).toEqual({ count: 1, errors: [{ id, error: "Document not found" }] });
  });

  test("returns deletedCount and success, with countField and successFlag", async () => {
    const { emulator } = await start({ seed, countField: "deletedCount", successFlag: true });
    const { body } = await send(emulator, "DELETE", "/ns/pr-42/document", { ids: idsOf(emulator) });
    expect(body).toEqual({ success: true, deletedCount: 5, errors: [] });
  });

  test("keeps a shared document in its other namespaces, with sharedDeletes namespace", async () => {
    const { emulator } = await start({ seed: shared, sharedDeletes: "namespace" });
    const ids = idsOf(emulator);
    const others = emulator.documents("other");
    expect((await send(emulator, "DELETE", "/ns/pr-42/document", { ids })).body).toEqual({ count: 2, errors: [] });
    expect(emulator.containers()).toEqual({ "pr-42": 0, other: 2, bystander: 2 });
    expect(emulator.documents("other")).toEqual(others.map((document) => ({ ...document, containerTags: ["other"] })));
    expect((await send(emulator, "DELETE", "/ns/pr-42/document", { ids })).body).toMatchObject({ count: 0 });
    await send(emulator, "DELETE", "/ns/other");
    expect(emulator.containers()).toEqual({ "pr-42": 0, bystander: 2 });
  });
});

test("a namespace with a document in processing is not deleted, with processingDeletes conflict", async () => {
  const { emulator } = await start({ seed: busy, processingDeletes: "conflict" });
  const { status, body } = await send(emulator, "DELETE", "/ns/pr-42");
  expect([status, body]).toMatchObject([409, { error: "Namespace is busy" }]);
  expect(emulator.containers()).toEqual({ "pr-42": 2, bystander: 2 });
});

describe("bulk deletion on v3", () => {
  test("by tag deletes only the documents with that tag, keeps the container, and is in the ledger", async () => {
    const { emulator } = await start({ seed });
    const documentIds = idsOf(emulator);
    const { body } = await send(emulator, "DELETE", bulk, byTag);
    expect(body).toEqual({ success: true, deletedCount: 5, containerTags: ["pr-42"] });
    expect(emulator.containers()).toEqual({ "pr-42": 0, bystander: 2 });
    const entry = { request: 1, route: "documents.deleteBulk", containerTag: "pr-42", count: 5, documentIds };
    expect(emulator.ledger).toEqual([entry]);
  });

  test("by tags counts a document with two of them once, and deletes it from its other containers", async () => {
    const documents = { documents: 2, each: { alsoIn: ["b", "shared"] } };
    const { emulator, client } = await start({ seed: { containers: { a: documents, b: 1, shared: 1 } } });
    expect(await client.documents.deleteBulk({ ...inContainers("a", "b", "a") })).toMatchObject({ deletedCount: 3 });
    expect(emulator.containers()).toEqual({ a: 0, b: 0, shared: 1 });
  });

  test("does not accept a customId as an id", async () => {
    const { emulator } = await start({ seed: { containers: { "pr-42": { documents: [{ customId: "mine" }] } } } });
    const { body } = await send(emulator, "DELETE", bulk, { ids: ["mine"] });
    expect(body).toMatchObject({ deletedCount: 0, errors: [{ id: "mine" }] });
    expect(emulator.containers()).toEqual({ "pr-42": 1 });
  });

  test.each([
    ["zero", 200, { success: true, deletedCount: 0 }],
    ["notFound", 404, { error: "Container tag not found", details: "no container has the tag gone" }],
  ] as const)("of an unknown tag deletes nothing, with unknownTag %s", async (unknownTag, expected, response) => {
    const { emulator } = await start({ seed, unknownTag });
    const { status, body } = await send(emulator, "DELETE", bulk, { containerTags: ["gone"] });
    expect([status, body]).toMatchObject([expected, response]);
  });

  test("by tag and of a single document keep what is still processing", async () => {
    const { emulator, client } = await start({ seed: busy });
    const [, id = ""] = idsOf(emulator);
    expect(await client.documents.deleteBulk(byTag)).toMatchObject({ deletedCount: 1 });
    expect(await statusOf(client.documents.delete(id))).toBe(409);
    expect(emulator.containers()).toEqual({ "pr-42": 1, bystander: 2 });
  });

  test.each([
    ["conflict", 409, 2],
    ["allow", undefined, 0],
  ] as const)("by tag while a document is processing, with processingDeletes %s", async (...row) => {
    const [processingDeletes, status, remaining] = row;
    const { emulator, client } = await start({ seed: busy, processingDeletes });
    expect(await statusOf(client.documents.deleteBulk(byTag))).toBe(status);
    expect(emulator.containers()).toEqual({ "pr-42": remaining, bystander: 2 });
  });

  test("by file path deletes the documents under that path", async () => {
    const documents = [{ filepath: "/a/1" }, { filepath: "/a/2" }, { filepath: "/b/1" }];
    const { emulator } = await start({ seed: { containers: { "pr-42": { documents }, bystander: 2 } } });
    const { body } = await send(emulator, "DELETE", bulk, { filepath: "/a/" });
    expect(body).toEqual({ success: true, deletedCount: 2 });
    expect(emulator.containers()).toEqual({ "pr-42": 1, bystander: 2 });
  });
});
