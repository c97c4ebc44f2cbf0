import type { Emulator, Fault, RouteName } from "../../emulator/index";
import { emptied, type Reply, send, start } from "./support/running";

const seed = { containers: { "pr-42": 3, bystander: 2 } };

type Ask = (ids: readonly string[]) => readonly [path: string, body?: unknown];

/** Every route that deletes, its request, and the documents that remain. */
const routes: readonly [route: RouteName, ask: Ask, remaining: Readonly<Record<string, number>>][] = [
  ["documents.deleteBulk", (ids) => ["/v3/documents/bulk", { ids }], { "pr-42": 0, bystander: 2 }],
  ["documents.deleteBulk", () => ["/v3/documents/bulk", { containerTags: ["pr-42"] }], { "pr-42": 0, bystander: 2 }],
  ["documents.delete", ([id = ""]) => [`/v3/documents/${id}`], { "pr-42": 2, bystander: 2 }],
  ["containerTags.delete", () => ["/v3/container-tags/pr-42"], { bystander: 2 }],
  ["v5.documents.delete", (ids) => ["/ns/pr-42/document", { ids }], { "pr-42": 0, bystander: 2 }],
  ["v5.namespaces.delete", () => ["/ns/pr-42"], { bystander: 2 }],
];

describe("the response to a deletion", () => {
  test.each(routes)("by %s is held after the effect until the client disconnects", async (route, ask, remaining) => {
    const { emulator } = await startWith(route, { kind: "slow", when: "afterEffect" });
    const disconnect = new AbortController();
    const reply = sendAndDisconnect(emulator, ask, disconnect.signal);
    await emulator.whenHeld();
    expectHit(emulator, remaining);
    disconnect.abort();
    expect(await reply).toBe("disconnected");
    expectHit(emulator, remaining);
  });

  test.each(routes)(
    "by %s is held before the effect, which never happens when the client disconnects",
    async (route, ask) => {
      const { emulator } = await startWith(route, { kind: "slow" });
      const disconnect = new AbortController();
      const reply = sendAndDisconnect(emulator, ask, disconnect.signal);
      await emulator.whenHeld();
      disconnect.abort();
      expect(await reply).toBe("disconnected");
      await emptied(emulator);
      expect(emulator.ledger).toEqual([]);
      expectHit(emulator, seed.containers);
    },
  );

  test.each(routes)("by %s is lost with the connection, before or after the effect", async (route, ask, remaining) => {
    const { emulator } = await startWith(route, { kind: "reset", when: "beforeEffect" });
    emulator.addFault({ match: { route }, then: { kind: "reset", when: "afterEffect" } });
    expect(await sendDeletion(emulator, ask)).toBeUndefined();
    expect(emulator.containers()).toEqual(seed.containers);
    expect(await sendDeletion(emulator, ask)).toBeUndefined();
    expectHit(emulator, remaining);
  });

  test.each(routes)("by %s is a 5xx, before or after the effect", async (route, ask, remaining) => {
    const { emulator } = await startWith(route, { kind: "serverError" });
    emulator.addFault({ match: { route }, then: { kind: "serverError", status: 502, when: "afterEffect" } });
    expect((await sendDeletion(emulator, ask))?.status).toBe(500);
    expect(emulator.containers()).toEqual(seed.containers);
    expect((await sendDeletion(emulator, ask))?.status).toBe(502);
    expectHit(emulator, remaining);
  });

  test.each(routes)("by %s is a 409 while the container is busy", async (route, ask, remaining) => {
    const { emulator } = await start({ seed, faults: [{ times: 2, then: { kind: "busy" } }] });
    await send(emulator, "POST", "/ns/pr-42/list/documents");
    expect([(await sendDeletion(emulator, ask))?.status, (await sendDeletion(emulator, ask))?.status]).toEqual([
      409, 409,
    ]);
    expect(emulator.containers()).toEqual(seed.containers);
    expect((await sendDeletion(emulator, ask))?.status).toBe(route === "documents.delete" ? 204 : 200);
    expectHit(emulator, remaining);
  });
});

function startWith(route: RouteName, then: Fault): ReturnType<typeof start> {
  return start({ seed, faults: [{ match: { route }, then }] });
}

function idsOf(emulator: Emulator): readonly string[] {
  return emulator.documents("pr-42").map(({ id }) => id);
}

/** The response; undefined when the connection was reset. */
function sendDeletion(emulator: Emulator, ask: Ask): Promise<Reply | undefined> {
  const [path, body] = ask(idsOf(emulator));
  return send(emulator, "DELETE", path, body).catch(() => undefined);
}

function sendAndDisconnect(emulator: Emulator, ask: Ask, signal: AbortSignal): Promise<unknown> {
  const [path, body] = ask(idsOf(emulator));
  const headers = { authorization: `Bearer ${emulator.apiKey}`, "content-type": "application/json" };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  return fetch(emulator.url + path, { method: "DELETE", headers, signal, ...sent }).catch(() => "disconnected");
}

function expectHit(emulator: Emulator, containers: Readonly<Record<string, number>>): void {
  expect(emulator.unhitFaults()).toEqual([]);
  expect(emulator.containers()).toEqual(containers);
}
