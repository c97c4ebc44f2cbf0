import { deployed, startStack } from "../support/host-stack";
import { mutations } from "../support/host-emulator";

const args = { containerTags: ["pr-42"] };
const both = { containerTags: ["pr-42", "pr-43"] };
const atEnd = { ...both, purgeOn: ["delete"] };
const documents = { "pr-42": 5, "pr-43": 7 };
const down = "http://127.0.0.1:9";
const unreachable = { SUPERMEMORY_BASE_URL: down, SUPERMEMORY_ACCEPT_BASE_URL: down };
const faults = [
  { match: { method: "DELETE", containerTag: "pr-43" }, then: { kind: "serverError", status: 403 } },
] as const;

describe("a purge that fails", () => {
  test.each<[string, object, object, string]>([
    ["its limit", { maxDeletions: 4 }, {}, "more than maxDeletions (4); nothing was deleted\nraise maxDeletions, or "],
    ["a missing key", {}, { SUPERMEMORY_API_KEY: undefined }, "no API key is set; nothing was deleted"],
    ["a wrong key", {}, { SUPERMEMORY_API_KEY: "sm_wrong" }, "the API rejected the key (401)"],
    ["an invalid address", {}, { SUPERMEMORY_BASE_URL: "emulator" }, 'BASE_URL has an invalid value: "emulator"'],
  ])("for %s reports it once, deletes nothing and creates no resource", async (_case, how, env, message) => {
    const { emulator, stack } = await startStack({ "pr-42": 5 });
    const { error, lines } = await stack.up({ ...args, ...how }, { ...env });
    expect(error).toContain(message);
    expect(error).not.toContain("sm_wrong");
    expect([lines, stack.stored, mutations(emulator)]).toEqual([[], undefined, []]);
  });

  test.each<[string, object, object, string]>([
    ["at its limit", { maxDeletions: 6 }, {}, "this would delete 7 documents in pr-43"],
    ["without a connection", {}, unreachable, "http://127.0.0.1:9: the connection was refused; nothing was deleted"],
  ])("%s leaves the outputs as they were, and the next up works", async (_case, how, env, message) => {
    const { stack } = await deployed(documents, args);
    const before = stack.stored;
    expect((await stack.up({ ...both, ...how }, { ...env })).error).toContain(message);
    expect(stack.stored).toBe(before);
    await stack.up(both);
    expect(stack.outputs).toMatchObject({ deletedByTag: { "pr-43": 7 } });
  });

  test("because of an explicit provider's key shows where that key is set", async () => {
    const config = { "supermemory:instance": "other-org", "supermemory:apiKey": "sm_wrong" };
    const { emulator, stack } = await startStack({ "pr-42": 5 }, { config });
    const { error } = await stack.up(args);
    expect(error).toContain("check SUPERMEMORY_PURGE_API_KEY_OTHER_ORG and the apiKey of the provider other-org");
    expect(mutations(emulator)).toEqual([]);
  });

  test("of a new resource after its first delete keeps the resource, with the rest pending and every input", async () => {
    const { emulator, stack } = await startStack(documents, { faults });
    const { error } = await stack.up({ ...both, triggers: [1] });
    expect(error).toMatch(/^deleted 5 of 12 documents .*; 7 remain\n(.*\n)*run pulumi up again/);
    const counts = {
      deletedCount: 5,
      totalDeletedCount: 5,
      deletedByTag: { "pr-42": 5, "pr-43": 0 },
      documentCount: 7,
    };
    const rest = { triggers: [1], pending: [{ containerTag: "pr-43", event: "create" }], __provider: "text" };
    expect(stack.outputs).toMatchObject({ ...both, ...counts, ...rest, baseUrl: emulator.url });
    expect(stack.stored?.unfinished).toBe(true);
  });

  test.each([
    ["the next up", false],
    ["the up after a refresh, which clears the mark of the engine", true],
  ])("is resumed by %s, and reports its own deletions", async (_what, refreshes) => {
    const { stack } = await deployed(documents, both, { faults });
    if (refreshes) expect((await stack.refresh()).error).toBeUndefined();
    expect(stack.stored?.unfinished).toBe(!refreshes);
    const { changes, error } = await stack.up(both);
    expect([error, changes]).toEqual([undefined, true]);
    const own = { deletedCount: 7, totalDeletedCount: 12, deletedByTag: { "pr-43": 7 } };
    expect(stack.outputs).toMatchObject({ ...own, documentCount: 0, pending: [] });
  });

  test("in a removal is resumed by a destroy", async () => {
    const { emulator, stack } = await deployed(documents, atEnd, { faults });
    await stack.up({ ...args, purgeOn: ["delete"] });
    expect(stack.outputs).toMatchObject({ ...args, pending: [{ containerTag: "pr-43", event: "delete" }] });
    expect((await stack.destroy()).error).toBeUndefined();
    expect(emulator.containers()).toMatchObject({ "pr-42": 0, "pr-43": 0 });
  });

  test("in a removal is dropped when the tag returns, and the tag is not purged", async () => {
    const { emulator, stack } = await deployed(documents, atEnd, { faults });
    await stack.up(args);
    const requests = mutations(emulator).length;
    const { error, lines } = await stack.up(both);
    const dropped = "dropped the pending purge of pr-43 (delete): the tag is in containerTags again";
    expect([error, lines, mutations(emulator).length]).toEqual([undefined, [dropped], requests]);
    expect(stack.outputs).toMatchObject({ pending: [], documentCount: 12 });
  });

  test("in a delete reports what it deleted, and keeps the resource for the next try", async () => {
    const { emulator, stack } = await deployed(documents, atEnd, { faults });
    const { error } = await stack.destroy();
    expect(error).toMatch(/^deleted 5 of 12 documents .*; 7 remain\n(.*\n)*run the same command again/);
    expect(stack.stored).toBeDefined();
    expect((await stack.destroy()).error).toBeUndefined();
    expect(emulator.containers()).toMatchObject({ "pr-42": 0, "pr-43": 0 });
  });
});
