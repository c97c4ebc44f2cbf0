import { createHash } from "node:crypto";
import { clientOf, idsOf, inContainers, send, start, statusOf } from "./support/running";
import { apiKeys, seed } from "./support/keys";

const paths = ["/v3/container-tags/pr-42", "/ns/pr-42"];

describe("access", () => {
  test.each([
    ["", "no API key: send Authorization: Bearer <key>"],
    ["sm_secret", "unknown API key"],
  ])("is refused with the key %j on both API versions, and the key is in no response and no log", async (key, why) => {
    const { emulator } = await start({ seed });
    for (const path of paths) {
      const { status, body } = await send(emulator, "DELETE", path, undefined, key);
      expect([status, body]).toEqual([401, { error: "Unauthorized", details: why }]);
    }
    const keyId = key === "" ? null : createHash("sha256").update(key).digest("hex").slice(0, 8);
    expect(emulator.requests.map((request) => request.keyId)).toEqual([keyId, keyId]);
    expect(JSON.stringify(emulator.requests)).not.toContain("sm_secret");
    expect(emulator.containers()).toEqual(seed.containers);
  });

  test.each([
    ["owner-key", 200],
    ["admin-key", 200],
    ["scoped-key", 200],
    ["member-key", 403],
    ["reader-key", 403],
  ])("to delete a container: %s gets %d on both API versions", async (key, expected) => {
    const { emulator } = await start({ seed, apiKeys });
    for (const path of paths) {
      const { status, body } = await send(emulator, "DELETE", path, undefined, key);
      expect(status).toBe(expected);
      if (expected === 403) expect(body).toMatchObject({ error: "Forbidden" });
      expect(emulator.containers()).toEqual(expected === 200 ? { production: 2 } : seed.containers);
      emulator.reset();
    }
  });

  test("to delete namespaces with namespaceDeleters writers is open to members who may delete", async () => {
    const { emulator } = await start({ seed, apiKeys, namespaceDeleters: "writers" });
    expect((await send(emulator, "DELETE", "/ns/pr-42", undefined, "reader-key")).status).toBe(403);
    expect((await send(emulator, "DELETE", "/ns/pr-42", undefined, "member-key")).status).toBe(200);
  });

  test("to delete documents is allowed for a member", async () => {
    const { emulator } = await start({ seed, apiKeys });
    await clientOf(emulator, "member-key").documents.deleteBulk({ ...inContainers("pr-42") });
    expect(emulator.containers()).toEqual({ "pr-42": 0, production: 2 });
  });

  test("without the right to delete allows reading and adding, but no deletion", async () => {
    const { emulator } = await start({ seed, apiKeys });
    const ids = idsOf(emulator);
    const statuses: number[] = [];
    for (const [method, path, body] of [
      ["POST", "/v3/documents/list", {}],
      ["POST", "/v3/documents", { content: "text", containerTag: "pr-42" }],
      ["DELETE", `/v3/documents/${ids[0] ?? ""}`],
      ["DELETE", "/v3/documents/bulk", { containerTags: ["pr-42"] }],
      ["POST", "/ns/pr-42/list/documents"],
      ["POST", "/ns/pr-42/document", { content: "text" }],
      ["DELETE", "/ns/pr-42/document", { ids }],
    ] as const)
      statuses.push((await send(emulator, method, path, body, "reader-key")).status);
    expect(statuses).toEqual([200, 200, 403, 403, 200, 200, 403]);
    expect(emulator.containers()).toEqual({ "pr-42": 5, production: 2 });
  });

  test("by a scoped key is limited to its own tags on v3", async () => {
    const { emulator } = await start({ seed, apiKeys });
    const client = clientOf(emulator, "scoped-key");
    const [foreign = ""] = idsOf(emulator, "production");
    expect((await client.documents.list({})).pagination.totalItems).toBe(3);
    expect(await statusOf(client.documents.list({ ...inContainers("production") }))).toBe(403);
    expect(await statusOf(client.documents.get(foreign))).toBe(404);
    expect(await statusOf(client.documents.add({ content: "text", containerTag: "production" }))).toBe(403);
    expect(await client.documents.deleteBulk({ ids: [foreign] })).toMatchObject({ deletedCount: 0 });
    expect(await statusOf(client.documents.deleteBulk({ ...inContainers("production") }))).toBe(403);
    expect((await send(emulator, "DELETE", "/v3/container-tags/production", undefined, "scoped-key")).status).toBe(403);
    const { body } = await send(emulator, "GET", "/v3/container-tags/list", undefined, "scoped-key");
    expect(body).toMatchObject([{ containerTag: "pr-42" }]);
    expect(emulator.containers()).toEqual(seed.containers);
  });

  test("by a scoped key to the list of namespaces or to another namespace gets 403, without effect", async () => {
    const { emulator } = await start({ seed, apiKeys });
    const ids = idsOf(emulator, "production");
    const requests: readonly (readonly [method: string, path: string, body?: unknown])[] = [
      ["GET", "/namespaces"],
      ["GET", "/ns"],
      ["GET", "/ns/production"],
      ["DELETE", "/ns/production"],
      ["DELETE", "/ns/pr-42?moveTo=production"],
      ["POST", "/ns/production/document", { content: "a" }],
      ["POST", "/ns/production/document/batch", { documents: [{ content: "a" }] }],
      ["GET", `/ns/production/document/${ids[0] ?? ""}`],
      ["DELETE", "/ns/production/document", { ids }],
      ["POST", "/ns/production/list/documents"],
    ];
    for (const [method, path, sent] of requests) {
      const { status, body } = await send(emulator, method, path, sent, "scoped-key");
      expect([method, path, status, body]).toMatchObject([method, path, 403, { error: "Forbidden" }]);
    }
    const own = await send(emulator, "DELETE", "/ns/pr-42/document", { ids }, "scoped-key");
    expect(own.body).toMatchObject({ count: 0 });
    expect(emulator.containers()).toEqual(seed.containers);
  });
});
