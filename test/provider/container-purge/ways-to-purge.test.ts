import { deployed, startStack } from "../support/host-stack";
import { mutations } from "../support/host-emulator";

const args = { containerTags: ["pr-42"] };
const managed = { ...args, purgeOn: ["delete"] };
const [log, note] = [{ metadata: { kind: "log" } }, { metadata: { kind: "note" } }];

describe("a change of how to purge", () => {
  test.each([
    { scope: "container" },
    { select: { olderThan: "30 days", status: ["done"], metadata: { kind: "log" } } },
    { deleteBy: "ids" },
    { sharedDocuments: "keep" },
  ])("changes the state alone: %j", async (how) => {
    const { before, emulator, stack } = await deployed({ "pr-42": 5 }, managed);
    expect((await stack.preview({ ...managed, ...how })).lines).toEqual([]);
    const { changes, lines } = await stack.up({ ...managed, ...how });
    expect([changes, lines, mutations(emulator)]).toEqual([true, [], []]);
    expect(stack.outputs).toEqual({ ...before, ...how });
    expect((await stack.up({ ...managed, ...how })).changes).toBe(false);
    await stack.up(managed);
    expect(stack.outputs).toEqual(before);
  });
});

test.each([
  [{}, 0],
  [{ verify: true }, 0],
  [{ verify: false }, 5],
])(
  "an up with %j lists again after it deleted, and deletes what an answer was wrong about, or not",
  async (how, left) => {
    const claimsAll = { match: { method: "DELETE" }, then: { kind: "partial", documents: 0, claims: 5 } } as const;
    const { emulator, stack } = await startStack({ "pr-42": 5 }, { faults: [claimsAll] });
    expect((await stack.up({ ...args, ...how })).error).toBeUndefined();
    expect(emulator.containers()).toMatchObject({ "pr-42": left });
  },
);

describe("a destroy", () => {
  test.each([
    ["select", { select: log }, 2, 3],
    ["sharedDocuments", { sharedDocuments: "keep" }, 3, 2],
    ["deleteBy", { deleteBy: "ids" }, 4, 1],
    ["scope", { scope: "container", allowProtectedTags: ["live"] }, 5, undefined],
  ])("purges by the %s on record", async (_name, how, goes, stays) => {
    const documents = [log, { ...log, alsoIn: ["elsewhere"] }, { ...log, alsoIn: ["live"] }, note, note];
    const { emulator, stack } = await deployed({ "pr-42": { documents } }, { ...managed, ...how });
    expect((await stack.destroy()).error).toBeUndefined();
    expect(emulator.containers()["pr-42"]).toBe(stays);
    expect(emulator.ledger.reduce((sum, { count }) => sum + count, 0)).toBe(goes);
  });
});
