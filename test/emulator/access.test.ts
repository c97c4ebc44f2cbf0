import { createHash } from "node:crypto";
import { clientOf, inContainers, send, start, statusOf } from "./support/running";
import { apiKeys, seed } from "./support/keys";

describe("access", () => {
  test("is refused without a key and with an unknown one, which the response does not repeat", async () => {
    const { emulator } = await start({ seed });
    const without = await send(emulator, "GET", "/v3/container-tags/list", undefined, "");
    const unknown = await send(emulator, "GET", "/v3/container-tags/list", undefined, "sm_secret");
    expect([without.status, without.body]).toEqual([
      401,
      { error: "Unauthorized", details: "no API key: send Authorization: Bearer <key>" },
    ]);
    expect([unknown.status, unknown.body]).toEqual([401, { error: "Unauthorized", details: "unknown API key" }]);
  });

  test("by key is logged with the key's hash, never with the key", async () => {
    const { emulator } = await start({ seed });
    await send(emulator, "GET", "/v3/container-tags/list", undefined, "sm_secret");
    expect(emulator.requests[0]?.keyId).toBe(createHash("sha256").update("sm_secret").digest("hex").slice(0, 8));
    expect(JSON.stringify(emulator.requests)).not.toContain("sm_secret");
  });

  test.each([
    ["owner-key", undefined],
    ["admin-key", undefined],
    ["member-key", 403],
    ["reader-key", 403],
  ])("to delete a container: %s gets %s", async (key, status) => {
    const { emulator } = await start({ seed, apiKeys });
    const call = clientOf(emulator, key).delete("/v3/container-tags/pr-42");
    expect(await statusOf(call)).toBe(status);
    expect(emulator.containers()).toEqual(status === undefined ? { production: 2 } : { "pr-42": 3, production: 2 });
  });

  test("to delete documents is allowed for a member", async () => {
    const { emulator } = await start({ seed, apiKeys });
    await clientOf(emulator, "member-key").documents.deleteBulk({ ...inContainers("pr-42") });
    expect(emulator.containers()).toEqual({ "pr-42": 0, production: 2 });
  });

  test("without the right to delete allows reading and adding, but no deletion", async () => {
    const { emulator } = await start({ seed, apiKeys });
    const client = clientOf(emulator, "reader-key");
    const { id } = await client.documents.add({ content: "text", containerTag: "pr-42" });
    expect(await statusOf(client.documents.delete(id))).toBe(403);
    expect(await statusOf(client.documents.deleteBulk({ ...inContainers("pr-42") }))).toBe(403);
    expect(emulator.containers()).toEqual({ "pr-42": 4, production: 2 });
  });

  test("by a scoped key is limited to its own tags", async () => {
    const { emulator } = await start({ seed, apiKeys });
    const client = clientOf(emulator, "scoped-key");
    const [foreign] = emulator.documents("production");
    expect((await client.documents.list({})).pagination.totalItems).toBe(3);
    expect(await statusOf(client.documents.list({ ...inContainers("production") }))).toBe(403);
    expect(await statusOf(client.documents.get(foreign?.id ?? ""))).toBe(404);
    expect(await statusOf(client.documents.add({ content: "text", containerTag: "production" }))).toBe(403);
    expect(await client.documents.deleteBulk({ ids: [foreign?.id ?? ""] })).toMatchObject({ deletedCount: 0 });
    expect(await statusOf(client.documents.deleteBulk({ ...inContainers("production") }))).toBe(403);
    expect((await send(emulator, "GET", "/v3/container-tags/list", undefined, "scoped-key")).body).toMatchObject([
      { containerTag: "pr-42" },
    ]);
    expect(emulator.containers()).toEqual({ "pr-42": 3, production: 2 });
  });
});
