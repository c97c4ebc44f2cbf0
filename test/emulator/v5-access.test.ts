import { send, start } from "./support/running";
import { apiKeys, seed } from "./support/keys";

describe("access to v5", () => {
  test("is refused without a key and with an unknown one", async () => {
    const { emulator } = await start({ seed });
    for (const key of ["", "sm_secret"]) {
      const { status, body } = await send(emulator, "DELETE", "/ns/pr-42", undefined, key);
      expect([status, body]).toMatchObject([401, { error: "Unauthorized" }]);
    }
    expect(emulator.containers()).toEqual(seed.containers);
  });

  test.each([
    ["owner-key", 200],
    ["admin-key", 200],
    ["member-key", 403],
    ["reader-key", 403],
    ["scoped-key", 200],
  ])("to delete a namespace: %s gets %d", async (key, status) => {
    const { emulator } = await start({ seed, apiKeys });
    expect((await send(emulator, "DELETE", "/ns/pr-42", undefined, key)).status).toBe(status);
    expect(emulator.containers()).toEqual(status === 200 ? { production: 2 } : seed.containers);
  });

  test("to delete namespaces is allowed for members with namespaceDeleters writers, but not without the right to delete", async () => {
    const { emulator } = await start({ seed, apiKeys, namespaceDeleters: "writers" });
    expect((await send(emulator, "DELETE", "/ns/pr-42", undefined, "reader-key")).status).toBe(403);
    expect((await send(emulator, "DELETE", "/ns/pr-42", undefined, "member-key")).status).toBe(200);
  });

  test("without the right to delete allows reading and adding, but no deletion", async () => {
    const { emulator } = await start({ seed, apiKeys });
    const ids = emulator.documents("pr-42").map(({ id }) => id);
    const refused = await send(emulator, "DELETE", "/ns/pr-42/document", { ids }, "reader-key");
    expect([refused.status, refused.body]).toMatchObject([403, { error: "Forbidden" }]);
    expect((await send(emulator, "POST", "/ns/pr-42/list/documents", {}, "reader-key")).status).toBe(200);
    expect((await send(emulator, "POST", "/ns/pr-42/document", { content: "a" }, "reader-key")).status).toBe(200);
    expect(emulator.containers()).toEqual({ "pr-42": 4, production: 2 });
  });

  test("by a scoped key to the list of namespaces and its alias gets 403", async () => {
    const { emulator } = await start({ seed, apiKeys });
    for (const path of ["/namespaces", "/ns"]) {
      const { status, body } = await send(emulator, "GET", path, undefined, "scoped-key");
      expect([status, body]).toMatchObject([403, { error: "Forbidden" }]);
    }
  });

  test("by a scoped key to another namespace gets 403 on every route, without effect", async () => {
    const { emulator } = await start({ seed, apiKeys });
    const ids = emulator.documents("production").map(({ id }) => id);
    const requests: readonly (readonly [method: string, path: string, body?: unknown])[] = [
      ["GET", "/ns/production"],
      ["DELETE", "/ns/production"],
      ["DELETE", "/ns/pr-42?moveTo=production"],
      ["POST", "/ns/production/document", { content: "a" }],
      ["POST", "/ns/production/document/batch", { documents: [{ content: "a" }] }],
      ["GET", `/ns/production/document/${ids[0] ?? ""}`],
      ["DELETE", "/ns/production/document", { ids }],
      ["POST", "/ns/production/list/documents"],
    ];
    for (const [method, path, body] of requests) {
      expect([method, path, (await send(emulator, method, path, body, "scoped-key")).status]).toEqual([
        method,
        path,
        403,
      ]);
    }
    const own = await send(emulator, "DELETE", "/ns/pr-42/document", { ids }, "scoped-key");
    expect(own.body).toMatchObject({ count: 0 });
    expect(emulator.containers()).toEqual(seed.containers);
  });
});
