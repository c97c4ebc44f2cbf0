import type { Emulator, Fault, RouteName } from "../../emulator/index";
import { emptied, expectHit, idsOf, type Reply, send, start, total } from "./support/running";

const seed = { containers: { "pr-42": 5, bystander: 2 } };
const untouched = seed.containers;
const purged = { "pr-42": 0, bystander: 2 };
const date = "Wed, 21 Oct 2026 07:28:00 GMT";
const limited = { error: "Too many requests", details: "rate limit exceeded" };
// Source: conflict note 4 of the vendor's v5 document as of 2026-11-23.
const limitedByCode = { error: "Too Many Requests", code: "RATE_LIMITED", retryAfterSeconds: 7 };

type Ask = (ids: readonly string[]) => readonly [path: string, body?: unknown];

/** Every route that deletes, its request, and the documents that remain. */
const routes: readonly [route: RouteName, ask: Ask, remaining: Readonly<Record<string, number>>][] = [
  ["documents.deleteBulk", (ids) => ["/v3/documents/bulk", { ids }], purged],
  ["documents.deleteBulk", () => ["/v3/documents/bulk", { containerTags: ["pr-42"] }], purged],
  ["documents.delete", ([id = ""]) => [`/v3/documents/${id}`], { "pr-42": 4, bystander: 2 }],
  ["containerTags.delete", () => ["/v3/container-tags/pr-42"], { bystander: 2 }],
  ["v5.documents.delete", (ids) => ["/ns/pr-42/document", { ids }], purged],
  ["v5.namespaces.delete", () => ["/ns/pr-42"], { bystander: 2 }],
];

describe("a fault of a deletion", () => {
  test.each(routes)("by %s holds its response after the effect, and the client disconnects", async (...row) => {
    const [route, ask, remaining] = row;
    const { emulator } = await startWith(route, { kind: "slow", when: "afterEffect" });
    const disconnect = new AbortController();
    const reply = deleteWith(emulator, ask, disconnect.signal);
    await emulator.whenHeld();
    expectHit(emulator, remaining);
    disconnect.abort();
    expect(await reply).toBeUndefined();
    expectHit(emulator, remaining);
  });

  test.each(routes)("by %s holds it before the effect, which then never happens", async (route, ask) => {
    const { emulator } = await startWith(route, { kind: "slow" });
    const disconnect = new AbortController();
    const reply = deleteWith(emulator, ask, disconnect.signal);
    await emulator.whenHeld();
    disconnect.abort();
    expect(await reply).toBeUndefined();
    await emptied(emulator);
    expect(emulator.ledger).toEqual([]);
    expectHit(emulator, untouched);
  });

  test.each(routes)("by %s resets the connection, before or after the effect", async (route, ask, remaining) => {
    const { emulator } = await startWith(route, { kind: "reset", when: "beforeEffect" });
    emulator.addFault({ match: { route }, then: { kind: "reset", when: "afterEffect" } });
    expect(await deleteWith(emulator, ask)).toBeUndefined();
    expect(emulator.containers()).toEqual(untouched);
    expect(await deleteWith(emulator, ask)).toBeUndefined();
    expectHit(emulator, remaining);
    expect(emulator.ledger).toMatchObject([{ request: 2 }]);
  });

  test.each(routes)("by %s returns a 5xx, before or after the effect", async (route, ask, remaining) => {
    const { emulator } = await startWith(route, { kind: "serverError" });
    emulator.addFault({ match: { route }, then: { kind: "serverError", status: 502, when: "afterEffect" } });
    expect((await deleteWith(emulator, ask))?.status).toBe(500);
    expect(emulator.containers()).toEqual(untouched);
    expect((await deleteWith(emulator, ask))?.status).toBe(502);
    expectHit(emulator, remaining);
  });

  test.each(routes)("by %s returns 409 while the container is busy", async (route, ask, remaining) => {
    const { emulator } = await start({ seed, faults: [{ times: 2, then: { kind: "busy" } }] });
    await total(emulator, "v5", "pr-42");
    const statuses = [await deleteWith(emulator, ask), await deleteWith(emulator, ask)].map((reply) => reply?.status);
    expect(statuses).toEqual([409, 409]);
    expect(emulator.containers()).toEqual(untouched);
    expect((await deleteWith(emulator, ask))?.status).toBe(route === "documents.delete" ? 204 : 200);
    expectHit(emulator, remaining);
  });

  test.each(["beforeEffect", "afterEffect"] as const)("holds responses %s until release()", async (when) => {
    const { emulator } = await start({ seed, faults: [{ times: 2, then: { kind: "slow", when } }] });
    const replies = [send(emulator, "DELETE", "/ns/pr-42"), send(emulator, "DELETE", "/v3/container-tags/bystander")];
    await emulator.whenHeld(2);
    expectHit(emulator, when === "beforeEffect" ? untouched : {});
    emulator.release();
    expect((await Promise.all(replies)).map(({ status }) => status)).toEqual([200, 200]);
    expectHit(emulator, {});
  });
});

test("a 429 can have further headers", async () => {
  const headers = { "retry-after-ms": "1500", "x-ratelimit-reset": "7" };
  const { emulator } = await start({ seed, faults: [{ then: { kind: "rateLimit", headers } }] });
  const reply = await send(emulator, "DELETE", "/v3/container-tags/bystander");
  expect([reply.status, ...Object.keys(headers).map((name) => reply.headers.get(name))]).toEqual([429, "1500", "7"]);
  expect(reply.headers.get("retry-after")).toBeNull();
});

