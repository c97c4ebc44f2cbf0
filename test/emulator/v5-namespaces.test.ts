import { type OutgoingHttpHeaders, request } from "node:http";
import { z } from "zod";
import { createManualClock, type Emulator } from "../../emulator/index";
import { send, start } from "./support/running";

const listed = z.object({
  namespaces: z.array(z.object({ namespace: z.string() })),
  pagination: z.object({ totalItems: z.number() }),
});
const seed = { containers: { "pr-42": { documents: 3, memories: 2 }, bystander: 1 } };
const deleted = { status: "deleted", namespace: "pr-42", deletedDocumentsCount: 3, deletedMemoriesCount: 2 };

describe("namespaces", () => {
  test.each(["/namespaces", "/ns"])("are listed by GET %s, newest first, without their last activity", async (path) => {
    const clock = createManualClock("2026-01-01T00:00:00Z");
    const { emulator, client } = await start({ clock, seed: { containers: { old: { memories: 4 }, "pr-41": 0 } } });
    clock.advance(60_000);
    await client.documents.add({ content: "text", containerTag: "pr-42" });
    const { status, body } = await send(emulator, "GET", path);
    const row = (namespace: string, documentCount: number, memoryCount: number, minute: number) => {
      const id: unknown = expect.any(String);
      const at = `2026-01-01T00:0${minute}:00.000Z`;
      const system = { createdAt: at, updatedAt: at };
      return { id, namespace, documentCount, memoryCount, description: null, system };
    };
    const namespaces = [row("pr-42", 1, 0, 1), row("pr-41", 0, 0, 0), row("old", 0, 4, 0)];
    const pagination = { currentPage: 1, limit: 10, totalItems: 3, totalPages: 1 };
    expect([status, body]).toEqual([200, { namespaces, pagination }]);
  });

  test.each([
    ["a part in any case", "/ns?q=PR-4", ["pr-42", "PR-4"]],
    ["a part in the middle", "/namespaces?q=-4", ["pr-42", "PR-4"]],
    ["a whole name", "/ns?q=bystander", ["bystander"]],
    ["nothing", "/namespaces?q=", ["bystander", "pr-42", "PR-4"]],
    ["what no name contains", "/ns?q=pr-*", []],
  ])("are listed by %s of their name: GET %s", async (_what, path, expected) => {
    const { emulator } = await start({ seed: { containers: { "PR-4": 1, "pr-42": 1, bystander: 1 } } });
    const { body } = await send(emulator, "GET", path);
    const { namespaces, pagination } = listed.parse(body);
    expect(namespaces.map(({ namespace }) => namespace)).toEqual(expected);
    expect(pagination.totalItems).toBe(expected.length);
  });

  test.each([
    ["/namespaces?limit=20&page=2", ["pr-4", "pr-3", "pr-2", "pr-1", "pr-0"], { limit: 20, totalItems: 25 }],
    ["/ns?q=pr-1&limit=10&page=2", ["pr-1"], { limit: 10, totalItems: 11 }],
  ])("have pages, also of those whose name contains q: GET %s", async (path, names, page) => {
    const containers = Object.fromEntries(Array.from({ length: 25 }, (_, at) => [`pr-${at}`, 1]));
    const { emulator } = await start({ seed: { containers } });
    expect((await send(emulator, "GET", path)).body).toMatchObject({
      namespaces: names.map((namespace) => ({ namespace })),
      pagination: { currentPage: 2, totalPages: 2, ...page },
    });
  });

  test("have settings, which v3 sets", async () => {
    const { emulator } = await start({ seed, clock: createManualClock() });
    await send(emulator, "PATCH", "/v3/container-tags/pr-42", { entityContext: "PR 42" });
    expect((await send(emulator, "GET", "/ns/pr-42")).body).toEqual({
      namespace: "pr-42",
      supportingContext: "PR 42",
      system: { createdAt: "2025-12-31T23:59:59.996Z", updatedAt: "2026-01-01T00:00:00.000Z" },
    });
  });

  test.each(["GET", "DELETE"])("that are unknown get a 404 by %s that names them", async (method) => {
    const { emulator } = await start({ seed });
    const { status, body } = await send(emulator, method, "/ns/gone");
    expect([status, body]).toEqual([404, { error: "Namespace not found", details: "no namespace has the name gone" }]);
  });

  test.each([{ moveTo: "archive" }, '{"moveTo":'])(
    "are deleted permanently when moveTo is in the body: %j",
    async (sent) => {
      const { emulator } = await start({ seed, successFlag: true });
      const { status, body } = await send(emulator, "DELETE", "/ns/pr-42", sent);
      expect([status, body]).toEqual([200, { success: true, ...deleted }]);
      expect(emulator.containers()).toEqual({ bystander: 1 });
    },
  );

  test.each([202, 200] as const)("move when moveTo is in the query, with moveStatus %d", async (moveStatus) => {
    const { emulator } = await start({ seed, moveStatus });
    const { status, body } = await send(emulator, "DELETE", "/ns/pr-42?moveTo=archive");
    const queued = { status: "queued", operationId: "move_1", namespace: "pr-42", moveTo: "archive" };
    expect([status, body]).toEqual([moveStatus, queued]);
    expect(emulator.containers()).toEqual({ bystander: 1, archive: 3 });
    expect(emulator.ledger).toEqual([]);
  });

  test.each(["", "a%20b", "pr-42"])("do not move to %j, and are kept", async (moveTo) => {
    const { emulator } = await start({ seed });
    expect((await send(emulator, "DELETE", `/ns/pr-42?moveTo=${moveTo}`)).status).toBe(400);
    expect(emulator.containers()).toEqual({ "pr-42": 3, bystander: 1 });
  });

  test("have the body and the query of their deletion in the log, even a lone question mark", async () => {
    const { emulator } = await start({ seed });
    await sendRaw(emulator, "/ns/a", "");
    await sendRaw(emulator, "/ns/a?", "");
    await sendRaw(emulator, "/ns/a?b=c", " ");
    await sendRaw(emulator, "/ns/a", '{"ü":1}');
    await sendRaw(emulator, "/ns/a", "", { "transfer-encoding": "chunked", "content-type": "text/plain" });
    const logged = emulator.requests.map(({ hasQuery, bodyBytes, bodyHeaders }) => [hasQuery, bodyBytes, bodyHeaders]);
    expect(logged).toEqual([
      [false, 0, {}],
      [true, 0, {}],
      [true, 1, { "content-length": "1" }],
      [false, 8, { "content-length": "8" }],
      [false, 0, { "transfer-encoding": "chunked", "content-type": "text/plain" }],
    ]);
    expect(emulator.requests[3]).toMatchObject({ api: "v5", route: "v5.namespaces.delete", containerTags: ["a"] });
  });
});

/** fetch would drop a lone question mark. */
function sendRaw({ url, apiKey }: Emulator, path: string, body: string, more: OutgoingHttpHeaders = {}): Promise<void> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const length = body === "" ? {} : { "content-length": Buffer.byteLength(body) };
    const headers = { authorization: `Bearer ${apiKey}`, ...length, ...more };
    const sent = request({ hostname, port, path, method: "DELETE", headers, timeout: 20_000 }, (response) => {
      response.resume().once("end", resolve);
    });
    sent.once("error", reject);
    sent.end(body);
  });
}
