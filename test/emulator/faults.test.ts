import type { Emulator, Fault } from "../../emulator/index";
import { emptied, inContainers, purge, start } from "./support/running";

const seed = { containers: { "pr-42": 5, bystander: 2 } };
const untouched = { "pr-42": 5, bystander: 2 };
const purged = { "pr-42": 0, bystander: 2 };

describe("a fault script", () => {
  test("returns 429 with Retry-After, without effect", async () => {
    const { emulator } = await startWith({ kind: "rateLimit", retryAfter: 7 });
    const reply = await purge(emulator);
    expect([reply?.status, reply?.headers.get("retry-after"), reply?.body]).toEqual([
      429,
      "7",
      { error: "Too many requests", details: "rate limit exceeded" },
    ]);
    expectHit(emulator, untouched);
  });

  test("returns 429 with a date, or without Retry-After", async () => {
    const date = "Wed, 21 Oct 2026 07:28:00 GMT";
    const { emulator } = await startWith({ kind: "rateLimit", retryAfter: date });
    emulator.addFault({ then: { kind: "rateLimit" } });
    expect((await purge(emulator))?.headers.get("retry-after")).toBe(date);
    expect((await purge(emulator))?.headers.has("retry-after")).toBe(false);
    expectHit(emulator, untouched);
  });

  test("returns 503 before the effect", async () => {
    const { emulator } = await startWith({ kind: "serverError", status: 503 });
    expect((await purge(emulator))?.status).toBe(503);
    expectHit(emulator, untouched);
  });

  test("returns 500 after the effect", async () => {
    const { emulator } = await startWith({ kind: "serverError", when: "afterEffect" });
    expect((await purge(emulator))?.status).toBe(500);
    expectHit(emulator, purged);
  });

  test("resets the connection before the effect", async () => {
    const { emulator } = await startWith({ kind: "reset", when: "beforeEffect" });
    expect(await purge(emulator)).toBeUndefined();
    expectHit(emulator, untouched);
  });

  test("resets the connection after the effect", async () => {
    const { emulator } = await startWith({ kind: "reset", when: "afterEffect" });
    expect(await purge(emulator)).toBeUndefined();
    expectHit(emulator, purged);
    expect(emulator.ledger).toMatchObject([{ request: 1, count: 5, containerTag: "pr-42" }]);
  });

  test("holds a response before the effect until release()", async () => {
    const { emulator } = await startWith({ kind: "slow" });
    const reply = purge(emulator);
    await emulator.whenHeld();
    expect(emulator.containers()).toEqual(untouched);
    emulator.release();
    expect((await reply)?.status).toBe(200);
    expectHit(emulator, purged);
  });

  test("holds a response after the effect until release()", async () => {
    const { emulator } = await startWith({ kind: "slow", when: "afterEffect" });
    const reply = purge(emulator);
    await emulator.whenHeld();
    expectHit(emulator, purged);
    emulator.release();
    expect((await reply)?.status).toBe(200);
  });

  test("that holds no response makes whenHeld() time out", async () => {
    const { emulator } = await start({ seed });
    await expect(emulator.whenHeld(2, 1)).rejects.toThrow("0 of 2 responses were held back after 1 ms");
  });

  test("holds a response for a time", async () => {
    const { emulator } = await startWith({ kind: "slow", ms: 5 });
    expect((await purge(emulator))?.status).toBe(200);
    expectHit(emulator, purged);
  });

  test("drops a held request without effect when its client disconnects", async () => {
    const { emulator } = await startWith({ kind: "slow" });
    const disconnect = new AbortController();
    const request = fetch(`${emulator.url}/v3/documents/bulk`, {
      method: "DELETE",
      headers: { authorization: `Bearer ${emulator.apiKey}`, "content-type": "application/json" },
      body: JSON.stringify({ containerTags: ["pr-42"] }),
      signal: disconnect.signal,
    }).catch(() => "disconnected");
    await emulator.whenHeld();
    disconnect.abort();
    expect(await request).toBe("disconnected");
    await emptied(emulator);
    expectHit(emulator, untouched);
  });

  test("returns 404 as the HTML page of a proxy", async () => {
    const { emulator } = await startWith({ kind: "notFound", as: "html" });
    const reply = await purge(emulator);
    expect([reply?.status, reply?.type]).toEqual([404, "text/html; charset=utf-8"]);
    expectHit(emulator, untouched);
  });

  test("returns 404 as JSON that names nothing", async () => {
    const { emulator } = await startWith({ kind: "notFound", as: "json" });
    const reply = await purge(emulator);
    expect([reply?.status, reply?.body]).toEqual([404, { error: "Not Found" }]);
    expectHit(emulator, untouched);
  });

  test("returns a body that is not JSON, after the effect", async () => {
    const { emulator } = await startWith({ kind: "notJson" });
    const reply = await purge(emulator);
    expect([reply?.status, reply?.text.startsWith("<html>")]).toEqual([200, true]);
    expectHit(emulator, purged);
  });

  test("returns JSON of another shape", async () => {
    const { emulator } = await startWith({ kind: "wrongShape", body: { deleted: "all" }, when: "beforeEffect" });
    expect((await purge(emulator))?.body).toEqual({ deleted: "all" });
    expectHit(emulator, untouched);
  });

  test("deletes only some of the documents and reports success", async () => {
    const { emulator } = await startWith({ kind: "partial", documents: 2 });
    expect((await purge(emulator))?.body).toMatchObject({ success: true, deletedCount: 2 });
    expectHit(emulator, { "pr-42": 3, bystander: 2 });
  });

  test("deletes only some of the documents and reports a higher count", async () => {
    const { emulator } = await startWith({ kind: "partial", documents: 2, claims: 5 });
    expect((await purge(emulator))?.body).toMatchObject({ success: true, deletedCount: 5 });
    expectHit(emulator, { "pr-42": 3, bystander: 2 });
    expect(emulator.ledger).toMatchObject([{ count: 2 }]);
  });

  test("makes another client write right after a deletion", async () => {
    const { emulator } = await startWith({ kind: "lateWriter", documents: 3 });
    expect((await purge(emulator))?.body).toMatchObject({ deletedCount: 5 });
    expectHit(emulator, { "pr-42": 3, bystander: 2 });
  });

  test("makes another client write right after a list", async () => {
    const { emulator, client } = await start({
      seed,
      faults: [{ match: { route: "documents.list" }, then: { kind: "lateWriter", documents: 1 } }],
    });
    const { pagination } = await client.documents.list({ ...inContainers("pr-42") });
    expect(pagination.totalItems).toBe(5);
    expectHit(emulator, { "pr-42": 6, bystander: 2 });
  });

  test("makes the next lists of that container, and no other, still return the deleted documents", async () => {
    const { emulator, client } = await startWith({ kind: "listLag", lists: 2 });
    const total = async (tag: string): Promise<number> =>
      (await client.documents.list({ ...inContainers(tag) })).pagination.totalItems;
    await purge(emulator);
    expect([await total("bystander"), await total("pr-42"), await total("bystander")]).toEqual([2, 5, 2]);
    expect([await total("pr-42"), await total("pr-42")]).toEqual([5, 0]);
    expectHit(emulator, purged);
  });
});

function startWith(then: Fault): ReturnType<typeof start> {
  return start({ seed, faults: [{ match: { route: "documents.deleteBulk" }, then }] });
}

function expectHit(emulator: Emulator, containers: Readonly<Record<string, number>>): void {
  expect(emulator.unhitFaults()).toEqual([]);
  expect(emulator.containers()).toEqual(containers);
}
