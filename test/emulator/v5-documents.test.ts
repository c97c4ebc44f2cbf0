import { createManualClock } from "../../emulator/index";
import { inContainers, send, start } from "./support/running";

describe("documents on v5", () => {
  test("appear on v3 with the namespace as their tag and the id as their customId", async () => {
    const { emulator, client } = await start();
    const document = { content: "hello", id: "mine", metadata: { kind: "note" } };
    const { status, body } = await send(emulator, "POST", "/ns/pr-42/document", document);
    const { memories } = await client.documents.list({ ...inContainers("pr-42"), includeContent: true });
    expect([status, body]).toEqual([200, { id: memories[0]?.id, status: "queued" }]);
    expect(memories).toMatchObject([
      { content: "hello", customId: "mine", containerTags: ["pr-42"], metadata: { kind: "note" } },
    ]);
  });

  test("that were added on v3 are returned by id and by customId, without their tags", async () => {
    const { emulator, client } = await start({ clock: createManualClock("2026-01-01T00:00:00Z") });
    const { id } = await client.documents.add({ content: "hello", customId: "mine", containerTag: "pr-42" });
    const at = "2026-01-01T00:00:00.000Z";
    const system = { status: "done", dreamingStatus: "done", createdAt: at, updatedAt: at };
    const expected = { id, title: "hello", type: "text", summary: null, content: "hello", metadata: {}, system };
    expect((await send(emulator, "GET", `/ns/pr-42/document/${id}`)).body).toEqual(expected);
    expect((await send(emulator, "GET", "/ns/pr-42/document/mine")).body).toEqual(expected);
  });

  test("are not found in another namespace", async () => {
    const { emulator } = await start({ seed: { containers: { "pr-42": 1, bystander: 1 } } });
    const [document] = emulator.documents("bystander");
    const { status, body } = await send(emulator, "GET", `/ns/pr-42/document/${document?.id ?? ""}`);
    expect([status, body]).toMatchObject([404, { error: "Document not found" }]);
  });

  test.each([
    ["", []],
    ["?include=chunks", ["chunks"]],
    ["?include=chunks,memories", ["chunks", "memories"]],
    ["?include=chunks&include=memories", ["chunks", "memories"]],
  ])("with %j contain empty children only when the request asks for them", async (query, children) => {
    const { emulator } = await start({ seed: { containers: { "pr-42": { documents: [{ customId: "a" }] } } } });
    const { body } = await send(emulator, "GET", `/ns/pr-42/document/a${query}`);
    const expected = { ...(children.includes("chunks") ? { chunks: [] } : {}) };
    expect(body).toMatchObject(children.includes("memories") ? { ...expected, memories: [] } : expected);
    expect(Object.keys(body ?? {})).toHaveLength(7 + children.length);
  });

  test("with a known id get new text appended, and unchanged text changes nothing", async () => {
    const clock = createManualClock();
    const { emulator } = await start({ clock, processingMs: 1_000 });
    const add = async (content: string): Promise<unknown> =>
      (await send(emulator, "POST", "/ns/pr-42/document", { content, id: "a" })).body;
    expect(await add("one")).toMatchObject({ status: "queued" });
    clock.advance(1_000);
    expect(await add("one")).toMatchObject({ status: "done" });
    expect(await add("two")).toEqual({ id: emulator.documents("pr-42")[0]?.id, status: "queued" });
    expect(emulator.documents("pr-42")).toMatchObject([{ content: "one\ntwo", customId: "a", status: "queued" }]);
  });

  test("keep the id of the request as a second name, by which they are read, extended and deleted", async () => {
    const { emulator } = await start();
    const documents = [{ content: "two", id: "batch-id" }];
    await send(emulator, "POST", "/ns/pr-42/document", { content: "one", id: "mine" });
    await send(emulator, "POST", "/ns/pr-42/document/batch", { documents });
    expect(emulator.documents("pr-42").map(({ customId }) => customId)).toEqual(["mine", "batch-id"]);
    const [first] = emulator.documents("pr-42");
    for (const name of ["mine", first?.id ?? ""]) {
      const { body } = await send(emulator, "GET", `/ns/pr-42/document/${name}`);
      expect(body).toMatchObject({ id: first?.id, content: "one" });
    }
    await send(emulator, "POST", "/ns/pr-42/document", { content: "more", id: "mine" });
    expect(emulator.documents("pr-42")).toMatchObject([{ id: first?.id, customId: "mine" }, { customId: "batch-id" }]);
    const { body } = await send(emulator, "DELETE", "/ns/pr-42/document", { ids: ["mine"] });
    expect(body).toEqual({ count: 1, errors: [] });
    expect(emulator.documents("pr-42")).toMatchObject([{ customId: "batch-id" }]);
  });

  test("with the same id in two namespaces are independent", async () => {
    const { emulator, client } = await start();
    for (const namespace of ["a", "b"]) {
      await send(emulator, "POST", `/ns/${namespace}/document`, { content: `in ${namespace}`, id: "same" });
    }
    await client.documents.add({ content: "new in b", customId: "same", containerTag: "b" });
    await send(emulator, "DELETE", "/ns/a/document", { ids: ["same"] });
    expect(emulator.containers()).toEqual({ a: 0, b: 1 });
    expect((await send(emulator, "GET", "/ns/b/document/same")).body).toMatchObject({ content: "new in b" });
    expect(await client.documents.get("same")).toMatchObject({ content: "new in b" });
    expect((await send(emulator, "DELETE", "/ns/a/document", { ids: ["same"] })).body).toMatchObject({ count: 0 });
  });

  test("are added in a batch, in order", async () => {
    const { emulator } = await start();
    const documents = [{ content: "one", id: "1" }, { content: "two" }];
    const batch = { documents, taskType: "superrag" };
    const { status, body } = await send(emulator, "POST", "/ns/pr-42/document/batch", batch);
    const results = emulator.documents("pr-42").map(({ id }) => ({ id, status: "queued" }));
    expect([status, body]).toEqual([200, { results, count: 2, failed: 0 }]);
    expect(emulator.documents("pr-42")).toMatchObject([{ customId: "1", taskType: "superrag" }, { content: "two" }]);
  });
});
