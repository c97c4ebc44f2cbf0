import { Agent, get } from "node:http";
import { createManualClock } from "../../emulator/index";
import { openEmulator } from "../wire/emulator";
import { inContainers, send, start } from "./support/running";

const seed = { containers: { "pr-42": 3, production: 1 } };

describe("the emulator", () => {
  test("listens on the loopback interface, on a free port", async () => {
    const [one, other] = [await start(), await start()];
    expect(one.emulator.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(other.emulator.url).not.toBe(one.emulator.url);
  });

  test("refuses a port that is in use", async () => {
    const { emulator } = await start();
    await expect(openEmulator({ port: Number(new URL(emulator.url).port) })).rejects.toThrow("EADDRINUSE");
  });

  test("returns to its seed and its faults on reset, and clears requests and ledger", async () => {
    const faults = [{ match: { route: "session.get" }, then: { kind: "serverError" } }] as const;
    const { emulator, client } = await start({ seed, faults });
    const before = emulator.documents();
    await client.documents.deleteBulk({ ...inContainers("pr-42") });
    await client.documents.add({ content: "text", containerTag: "pr-43" });
    await send(emulator, "GET", "/v3/session");
    emulator.addFault({ then: { kind: "serverError" } });
    emulator.reset();
    expect(emulator.containers()).toEqual({ "pr-42": 3, production: 1 });
    expect(emulator.documents().map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    expect([emulator.requests, emulator.ledger, emulator.faults.map(({ hits }) => hits)]).toEqual([[], [], [0]]);
  });

  test("accepts another seed while it runs, which a reset removes", async () => {
    const { emulator } = await start({ seed });
    emulator.seed({ containers: { "pr-42": 2, "pr-43": 4 } });
    expect(emulator.containers()).toEqual({ "pr-42": 5, production: 1, "pr-43": 4 });
    emulator.reset();
    expect(emulator.containers()).toEqual(seed.containers);
  });

  test("closes while clients keep their connections and wait for held responses", async () => {
    const emulator = await openEmulator({ seed, faults: [{ nth: 2, then: { kind: "slow" } }] });
    const agent = new Agent({ keepAlive: true });
    const headers = { authorization: `Bearer ${emulator.apiKey}` };
    await new Promise((resolve) => {
      get(`${emulator.url}/v3/session`, { agent, headers }, (response) => response.resume().once("end", resolve));
    });
    const waiting = send(emulator, "DELETE", "/v3/container-tags/pr-42").catch(() => "cut off");
    await emulator.whenHeld();
    await emulator.close();
    expect(await waiting).toBe("cut off");
    expect(emulator.containers()).toEqual(seed.containers);
    agent.destroy();
  });

  test("drops held responses on reset, without effect", async () => {
    const { emulator } = await start({ seed, faults: [{ then: { kind: "slow" } }] });
    const waiting = send(emulator, "DELETE", "/v3/container-tags/pr-42").catch(() => "cut off");
    await emulator.whenHeld();
    emulator.reset();
    expect(await waiting).toBe("cut off");
    expect(emulator.containers()).toEqual(seed.containers);
  });

  test("gives every document a later date than the previous one, and no seeded document a future date", async () => {
    const clock = createManualClock("2026-01-01T00:00:00Z");
    const { emulator, client } = await start({ seed, clock });
    await client.documents.batchAdd({ documents: ["a", "b"], containerTag: "pr-42" });
    const times = emulator.documents().map(({ createdAt }) => createdAt - clock.now());
    expect(times).toEqual([-4, -3, -2, -1, 0, 1]);
  });

  test("stores a million documents, lists any page of them and deletes them exactly", async () => {
    const { emulator, client } = await start({ seed: { containers: { big: 1_000_000, bystander: 2 } } });
    const middle = await client.documents.list({ ...inContainers("big"), limit: 100, page: 5_000 });
    expect(middle.pagination).toMatchObject({ totalItems: 1_000_000, totalPages: 10_000 });
    await client.documents.deleteBulk({ ids: middle.memories.map(({ id }) => id) });
    const after = await client.documents.list({ ...inContainers("big"), limit: 100, page: 5_000 });
    expect(after.memories.some(({ id }) => middle.memories.some((deleted) => deleted.id === id))).toBe(false);
    expect(await client.documents.deleteBulk({ ...inContainers("big") })).toMatchObject({ deletedCount: 999_900 });
    expect(emulator.containers()).toEqual({ big: 0, bystander: 2 });
  });
});
