import { deployed, startStack, urnOfMemory } from "../support/host-stack";
import { containing, matching } from "../support/host-matchers";
import { mutations, startEmulator } from "../support/host-emulator";

const args = { containerTags: ["pr-42"] };
const managed = { ...args, purgeOn: ["delete"] };
const limited = { ...managed, maxDeletions: 4 };
const raised = { SUPERMEMORY_PURGE_MAX_DELETIONS: "5" };

describe("SUPERMEMORY_PURGE_MAX_DELETIONS", () => {
  test("raises the limit of a delete", async () => {
    const { emulator, stack } = await deployed({ "pr-42": 5 }, limited);
    const { error } = await stack.destroy();
    expect(error).toContain("this would delete 5 documents in pr-42, more than maxDeletions (4); nothing was deleted");
    expect(error).toContain("SUPERMEMORY_PURGE_MAX_DELETIONS=5");
    expect(error).toContain(`pulumi up --target '${urnOfMemory}'`);
    expect(mutations(emulator)).toEqual([]);
    expect((await stack.destroy(raised)).error).toBeUndefined();
    expect(emulator.containers()).toMatchObject({ "pr-42": 0 });
  });

  test("raises the limit of an update that only removes", async () => {
    const containers = { "pr-42": 5, keep: 1 };
    const { emulator, stack } = await deployed(containers, { ...limited, containerTags: ["pr-42", "keep"] });
    const { error } = await stack.up({ ...limited, containerTags: ["keep"] }, raised);
    expect([error, emulator.containers()]).toMatchObject([undefined, { "pr-42": 0, keep: 1 }]);
  });

  test("raises the limit neither of a create nor of an update that also adds", async () => {
    const { emulator, stack } = await startStack({ "pr-42": 5, more: 1 });
    expect((await stack.up({ ...args, maxDeletions: 4 }, raised)).error).toContain("more than maxDeletions (4)");
    await stack.up(limited);
    const { error } = await stack.up({ containerTags: ["more"], maxDeletions: 4 }, raised);
    expect(error).toContain("this would delete 6 documents");
    expect(mutations(emulator)).toEqual([]);
  });

  test("never lowers the limit", async () => {
    const { stack } = await deployed({ "pr-42": 5 }, managed);
    expect((await stack.destroy({ SUPERMEMORY_PURGE_MAX_DELETIONS: "1" })).error).toBeUndefined();
  });
});

describe("another address than before", () => {
  test("is refused by name, at a destroy too, and accepted for one command", async () => {
    const { before, moved, now, stack } = await movedStack();
    const changed = { ...managed, triggers: 1, purgeOn: ["update", "delete"] };
    const refusal = `memory was last purged at ${before.url}, but the API address is now ${now.url}; nothing was deleted\nto accept the new address, set SUPERMEMORY_ACCEPT_BASE_URL=${now.url} for this command`;
    expect((await stack.up(changed, moved)).error).toBe(refusal);
    expect((await stack.destroy(moved)).error).toBe(refusal);
    expect([...mutations(before), ...mutations(now)]).toEqual([]);
    expect((await stack.up(changed, { ...moved, SUPERMEMORY_ACCEPT_BASE_URL: `${now.url}/` })).error).toBeUndefined();
    expect(stack.outputs).toMatchObject({ deletedCount: 7, baseUrl: now.url });
    expect((await stack.destroy(moved)).error).toBeUndefined();
    expect(before.containers()).toMatchObject({ "pr-42": 5 });
  });

  test("is neither counted nor recorded by what purges nothing", async () => {
    const { before, moved, now, stack } = await movedStack();
    const { lines } = await stack.refresh(moved);
    expect(lines).toEqual([containing("warning: cannot count the documents in pr-42: memory was last purged at")]);
    await stack.up({ ...managed, timeout: "1m" }, moved);
    expect(stack.outputs).toMatchObject({ documentCount: 5, baseUrl: before.url });
    expect(now.requests).toEqual([]);
  });

  async function movedStack() {
    const { emulator: before, stack } = await deployed({ "pr-42": 5 }, managed);
    const now = await startEmulator({ "pr-42": 7 });
    return { before, now, stack, moved: { SUPERMEMORY_BASE_URL: now.url } };
  }
});

describe("another key than before", () => {
  const otherKey = { SUPERMEMORY_API_KEY: "sm_other" };
  const apiKeys = [{ key: "sm_emulator_key" }, { key: "sm_other" }];
  const warning = matching(/^warning: the API key changed since the last purge \(8a47748f -> \w{8}\)\. Check/);

  test("is a warning that asks for the organization, in the preview and at the purge", async () => {
    const { stack } = await deployed({ "pr-42": 5 }, args, { apiKeys });
    const changed = { ...args, triggers: 1 };
    expect((await stack.preview(changed, otherKey)).lines).toEqual([warning, "nothing to delete in pr-42"]);
    const { lines } = await stack.up(changed, otherKey);
    expect(lines).toEqual([warning, "pr-42 is already empty (5 documents deleted in total)"]);
    expect((await stack.up({ ...args, triggers: 2 }, otherKey)).lines).toHaveLength(1);
  });

  test("warns when it resumes a create that failed half-way", async () => {
    const faults = [{ match: { method: "DELETE" }, then: { kind: "serverError", status: 403 } }] as const;
    const { stack } = await deployed({ "pr-42": 5 }, args, { apiKeys, faults });
    const { error, lines } = await stack.up(args, otherKey);
    expect([error, lines]).toEqual([undefined, [warning, expect.any(String)]]);
    expect(stack.outputs).toMatchObject({ totalDeletedCount: 5, pending: [] });
    expect(stack.outputs["keyId"]).not.toBe("8a47748f");
  });

  test("is not recorded by what purges nothing", async () => {
    const { stack } = await deployed({ "pr-42": 5 }, args, { apiKeys });
    expect((await stack.refresh(otherKey)).lines).toEqual([warning, "no documents in pr-42"]);
    await stack.up({ ...args, timeout: "1m" }, otherKey);
    expect(stack.outputs).toMatchObject({ keyId: "8a47748f" });
  });
});
