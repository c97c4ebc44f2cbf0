import { deployed, startStack, urnOfMemory } from "../support/host-stack";
import { containing } from "../support/host-matchers";
import { mutations, sent } from "../support/host-emulator";
import { inputsOf } from "../support/host-states";

const args = { containerTags: ["pr-42"] };

describe("what a ContainerPurge reports", () => {
  test("of a create: its arguments, deletions and counts", async () => {
    const { emulator, stack } = await startStack({ "pr-42": 5, "pr-43": 7, other: 2 });
    const { error, lines } = await stack.up({ containerTags: ["pr-42", "pr-43"], triggers: { build: 1 } });
    expect(error).toBeUndefined();
    expect(stack.outputs).toEqual({
      ...inputsOf(["pr-42", "pr-43"], { triggers: { build: 1 } }),
      ...{ containerTag: null, deletedCount: 12, totalDeletedCount: 12, deletedByTag: { "pr-42": 5, "pr-43": 7 } },
      ...{ documentCount: 0, lastPurgedAt: "2026-01-31T12:00:00.000Z", lastPurgeEvent: "create", pending: [] },
      ...{ apiVersion: "v3", baseUrl: emulator.url, keyId: "8a47748f", __urn: urnOfMemory, __provider: "text" },
      ...{ project: "shop", stack: "dev" },
    });
    expect(lines).toEqual(["deleted 12 documents in 0.0 s (pr-42: 5, pr-43: 7)"]);
    expect(emulator.containers()).toEqual({ "pr-42": 0, "pr-43": 0, other: 2, bystander: 3 });
  });

  test("of an update: its own deletions, and the total of all purges", async () => {
    const { stack } = await deployed({ "pr-42": 5, cache: 2 }, args);
    expect(stack.outputs).toMatchObject({ ...args, containerTag: "pr-42" });
    const { changes, lines } = await stack.up({ containerTags: ["pr-42", "cache"] });
    expect([changes, lines]).toEqual([true, ["deleted 2 documents in cache in 0.0 s (7 in total)"]]);
    const counts = { deletedCount: 2, totalDeletedCount: 7, deletedByTag: { cache: 2 }, documentCount: 0 };
    expect(stack.outputs).toMatchObject({ ...counts, lastPurgeEvent: "create", containerTag: null });
  });

  test("of an update that adds and removes: both events, and no count of the removed tag", async () => {
    const before = { containerTags: ["a", "keep"], purgeOn: [] };
    const { emulator, stack } = await deployed({ a: 1, b: 2, keep: 4 }, before);
    await stack.up({ containerTags: ["keep", "b"] });
    const lastPurgeEvent = "create, delete";
    expect(stack.outputs).toMatchObject({ deletedByTag: { a: 1, b: 2 }, lastPurgeEvent, documentCount: 4 });
    expect(emulator.containers()).toEqual({ a: 0, b: 0, keep: 4, bystander: 3 });
  });

  test("of a purge that finds nothing: 0 deleted documents, and no request for memories", async () => {
    const { emulator, stack } = await startStack({ "pr-42": { documents: 0, memories: 4 } });
    const { lines } = await stack.up(args);
    expect(lines).toEqual(["pr-42 is already empty"]);
    expect(stack.outputs).toMatchObject({ deletedCount: 0, deletedByTag: { "pr-42": 0 }, lastPurgeEvent: "create" });
    expect(sent(emulator)).toEqual(["POST pr-42"]);
  });

  test("of a change that purges nothing: what the last purge did, unchanged", async () => {
    const { before, emulator, requests, stack } = await deployed({ "pr-42": 5 }, args);
    const rest = { maxDeletions: 7, verify: false, timeout: "1m", purgeOn: ["delete"], allowProtectedTags: ["x"] };
    await stack.up({ ...args, ...rest });
    expect(stack.outputs).toEqual({ ...before, ...rest });
    expect(emulator.requests.length).toBe(requests + 1);
  });

  test("of a new resource that does not purge: the count and the address alone", async () => {
    const { emulator, stack } = await deployed({ "pr-42": 5 }, { ...args, purgeOn: ["delete"] });
    const nothing = { deletedCount: 0, totalDeletedCount: 0, deletedByTag: {} };
    const never = { lastPurgedAt: null, lastPurgeEvent: null };
    expect(stack.outputs).toMatchObject({ ...nothing, ...never, documentCount: 5, baseUrl: emulator.url });
    expect(mutations(emulator)).toEqual([]);
  });

  test("of new tags that it neither purges nor can count: no count", async () => {
    const managed = { purgeOn: ["delete"], containerTags: ["pr-42", "cache"] };
    const { stack } = await deployed({ "pr-42": 5, cache: 2 }, { ...managed, ...args });
    const { lines } = await stack.up(managed, { SUPERMEMORY_API_KEY: undefined });
    expect(lines).toEqual([
      containing("warning: pulumi destroy would fail: no API key is set"),
      containing("warning: cannot count the documents in pr-42 and cache: no API key is set"),
    ]);
    expect(stack.outputs["documentCount"]).toBeNull();
  });

  test("of a destroy: one line", async () => {
    const { emulator, stack } = await deployed({ "pr-42": 5 }, args);
    emulator.seed({ containers: { "pr-42": 4 } });
    const { error, lines } = await stack.destroy();
    expect([error, lines]).toEqual([undefined, ["deleted 4 documents in pr-42 in 0.0 s (9 in total)"]]);
    expect(emulator.containers()).toMatchObject({ "pr-42": 0 });
    expect(stack.stored).toBeUndefined();
  });
});
