import type { Emulator, Fault, RouteName } from "../../emulator/index";
import { emptied, type Reply, send, start } from "./support/running";

const seed = { containers: { "pr-42": 3, bystander: 2 } };

type Ask = (ids: readonly string[]) => readonly [path: string, body?: unknown];

/** Every route that deletes, what it is sent, and what is left afterwards. */
const routes: readonly [route: RouteName, ask: Ask, left: Readonly<Record<string, number>>][] = [
  ["documents.deleteBulk", (ids) => ["/v3/documents/bulk", { ids }], { "pr-42": 0, bystander: 2 }],
  ["documents.deleteBulk", () => ["/v3/documents/bulk", { containerTags: ["pr-42"] }], { "pr-42": 0, bystander: 2 }],
  ["documents.delete", ([id = ""]) => [`/v3/documents/${id}`], { "pr-42": 2, bystander: 2 }],
  ["containerTags.delete", () => ["/v3/container-tags/pr-42"], { bystander: 2 }],
  ["v5.documents.delete", (ids) => ["/ns/pr-42/document", { ids }], { "pr-42": 0, bystander: 2 }],
  ["v5.namespaces.delete", () => ["/ns/pr-42"], { bystander: 2 }],
];

describe("the answer of a deletion", () => {
  test.each(routes)("by %s is held after the effect until the client leaves", async (route, ask, gone) => {
    const { emulator } = await startWith(route, { kind: "slow", when: "afterEffect" });
    const leaving = new AbortController();
    const reply = leave(emulator, ask, leaving.signal);
    await emulator.whenHeld();
    expectHit(emulator, gone);
    leaving.abort();
    expect(await reply).toBe("left");
    expectHit(emulator, gone);
  });

  test.each(routes)(
    "by %s is held before the effect, which does not come when the client leaves",
    async (route, ask) => {
      const { emulator } = await startWith(route, { kind: "slow" });
      const leaving = new AbortController();
      const reply = leave(emulator, ask, leaving.signal);
      await emulator.whenHeld();
      leaving.abort();
      expect(await reply).toBe("left");
      await emptied(emulator);
      expect(emulator.ledger).toEqual([]);
      expectHit(emulator, seed.containers);
    },
  );

  test.each(routes)("by %s is lost with the connection, after the effect or before", async (route, ask, gone) => {
    const { emulator } = await startWith(route, { kind: "reset", when: "beforeEffect" });
    emulator.addFault({ match: { route }, then: { kind: "reset", when: "afterEffect" } });
    expect(await ended(emulator, ask)).toBeUndefined();
    expect(emulator.containers()).toEqual(seed.containers);
    expect(await ended(emulator, ask)).toBeUndefined();
    expectHit(emulator, gone);
  });

  test.each(routes)("by %s is a 500, after the effect or before", async (route, ask, gone) => {
    const { emulator } = await startWith(route, { kind: "serverError" });
    emulator.addFault({ match: { route }, then: { kind: "serverError", status: 502, when: "afterEffect" } });
    expect((await ended(emulator, ask))?.status).toBe(500);
    expect(emulator.containers()).toEqual(seed.containers);
    expect((await ended(emulator, ask))?.status).toBe(502);
    expectHit(emulator, gone);
  });

  test.each(routes)("by %s is a 409 as often as the container is busy", async (route, ask, gone) => {
    const { emulator } = await start({ seed, faults: [{ times: 2, then: { kind: "busy" } }] });
    await send(emulator, "POST", "/ns/pr-42/list/documents");
    expect([(await ended(emulator, ask))?.status, (await ended(emulator, ask))?.status]).toEqual([409, 409]);
    expect(emulator.containers()).toEqual(seed.containers);
    expect((await ended(emulator, ask))?.status).toBe(route === "documents.delete" ? 204 : 200);
    expectHit(emulator, gone);
  });
});

function startWith(route: RouteName, then: Fault): ReturnType<typeof start> {
  return start({ seed, faults: [{ match: { route }, then }] });
}

function idsOf(emulator: Emulator): readonly string[] {
  return emulator.documents("pr-42").map(({ id }) => id);
}

/** The answer; undefined when the connection was reset. */
function ended(emulator: Emulator, ask: Ask): Promise<Reply | undefined> {
  const [path, body] = ask(idsOf(emulator));
  return send(emulator, "DELETE", path, body).catch(() => undefined);
}

function leave(emulator: Emulator, ask: Ask, signal: AbortSignal): Promise<unknown> {
  const [path, body] = ask(idsOf(emulator));
  const headers = { authorization: `Bearer ${emulator.apiKey}`, "content-type": "application/json" };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  return fetch(emulator.url + path, { method: "DELETE", headers, signal, ...sent }).catch(() => "left");
}

function expectHit(emulator: Emulator, containers: Readonly<Record<string, number>>): void {
  expect(emulator.unhitFaults()).toEqual([]);
  expect(emulator.containers()).toEqual(containers);
}
