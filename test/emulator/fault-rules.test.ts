import type { FaultRule } from "../../emulator/index";
import { purge, send, start } from "./support/running";

const seed = { containers: { "pr-42": 5, bystander: 2 } };

describe("a fault rule", () => {
  test("hits the nth matching request, and as many as `times` allows", async () => {
    const match = { method: "POST", path: "/v3/documents*", containerTag: "pr-42" } as const;
    const { emulator } = await start({ seed, faults: [{ match, nth: 2, times: 2, then: { kind: "serverError" } }] });
    const list = async (tag: string): Promise<number> =>
      (await send(emulator, "POST", "/v3/documents/list", { containerTags: [tag] })).status;
    const statuses: number[] = [];
    for (const tag of ["bystander", "pr-42", "pr-42", "bystander", "pr-42", "pr-42"]) statuses.push(await list(tag));
    expect(statuses).toEqual([200, 200, 500, 200, 500, 200]);
    expect(emulator.faults[0]?.hits).toBe(2);
  });

  test("hits a request only once, in the order of the rules", async () => {
    const { emulator } = await start({ seed, faults: [{ then: { kind: "serverError", status: 502 } }] });
    emulator.addFault({ name: "second", then: { kind: "serverError", status: 503 } });
    expect([(await purge(emulator))?.status, (await purge(emulator))?.status]).toEqual([502, 503]);
    expect(emulator.requests.map(({ fault }) => fault)).toEqual(["serverError", "second"]);
  });

  test("that has hit no request is in unhitFaults, until it is removed", async () => {
    const rule: FaultRule = { match: { route: "session.get" }, then: { kind: "serverError" } };
    const { emulator } = await start({ seed });
    const fault = emulator.addFault(rule);
    await purge(emulator);
    expect(emulator.unhitFaults()).toEqual([rule]);
    fault.remove();
    expect(emulator.unhitFaults()).toEqual([]);
  });

  test("of deletions does not count requests that delete nothing", async () => {
    const { emulator, client } = await start({ seed, faults: [{ then: { kind: "partial", documents: 1 } }] });
    await client.documents.list({});
    expect(emulator.unhitFaults()).toHaveLength(1);
    expect((await purge(emulator))?.body).toMatchObject({ deletedCount: 1 });
    expect(emulator.unhitFaults()).toEqual([]);
    expect(emulator.containers()).toEqual({ "pr-42": 4, bystander: 2 });
  });

  test.each([{ nth: 0 }, { nth: 1.5 }, { times: 0 }, { times: -1 }])("is refused with %j", async (numbers) => {
    const { emulator } = await start();
    expect(() => emulator.addFault({ ...numbers, then: { kind: "serverError" } })).toThrow(/allowed: 1, 2/);
  });
});
