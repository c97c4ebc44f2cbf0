import { mutations } from "../support/host-emulator";
import { containing } from "../support/host-matchers";
import { deployed } from "../support/host-stack";

const args = { containerTags: ["pr-42"], purgeOn: ["drift"] };
const [log, note] = [{ metadata: { kind: "log" } }, { metadata: { kind: "note" } }];
const logs = { ...args, select: log };

describe("drift", () => {
  test("is found by a refresh, remains when a later refresh fails, and ends with the purge of the next up", async () => {
    const { emulator, stack } = await deployed({ "pr-42": 5, other: 2 }, args);
    expect((await stack.refresh()).changes).toBe(true);
    expect(stack.outputs).toMatchObject({ __drift: true, documentCount: 5, deletedCount: 0 });
    const { lines } = await stack.refresh({ SUPERMEMORY_BASE_URL: "nonsense" });
    expect(lines).toEqual([containing("cannot count the documents in pr-42")]);
    expect(stack.outputs).toMatchObject({ __drift: true, documentCount: 5 });
    await stack.up(args);
    expect(stack.outputs).toMatchObject({ deletedCount: 5, lastPurgeEvent: "drift", documentCount: 0 });
    expect(stack.outputs).not.toHaveProperty("__drift");
    expect(emulator.containers()).toMatchObject({ "pr-42": 0, other: 2 });
  });

  test.each([
    ["an empty container", { "pr-42": 0 }, args, 0],
    ["documents without drift in purgeOn", { "pr-42": 5 }, { ...args, purgeOn: ["delete"] }, 5],
    ["only documents that select keeps", { "pr-42": { documents: [note, note, note] } }, logs, 3],
  ])("is not %s", async (_what, containers, how, documentCount) => {
    const { emulator, stack } = await deployed(containers, how);
    expect((await stack.refresh()).changes).toBe(false);
    expect(stack.outputs).toMatchObject({ documentCount });
    expect(stack.outputs).not.toHaveProperty("__drift");
    expect((await stack.up(how)).changes).toBe(false);
    expect(mutations(emulator)).toEqual([]);
  });

  test("is what select selects, and the next up purges only that", async () => {
    const { emulator, stack } = await deployed({ "pr-42": { documents: [log, log, note, note, note] } }, logs);
    await stack.refresh();
    expect(stack.outputs).toMatchObject({ __drift: true, documentCount: 5 });
    const { lines } = await stack.up(logs);
    expect(lines).toEqual(["deleted 2 documents in pr-42 in 0.0 s; kept 3 documents: not selected"]);
    expect(stack.outputs).toMatchObject({ deletedCount: 2, documentCount: 3 });
    expect((await stack.refresh()).changes).toBe(false);
    expect(emulator.containers()).toMatchObject({ "pr-42": 3 });
  });

  test("is not what sharedDocuments keeps", async () => {
    const shared = { ...args, sharedDocuments: "keep" };
    const { emulator, stack } = await deployed({ "pr-42": { documents: 4, each: { alsoIn: ["elsewhere"] } } }, shared);
    expect((await stack.refresh()).changes).toBe(false);
    emulator.seed({ containers: { "pr-42": 1 } });
    expect((await stack.refresh()).changes).toBe(true);
    await stack.up(shared);
    expect(emulator.containers()).toMatchObject({ "pr-42": 4, elsewhere: 4 });
  });

  test("in a container with scope container deletes it again", async () => {
    const whole = { ...args, scope: "container" };
    const { emulator, stack } = await deployed({ "pr-42": 2 }, whole);
    await stack.refresh();
    expect((await stack.up(whole)).lines).toEqual([containing("deleted container pr-42 with 2 documents in")]);
    expect(emulator.containers()).toEqual({ bystander: 3 });
  });
});
