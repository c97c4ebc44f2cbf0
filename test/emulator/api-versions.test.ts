import { createManualClock, type Emulator } from "../../emulator/index";
import { expectHit, send, start } from "./support/running";

const seed = { containers: { "pr-42": 2, bystander: 1 } };
const off = { error: "Not Found" };
const retired = "this version of the API has been retired";
const gone = { error: "Gone", details: retired };

describe("an API version", () => {
  test.each([
    ["off", 404, off],
    ["gone", 410, gone],
  ] as const)("that is %s returns %d on every route, known or not, with any key", async (state, status, body) => {
    const { emulator } = await start({ seed, v3: state });
    const replies = [
      await send(emulator, "POST", "/v3/documents/list", { containerTags: ["pr-42"] }),
      await send(emulator, "DELETE", "/v3/documents/bulk", { containerTags: ["pr-42"] }),
      await send(emulator, "DELETE", "/v3/container-tags/pr-42", undefined, "unknown key"),
      await send(emulator, "GET", "/v3/container-tags/unknown", undefined, ""),
      await send(emulator, "GET", "/v3/what-is-this"),
    ];
    expect(replies.map((reply) => [reply.status, reply.body])).toEqual(replies.map(() => [status, body]));
    expect(await statuses(emulator)).toEqual([status, 200]);
    expect(emulator.containers()).toEqual(seed.containers);
    expect(emulator.requests[1]).toMatchObject({ route: "documents.deleteBulk", mutating: true, status, fault: null });
  });

  test.each([
    ["badRequest", 400],
    ["unauthorized", 401],
    ["forbidden", 403],
    ["blocked", 403],
    ["notAllowed", 405],
    ["moved", 301],
    ["upgradeRequired", 426],
    ["legal", 451],
    ["notImplemented", 501],
    ["unavailable", 503],
    ["page", 200],
  ] as const)("can end as %s, with status %d and no effect", async (v3, status) => {
    const { emulator } = await start({ seed, v3 });
    expect(await statuses(emulator)).toEqual([status, 200]);
    const deleted = await send(emulator, "DELETE", "/v3/documents/bulk", { containerTags: ["pr-42"] });
    expect([deleted.status, JSON.stringify(deleted)]).toEqual([status, expect.stringContaining(retired)]);
    expect(emulator.containers()).toEqual(seed.containers);
  });

  test("is switched off for a time, and then is on again", async () => {
    const clock = createManualClock();
    const then = { kind: "switchOff", as: "gone", forMs: 5_000 } as const;
    const { emulator } = await start({ seed, clock, faults: [{ match: { api: "v3" }, then }] });
    expect(await statuses(emulator)).toEqual([410, 200]);
    clock.advance(4_999);
    expect(await statuses(emulator)).toEqual([410, 200]);
    clock.advance(1);
    expect(await statuses(emulator)).toEqual([200, 200]);
  });

  test("flickers: a switch for no time only affects its own request", async () => {
    const then = { kind: "switchOff", forMs: 0 } as const;
    const { emulator } = await start({ seed, faults: [{ match: { api: "v3" }, then }] });
    expect(await statuses(emulator)).toEqual([404, 200]);
    expect(await statuses(emulator)).toEqual([200, 200]);
  });

  test("can be v5 that is off from the start", async () => {
    const { emulator } = await start({ seed, v5: "off" });
    expect(await statuses(emulator)).toEqual([200, 404]);
    expect((await send(emulator, "GET", "/namespaces")).body).toEqual(off);
    expect((await send(emulator, "DELETE", "/ns/pr-42")).body).toEqual(off);
    expect(emulator.containers()).toEqual(seed.containers);
  });

  test("is switched off by the request that the rule hits, which has no effect, and remains off", async () => {
    const then = { kind: "switchOff" } as const;
    const { emulator } = await start({ seed, faults: [{ match: { api: "v3" }, nth: 3, then }] });
    for (const expected of Array(2).fill([200, 200])) expect(await statuses(emulator)).toEqual(expected);
    const { status, body } = await send(emulator, "DELETE", "/v3/documents/bulk", { containerTags: ["pr-42"] });
    expect([status, body]).toEqual([404, off]);
    for (const expected of Array(2).fill([404, 200])) expect(await statuses(emulator)).toEqual(expected);
    expectHit(emulator, seed.containers);
  });

  test("is switched off right after the request that the rule hits, which takes effect", async () => {
    const match = { route: "documents.deleteBulk" } as const;
    const then = { kind: "switchOff", as: "gone", when: "afterEffect" } as const;
    const { emulator } = await start({ seed, faults: [{ match, then }] });
    const { body } = await send(emulator, "DELETE", "/v3/documents/bulk", { containerTags: ["pr-42"] });
    expect(body).toMatchObject({ success: true, deletedCount: 2 });
    expect(await statuses(emulator)).toEqual([410, 200]);
    expect(emulator.containers()).toEqual({ "pr-42": 0, bystander: 1 });
  });

  test("can be v5 that a rule switches off", async () => {
    const { emulator } = await start({ seed, faults: [{ match: { api: "v5" }, then: { kind: "switchOff" } }] });
    expect(await statuses(emulator)).toEqual([200, 404]);
    expect(await statuses(emulator)).toEqual([200, 404]);
  });

  test("is not switched off by a request to another path", async () => {
    const { emulator } = await start({ seed, faults: [{ then: { kind: "switchOff" } }] });
    await send(emulator, "GET", "/v40/documents");
    await send(emulator, "GET", "/nsx");
    expect(emulator.unhitFaults()).toHaveLength(1);
  });

  test("that is off is not hit by faults", async () => {
    const faults = [{ then: { kind: "lateWriter", documents: 1, containerTag: "pr-42" } }] as const;
    const { emulator } = await start({ seed, v3: "off", faults });
    await send(emulator, "DELETE", "/v3/documents/bulk", { containerTags: ["pr-42"] });
    expect(emulator.unhitFaults()).toHaveLength(1);
    expect(emulator.containers()).toEqual(seed.containers);
  });

  test("is switched by switchApi, and back by a reset", async () => {
    const { emulator } = await start({ seed });
    emulator.switchApi("v3", "gone");
    expect(await statuses(emulator)).toEqual([410, 200]);
    emulator.switchApi("v3", "on");
    emulator.switchApi("v5", "off");
    expect(await statuses(emulator)).toEqual([200, 404]);
    emulator.reset();
    expect(await statuses(emulator)).toEqual([200, 200]);
  });
});

async function statuses(emulator: Emulator): Promise<readonly number[]> {
  const v3 = await send(emulator, "POST", "/v3/documents/list", { containerTags: ["pr-42"] });
  const v5 = await send(emulator, "POST", "/ns/pr-42/list/documents");
  return [v3.status, v5.status];
}
