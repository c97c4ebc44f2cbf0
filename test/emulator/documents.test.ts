import { createManualClock } from "../../emulator/index";
import { inContainers, send, start, statusOf } from "./support/running";

describe("documents, through the official client", () => {
  test("an added document is listed under each of its tags, with its content only when the request asks for it", async () => {
    const { client } = await start();
    const document = { content: "hello world", metadata: { kind: "note" } };
    const { id, status } = await client.documents.add({ ...document, ...inContainers("pr-42", "production") });
    const { memories } = await client.documents.list({ ...inContainers("pr-42"), includeContent: true });
    expect(status).toBe("queued");
    expect(memories).toMatchObject([{ id, ...document, containerTags: ["pr-42", "production"], status: "done" }]);
    const plain = await client.documents.list({ ...inContainers("production") });
    expect(plain.memories[0]).not.toHaveProperty("content");
  });

  test("a document without a tag is stored in the default container", async () => {
    const { emulator, client } = await start();
    await client.documents.add({ content: "somewhere" });
    expect(emulator.containers()).toEqual({ sm_project_default: 1 });
  });

  test("adding with a known customId updates that document and moves it to the new tag", async () => {
    const { emulator, client } = await start();
    const first = await client.documents.add({ content: "old", customId: "a", containerTag: "pr-42" });
    const second = await client.documents.add({ content: "new", customId: "a", containerTag: "pr-43" });
    expect(second.id).toBe(first.id);
    expect(emulator.containers()).toEqual({ "pr-42": 0, "pr-43": 1 });
    expect(emulator.documents("pr-43")).toMatchObject([{ content: "new", customId: "a" }]);
  });

  test("a batch adds all of its documents, with its own tag as their default", async () => {
    const { emulator, client } = await start();
    const documents = [{ content: "one" }, { content: "two", containerTag: "pr-43" }];
    const response = await client.documents.batchAdd({ containerTag: "pr-42", documents });
    expect(response).toMatchObject({ failed: 0, success: 2 });
    expect(emulator.containers()).toEqual({ "pr-42": 1, "pr-43": 1 });
  });

  test("a file is uploaded as its text", async () => {
    const { emulator, client } = await start();
    await client.documents.uploadFile({ file: new File(["grüße"], "notes.txt"), containerTag: "pr-42" });
    expect(emulator.documents("pr-42")).toMatchObject([{ content: "grüße", title: "notes.txt" }]);
  });

  test("a document is read by id and by customId", async () => {
    const { client } = await start();
    const { id } = await client.documents.add({ content: "https://example.com/a", customId: "a" });
    expect(await client.documents.get("a")).toEqual(await client.documents.get(id));
    expect(await client.documents.get(id)).toMatchObject({ id, type: "webpage", url: "https://example.com/a" });
  });

  test("an update changes only the fields of the request", async () => {
    const { emulator, client } = await start();
    const { id } = await client.documents.add({ content: "text", containerTag: "pr-42", metadata: { kind: "note" } });
    await client.documents.update(id, { containerTag: "pr-43" });
    expect(emulator.containers()).toEqual({ "pr-42": 0, "pr-43": 1 });
    expect(emulator.documents("pr-43")).toMatchObject([{ id, content: "text", metadata: { kind: "note" } }]);
  });

  test("an update may not use the customId of another document", async () => {
    const { emulator, client } = await start();
    await client.documents.add({ content: "one", customId: "taken" });
    const { id } = await client.documents.add({ content: "two", customId: "own" });
    expect(await statusOf(client.documents.update(id, { customId: "taken" }))).toBe(400);
    expect(emulator.documents().map(({ customId }) => customId)).toEqual(["taken", "own"]);
  });

  test("a document that moves to another container and back returns to its position in the list", async () => {
    const { emulator, client } = await start({ seed: { containers: { "pr-42": 3 } } });
    const ids = emulator.documents("pr-42").map(({ id }) => id);
    for (const containerTag of ["pr-43", "pr-42", "pr-43", "pr-42"]) {
      await client.documents.update(ids[1] ?? "", { containerTag });
      await client.documents.list({ sort: "updatedAt", ...inContainers("pr-42") });
    }
    expect(emulator.documents("pr-42").map(({ id }) => id)).toEqual(ids);
    const { memories } = await client.documents.list({ sort: "updatedAt", ...inContainers("pr-42") });
    expect(memories.map(({ id }) => id)).toEqual([ids[1], ids[2], ids[0]]);
    expect(await client.documents.deleteBulk(inContainers("pr-42"))).toMatchObject({ deletedCount: 3 });
  });

  test("a document is deleted by id and by customId, and then gets 404", async () => {
    const { emulator, client } = await start({ seed: { containers: { bystander: 2 } } });
    const { id } = await client.documents.add({ content: "one", containerTag: "pr-42" });
    await client.documents.add({ content: "two", containerTag: "pr-42", customId: "second" });
    await client.documents.delete(id);
    await client.documents.delete("second");
    expect(await statusOf(client.documents.delete(id))).toBe(404);
    expect(await statusOf(client.documents.get("second"))).toBe(404);
    expect(emulator.containers()).toEqual({ bystander: 2, "pr-42": 0 });
  });

  test("an added document is processed for the configured time, stage by stage", async () => {
    const clock = createManualClock();
    const { client } = await start({ clock, processingMs: 5_000 });
    const { id } = await client.documents.add({ content: "slow" });
    const stages: string[] = [];
    for (let second = 0; second <= 5; second += 1) {
      stages.push((await client.documents.get(id)).status);
      clock.advance(1_000);
    }
    expect(stages).toEqual(["queued", "extracting", "chunking", "embedding", "indexing", "done"]);
  });

  test("documents are listed as processing until their processing ends", async () => {
    const processing = { documents: 2, each: { processing: "forever" as const } };
    const { emulator, client } = await start({ seed: { containers: { "pr-42": processing, done: 3 } } });
    expect(await client.documents.listProcessing()).toMatchObject({ totalCount: 2 });
    emulator.finishProcessing("pr-42");
    expect(await client.documents.listProcessing()).toEqual({ documents: [], totalCount: 0 });
  });

  test("an unknown id gets a 404 in the vendor's error shape", async () => {
    const { emulator } = await start();
    const { status, body } = await send(emulator, "GET", "/v3/documents/nothing");
    expect([status, body]).toMatchObject([
      404,
      { error: "Document not found", details: expect.stringContaining("nothing") as unknown },
    ]);
  });
});
