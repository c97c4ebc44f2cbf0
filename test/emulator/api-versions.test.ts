import type { Emulator } from "../../emulator/index";
import { expectHit, send, start } from "./support/running";

const seed = { containers: { "pr-42": 2, bystander: 1 } };
const off = { error: "Not Found" };
const gone = { error: "Gone", details: "this version of the API has been retired" };

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
