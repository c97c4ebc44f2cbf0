import { OneResourceStack, urnOfMemory } from "../support/host-stack";
import { containing, matching } from "../support/host-matchers";
import { mutations, startEmulator } from "../support/host-emulator";

const args = { containerTags: ["pr-42"] };
const managed = { ...args, purgeOn: ["delete"] };
const raised = { SUPERMEMORY_PURGE_MAX_DELETIONS: "5" };
const otherKey = { SUPERMEMORY_API_KEY: "sm_other" };
const keys = { apiKeys: [{ key: "sm_emulator_key" }, { key: "sm_other" }] };

describe("SUPERMEMORY_PURGE_MAX_DELETIONS", () => {
  test("raises the limit of a delete", async () => {
    const emulator = await startEmulator({ "pr-42": 5 });
    const stack = new OneResourceStack(emulator);
    await stack.up({ ...managed, maxDeletions: 4 });
    const refused = await stack.destroy();
    expect(refused.error).toContain(
      "this would delete 5 documents in pr-42, more than maxDeletions (4); nothing was deleted",
    );
    expect(refused.error).toContain("SUPERMEMORY_PURGE_MAX_DELETIONS=5");
    expect(refused.error).toContain(`pulumi up --target '${urnOfMemory}'`);
    expect(mutations(emulator)).toEqual([]);
    expect((await stack.destroy(raised)).error).toBeUndefined();
    expect(emulator.containers()).toMatchObject({ "pr-42": 0 });
  });

  test("raises the limit of an update that only removes", async () => {
    const emulator = await startEmulator({ "pr-42": 5, keep: 1 });
    const stack = new OneResourceStack(emulator);
    await stack.up({ containerTags: ["pr-42", "keep"], purgeOn: ["delete"], maxDeletions: 4 });
    const { error } = await stack.up({ containerTags: ["keep"], purgeOn: ["delete"], maxDeletions: 4 }, raised);
    expect([error, emulator.containers()]).toMatchObject([undefined, { "pr-42": 0, keep: 1 }]);
  });

  test("raises the limit neither of a create nor of an update that also adds", async () => {
    const emulator = await startEmulator({ "pr-42": 5, more: 1 });
    const stack = new OneResourceStack(emulator);
    const created = await stack.up({ ...args, maxDeletions: 4 }, raised);
    expect(created.error).toContain("more than maxDeletions (4)");
    await stack.up({ ...managed, maxDeletions: 4 });
    const { error } = await stack.up({ containerTags: ["more"], maxDeletions: 4 }, raised);
    expect(error).toContain("this would delete 6 documents");
    expect(mutations(emulator)).toEqual([]);
  });

  test("never lowers the limit", async () => {
    const emulator = await startEmulator({ "pr-42": 5 });
    const stack = new OneResourceStack(emulator);
    await stack.up(managed);
    expect((await stack.destroy({ SUPERMEMORY_PURGE_MAX_DELETIONS: "1" })).error).toBeUndefined();
  });
});

describe("another address than before", () => {
  test("is refused by name, and accepted for one command", async () => {
    const before = await startEmulator({ "pr-42": 5 });
    const now = await startEmulator({ "pr-42": 7 });
    const stack = new OneResourceStack(before);
    await stack.up(managed);
    const moved = { SUPERMEMORY_BASE_URL: now.url };
    const changed = { ...managed, triggers: 1, purgeOn: ["update", "delete"] };
    const refused = await stack.up(changed, moved);
    expect(refused.error).toBe(
      `memory was last purged at ${before.url}, but the API address is now ${now.url}; nothing was deleted\nto accept the new address, set SUPERMEMORY_ACCEPT_BASE_URL=${now.url} for this command`,
    );
    expect((await stack.up(changed, { ...moved, SUPERMEMORY_ACCEPT_BASE_URL: `${now.url}/` })).error).toBeUndefined();
    expect(stack.outputs).toMatchObject({ deletedCount: 7, baseUrl: now.url });
    expect((await stack.destroy(moved)).error).toBeUndefined();
    expect(before.containers()).toMatchObject({ "pr-42": 5 });
  });

  test("is refused for a destroy too", async () => {
    const before = await startEmulator({ "pr-42": 5 });
    const now = await startEmulator({ "pr-42": 7 });
    const stack = new OneResourceStack(before);
    await stack.up(managed);
    expect((await stack.destroy({ SUPERMEMORY_BASE_URL: now.url })).error).toContain("nothing was deleted");
    expect([...mutations(before), ...mutations(now)]).toEqual([]);
  });

  test("is neither counted nor recorded by what purges nothing", async () => {
    const before = await startEmulator({ "pr-42": 5 });
    const now = await startEmulator({ "pr-42": 7 });
    const stack = new OneResourceStack(before);
    await stack.up(managed);
    const moved = { SUPERMEMORY_BASE_URL: now.url };
    const { lines } = await stack.refresh(moved);
    expect(lines).toEqual([containing("warning: cannot count the documents in pr-42: memory was last purged at")]);
    await stack.up({ ...managed, timeout: "1m" }, moved);
    expect(stack.outputs).toMatchObject({ documentCount: 5, baseUrl: before.url });
    expect(now.requests).toEqual([]);
  });
});

describe("another key than before", () => {
  test("is a warning that asks for the organization, in the preview and at the purge", async () => {
    const emulator = await startEmulator({ "pr-42": 5 }, keys);
    const stack = new OneResourceStack(emulator);
    await stack.up(args);
    const warning = matching(/^warning: the API key changed since the last purge \(8a47748f -> \w{8}\)\. Check/);
    const changed = { ...args, triggers: 1 };
    expect((await stack.preview(changed, otherKey)).lines).toEqual([warning, "nothing to delete in pr-42"]);
    const { lines } = await stack.up(changed, otherKey);
    expect(lines).toEqual([warning, "pr-42 is already empty (5 documents deleted in total)"]);
    expect((await stack.up({ ...args, triggers: 2 }, otherKey)).lines).toHaveLength(1);
  });

  test("warns when a create that failed half-way goes on with it", async () => {
    const fault = { match: { method: "DELETE" }, then: { kind: "serverError", status: 403 } } as const;
    const emulator = await startEmulator({ "pr-42": 5 }, { ...keys, faults: [fault] });
    const stack = new OneResourceStack(emulator);
    await stack.up(args);
    const { error, lines } = await stack.up(args, otherKey);
    expect(error).toBeUndefined();
    expect(lines).toEqual([containing("warning: the API key changed"), expect.any(String)]);
    expect(stack.outputs).toMatchObject({ totalDeletedCount: 5, pending: [] });
    expect(stack.outputs["keyId"]).not.toBe("8a47748f");
  });

  test("is not recorded by what purges nothing", async () => {
    const emulator = await startEmulator({ "pr-42": 5 }, keys);
    const stack = new OneResourceStack(emulator);
    await stack.up(args);
    const { lines } = await stack.refresh(otherKey);
    await stack.up({ ...args, timeout: "1m" }, otherKey);
    expect(lines).toEqual([containing("warning: the API key changed")]);
    expect(stack.outputs).toMatchObject({ keyId: "8a47748f" });
  });
});
