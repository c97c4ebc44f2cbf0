import { z } from "zod";
import type { Emulator, Fault } from "../../emulator/index";
import { inContainers, type Reply, send, start } from "./support/running";

const listed = z.object({ pagination: z.object({ totalItems: z.number() }) });
const seed = { containers: { "pr-42": 5, bystander: 2 } };
const untouched = { "pr-42": 5, bystander: 2 };
const purged = { "pr-42": 0, bystander: 2 };

describe("a fault script on v5", () => {
  // Source: conflict note 4 of the vendor's v5 document as of 2026-11-23.
  test.each([
    ["details", { error: "Too many requests", details: "rate limit exceeded" }],
    ["code", { error: "Too Many Requests", code: "RATE_LIMITED", retryAfterSeconds: 7 }],
  ] as const)("returns 429 in the shape with %s, without effect", async (shape, body) => {
    const { emulator } = await startWith({ kind: "rateLimit", retryAfter: 7, shape });
    const reply = await purge(emulator);
    expect([reply?.status, reply?.headers.get("retry-after"), reply?.body]).toEqual([429, "7", body]);
    expectHit(emulator, untouched);
  });

  test.each([
    ["beforeEffect", untouched],
    ["afterEffect", purged],
  ] as const)("returns 503 %s", async (when, containers) => {
    const { emulator } = await startWith({ kind: "serverError", status: 503, when });
    expect((await purge(emulator))?.status).toBe(503);
    expectHit(emulator, containers);
  });

  test.each([
    ["beforeEffect", untouched],
    ["afterEffect", purged],
  ] as const)("resets the connection %s", async (when, containers) => {
    const { emulator } = await startWith({ kind: "reset", when });
    expect(await purge(emulator)).toBeUndefined();
    expectHit(emulator, containers);
  });

  test("holds the response to a deletion that took effect, on both API versions", async () => {
    const then = { kind: "slow", when: "afterEffect" } as const;
    const { emulator } = await start({ seed, faults: [{ match: { method: "DELETE" }, times: 2, then }] });
    const disconnect = new AbortController();
    const v5 = sendAndDisconnect(emulator, "/ns/pr-42", undefined, disconnect.signal);
    const v3 = sendAndDisconnect(emulator, "/v3/documents/bulk", { containerTags: ["bystander"] }, disconnect.signal);
    await emulator.whenHeld(2);
    expectHit(emulator, { bystander: 0 });
    disconnect.abort();
    expect(await Promise.all([v5, v3])).toEqual(["disconnected", "disconnected"]);
    expect(emulator.requests.map(({ api, fault }) => [api, fault]).sort()).toEqual([
      ["v3", "slow"],
      ["v5", "slow"],
    ]);
  });

  test("holds a response before the effect until release()", async () => {
    const { emulator } = await startWith({ kind: "slow" });
    const reply = purge(emulator);
    await emulator.whenHeld();
    expect(emulator.containers()).toEqual(untouched);
    emulator.release();
    expect((await reply)?.body).toEqual({ count: 5, errors: [] });
    expectHit(emulator, purged);
  });

  test.each([
    ["html", "text/html; charset=utf-8"],
    ["json", "application/json"],
  ] as const)("returns 404 as %s that names nothing", async (as, type) => {
    const { emulator } = await startWith({ kind: "notFound", as });
    const reply = await purge(emulator);
    expect([reply?.status, reply?.type]).toEqual([404, type]);
    expectHit(emulator, untouched);
  });

  test("returns a body that is not JSON, after the effect", async () => {
    const { emulator } = await startWith({ kind: "notJson" });
    expect((await purge(emulator))?.text).toMatch(/^<html>/);
    expectHit(emulator, purged);
  });

  test("reports that a deletion is queued, without effect", async () => {
    const body = { status: "queued", operationId: "op_1", namespace: "pr-42", moveTo: "archive" };
    const match = { route: "v5.namespaces.delete" } as const;
    const then = { kind: "wrongShape", body, when: "beforeEffect" } as const;
    const { emulator } = await start({ seed, faults: [{ match, then }] });
    expect((await send(emulator, "DELETE", "/ns/pr-42")).body).toEqual(body);
    expectHit(emulator, untouched);
  });

  test("deletes only some of the documents and reports success, or a higher count", async () => {
    const { emulator } = await startWith({ kind: "partial", documents: 2 });
    expect((await purge(emulator))?.body).toEqual({ count: 2, errors: [] });
    emulator.addFault({ then: { kind: "partial", documents: 1, claims: 3 } });
    expect((await purge(emulator))?.body).toEqual({ count: 3, errors: [] });
    expectHit(emulator, { "pr-42": 2, bystander: 2 });
    expect(emulator.ledger).toMatchObject([{ count: 2 }, { count: 1 }]);
  });

  test.each([
    ["DELETE /ns/pr-42/document", "count"],
    ["DELETE /v3/documents/bulk", "deletedCount"],
  ])("by %s deletes some of the documents and returns a reason for the others", async (endpoint, field) => {
    const then = { kind: "partial", documents: 3, reason: "Internal error" } as const;
    const { emulator } = await start({ seed, faults: [{ then }] });
    const ids = emulator.documents("pr-42").map(({ id }) => id);
    const [method = "", path = ""] = endpoint.split(" ");
    const errors = ids.slice(3).map((id) => ({ id, error: "Internal error" }));
    expect((await send(emulator, method, path, { ids })).body).toMatchObject({ [field]: 3, errors });
    expectHit(emulator, { "pr-42": 2, bystander: 2 });
  });

  test("makes another client write to the namespace right after a deletion, and after a list", async () => {
    const { emulator } = await startWith({ kind: "lateWriter", documents: 3 });
    emulator.addFault({ match: { route: "v5.list" }, then: { kind: "lateWriter", documents: 1 } });
    expect((await purge(emulator))?.body).toMatchObject({ count: 5 });
    expect(await total(emulator, "pr-42")).toBe(3);
    expectHit(emulator, { "pr-42": 4, bystander: 2 });
  });

  test("makes the next lists of that namespace still return the deleted documents, on both API versions", async () => {
    const { emulator, client } = await startWith({ kind: "listLag", lists: 3 });
    await purge(emulator);
    expect([await total(emulator, "bystander"), await total(emulator, "pr-42")]).toEqual([2, 5]);
    expect((await client.documents.list({ ...inContainers("pr-42") })).pagination.totalItems).toBe(5);
    expect([await total(emulator, "pr-42"), await total(emulator, "pr-42")]).toEqual([5, 0]);
    expectHit(emulator, purged);
  });

  test("returns a lagging document once in the namespaces that keep it", async () => {
    const documents = { documents: 2, each: { alsoIn: ["other"] } };
    const then = { kind: "listLag", lists: 1 } as const;
    const { emulator } = await start({
      seed: { containers: { "pr-42": documents, bystander: 2 } },
      sharedDeletes: "namespace",
      faults: [{ then }],
    });
    await send(emulator, "DELETE", "/ns/pr-42");
    expect([await total(emulator, "other"), await total(emulator, "pr-42")]).toEqual([2, 2]);
    expectHit(emulator, { other: 2, bystander: 2 });
  });

  test("matches requests by API version and namespace", async () => {
    const match = { api: "v5", containerTag: "pr-42" } as const;
    const { emulator } = await start({ seed, faults: [{ match, then: { kind: "serverError" } }] });
    await send(emulator, "POST", "/v3/documents/list", { containerTags: ["pr-42"] });
    await total(emulator, "bystander");
    expect(emulator.unhitFaults()).toHaveLength(1);
    expect((await send(emulator, "GET", "/ns/pr-42")).status).toBe(500);
    expect(emulator.unhitFaults()).toEqual([]);
  });
});