test("whenHeld() times out when no response is held", async () => {
  const { emulator } = await start({ seed });
  await expect(emulator.whenHeld(2, 1)).rejects.toThrow("0 of 2 responses were held back after 1 ms");
});

const apis = [
  ["v3", "documents.deleteBulk", "deletedCount"],
  ["v5", "v5.documents.delete", "count"],
] as const;

describe.each(apis)("a fault on %s", (api, route, count) => {
  test.each<[Fault, Readonly<Record<string, unknown>>, Readonly<Record<string, number>>]>([
    [{ kind: "rateLimit", retryAfter: 7 }, { status: 429, retryAfter: "7", body: limited }, untouched],
    [{ kind: "rateLimit", retryAfter: 7, shape: "code" }, { retryAfter: "7", body: limitedByCode }, untouched],
    [{ kind: "rateLimit", retryAfter: date }, { retryAfter: date }, untouched],
    [{ kind: "rateLimit" }, { status: 429, retryAfter: null }, untouched],
    [{ kind: "slow", ms: 5 }, { status: 200 }, purged],
    [{ kind: "notFound", as: "html" }, { status: 404, type: "text/html; charset=utf-8" }, untouched],
    [{ kind: "notFound", as: "json" }, { status: 404, body: { error: "Not Found" } }, untouched],
    [{ kind: "notJson" }, { status: 200, text: expect.stringMatching(/^<html>/) as unknown }, purged],
    [{ kind: "wrongShape", body: { a: 1 }, when: "beforeEffect" }, { status: 200, body: { a: 1 } }, untouched],
    [{ kind: "partial", documents: 2 }, { body: { [count]: 2 } }, { "pr-42": 3, bystander: 2 }],
    [{ kind: "partial", documents: 2, claims: 5 }, { body: { [count]: 5 } }, { "pr-42": 3, bystander: 2 }],
    [{ kind: "lateWriter", documents: 3 }, { body: { [count]: 5 } }, { "pr-42": 3, bystander: 2 }],
  ])("%j gets %j, and leaves %j", async (then, expected, containers) => {
    const { emulator } = await startWith(route, then);
    const reply = await purge(emulator, api);
    expect({ ...reply, retryAfter: reply?.headers.get("retry-after") }).toMatchObject(expected);
    expectHit(emulator, containers);
    if (then.kind === "partial") expect(emulator.ledger).toMatchObject([{ count: 2 }]);
  });

  test("makes another client write right after a list", async () => {
    const match = { route: api === "v3" ? "documents.list" : "v5.list" } as const;
    const { emulator } = await start({ seed, faults: [{ match, then: { kind: "lateWriter", documents: 1 } }] });
    expect(await total(emulator, api, "pr-42")).toBe(5);
    expectHit(emulator, { "pr-42": 6, bystander: 2 });
  });

  test("makes the next lists of that container, on both versions, still return the deleted documents", async () => {
    const { emulator } = await startWith(route, { kind: "listLag", lists: 3 });
    await purge(emulator, api);
    const totals: number[] = [];
    for (const tag of ["bystander", "pr-42", "bystander", "pr-42"]) totals.push(await total(emulator, api, tag));
    for (const other of ["v3", "v5"] as const) totals.push(await total(emulator, other, "pr-42"));
    expect(totals).toEqual([2, 5, 2, 5, 5, 0]);
    expectHit(emulator, purged);
  });
});

describe("a fault on v5", () => {
  test("returns a lagging document once in the namespaces that keep it", async () => {
    const documents = { documents: 2, each: { alsoIn: ["other"] } };
    const { emulator } = await start({
      seed: { containers: { "pr-42": documents, bystander: 2 } },
      sharedDeletes: "namespace",
      faults: [{ then: { kind: "listLag", lists: 1 } }],
    });
    await send(emulator, "DELETE", "/ns/pr-42");
    expect([await total(emulator, "v5", "other"), await total(emulator, "v5", "pr-42")]).toEqual([2, 2]);
    expectHit(emulator, { other: 2, bystander: 2 });
  });

  test("hits requests of its API version and namespace only", async () => {
    const match = { api: "v5", containerTag: "pr-42" } as const;
    const { emulator } = await start({ seed, faults: [{ match, then: { kind: "serverError" } }] });
    await total(emulator, "v3", "pr-42");
    await total(emulator, "v5", "bystander");
    expect(emulator.unhitFaults()).toHaveLength(1);
    expect((await send(emulator, "GET", "/ns/pr-42")).status).toBe(500);
    expectHit(emulator, untouched);
  });
});

function startWith(route: RouteName, then: Fault): ReturnType<typeof start> {
  return start({ seed, faults: [{ match: { route }, then }] });
}

/** Deletes the documents of pr-42: on v3 by tag, on v5 by ids. Undefined when the connection was reset. */
function purge(emulator: Emulator, api: "v3" | "v5"): Promise<Reply | undefined> {
  return deleteWith(emulator, (ids) =>
    api === "v3" ? ["/v3/documents/bulk", { containerTags: ["pr-42"] }] : ["/ns/pr-42/document", { ids }],
  );
}

/** The response; undefined when the connection was reset or the signal disconnected the client. */
function deleteWith(emulator: Emulator, ask: Ask, signal?: AbortSignal): Promise<Reply | undefined> {
  const [path, body] = ask(idsOf(emulator));
  return send(emulator, "DELETE", path, body, emulator.apiKey, signal).catch(() => undefined);
}