function startWith(then: Fault): ReturnType<typeof start> {
  return start({ seed, faults: [{ match: { route: "v5.documents.delete" }, then }] });
}

/** Deletes the documents of pr-42 by ids. Undefined when the connection was reset. */
function purge(emulator: Emulator): Promise<Reply | undefined> {
  const ids = emulator.documents("pr-42").map(({ id }) => id);
  return send(emulator, "DELETE", "/ns/pr-42/document", { ids }).catch(() => undefined);
}

/** Sends a deletion. Resolves when the signal has disconnected the client. */
function sendAndDisconnect(
  { url, apiKey }: Emulator,
  path: string,
  body: unknown,
  signal: AbortSignal,
): Promise<unknown> {
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const headers = { authorization: `Bearer ${apiKey}`, "content-type": "application/json" };
  return fetch(url + path, { method: "DELETE", headers, signal, ...sent }).catch(() => "disconnected");
}

async function total(emulator: Emulator, namespace: string): Promise<number> {
  const { body } = await send(emulator, "POST", `/ns/${namespace}/list/documents`);
  return listed.parse(body).pagination.totalItems;
}

function expectHit(emulator: Emulator, containers: Readonly<Record<string, number>>): void {
  expect(emulator.unhitFaults()).toEqual([]);
  expect(emulator.containers()).toEqual(containers);
}
