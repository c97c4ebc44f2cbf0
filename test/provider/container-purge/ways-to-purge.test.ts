import { OneResourceStack } from "../support/host-stack";
import { containing } from "../support/host-matchers";
import { mutations, type SeedContainers, sent, startEmulator } from "../support/host-emulator";

const args = { containerTags: ["pr-42"] };
const managed = { ...args, purgeOn: ["delete"] };
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const createPurges =
  'creating this resource deletes existing documents. To keep them, set purgeOn: ["delete"]. If you renamed or moved the resource, set aliases';
const mixed: SeedContainers = {
  "pr-42": {
    memories: 4,
    documents: [
      { metadata: { kind: "log" } },
      { metadata: { kind: "log" }, alsoIn: ["elsewhere"] },
      { metadata: { kind: "log" }, alsoIn: ["live"] },
      { metadata: { kind: "note" } },
      { metadata: { kind: "note" } },
    ],
  },
};
const logs = { select: { metadata: { kind: "log" } } };

describe("the preview", () => {
  test.each([
    [
      "deleteBy",
      { deleteBy: "ids" },
      'will delete 4 documents in pr-42 (limit 10,000); keeps 1 document: also in "live", which is protected',
    ],
    [
      "select",
      logs,
      'will delete 2 documents in pr-42 (limit 10,000); keeps 3 documents: 1 also in "live", which is protected, 2 not selected',
    ],
    [
      "select and sharedDocuments",
      { ...logs, sharedDocuments: "keep" },
      'will delete 1 document in pr-42 (limit 10,000); keeps 4 documents: 1 also in "live", which is protected, 1 also in other containers, 2 not selected',
    ],
    [
      "scope",
      { scope: "container", allowProtectedTags: ["live"] },
      "will delete the container pr-42 with its memories and 5 documents (limit 10,000)",
    ],
  ])("announces what %s makes of it", async (_name, how, line) => {
    const emulator = await startEmulator(mixed);
    const { failures, lines } = await new OneResourceStack(emulator).preview({ ...args, ...how });
    expect(failures).toEqual([]);
    expect(lines.at(-1)).toBe(`${line}\n${createPurges}`);
    expect(mutations(emulator)).toEqual([]);
  });

  test("says when all documents are kept", async () => {
    const emulator = await startEmulator(mixed);
    const { lines } = await new OneResourceStack(emulator).preview({ ...args, select: { status: "failed" } });
    expect(lines).toEqual(["nothing to delete in pr-42; keeps 5 documents: not selected"]);
  });

  test("names several containers that go as a whole", async () => {
    const emulator = await startEmulator({ "pr-42": 2, "pr-43": 1 });
    const { lines } = await new OneResourceStack(emulator).preview({
      containerTags: ["pr-42", "pr-43"],
      scope: "container",
    });
    expect(lines).toEqual([
      `will delete the containers pr-42 and pr-43 with their memories and 3 documents (limit 10,000)\n${createPurges}`,
    ]);
  });

  test("stops for sharedDocuments: refuse, on its property", async () => {
    const emulator = await startEmulator(mixed);
    const { failures } = await new OneResourceStack(emulator).preview({ ...args, sharedDocuments: "refuse" });
    expect(failures).toEqual([
      {
        property: "sharedDocuments",
        reason: containing("1 document in pr-42 also carries tags outside this purge"),
      },
    ]);
  });

  test("stops where v3 is gone and sharedDocuments cannot be kept to", async () => {
    const emulator = await startEmulator({ "pr-42": 5 }, { v3: "gone" });
    const { failures } = await new OneResourceStack(emulator).preview({ ...args, sharedDocuments: "keep" });
    expect(failures).toMatchObject([{ property: "sharedDocuments" }]);
  });

  test.each([
    ["select", { select: { olderThan: unknown } }],
    ["select", { select: unknown }],
    ["scope", { scope: unknown }],
    ["deleteBy", { deleteBy: unknown }],
    ["sharedDocuments", { sharedDocuments: unknown }],
  ])("counts, announces and refuses nothing while %s is not known yet", async (_name, how) => {
    const emulator = await startEmulator(mixed);
    const { failures, lines } = await new OneResourceStack(emulator).preview({ ...args, ...how, maxDeletions: 1 });
    expect([failures, lines, sent(emulator)]).toEqual([[], [], []]);
  });
});

describe("a change of how to purge", () => {
  test.each([
    ["scope", { scope: "container" }],
    ["select", { select: { olderThan: "30 days", status: ["done"], metadata: { kind: "log" } } }],
    ["deleteBy", { deleteBy: "ids" }],
    ["sharedDocuments", { sharedDocuments: "keep" }],
  ])("in %s changes the state alone", async (_name, how) => {
    const emulator = await startEmulator({ "pr-42": 5 });
    const stack = new OneResourceStack(emulator);
    await stack.up(managed);
    const [before, requests] = [stack.outputs, emulator.requests.length];
    expect((await stack.preview({ ...managed, ...how })).lines).toEqual([]);
    const { changes, lines } = await stack.up({ ...managed, ...how });
    expect([changes, lines, emulator.requests.length]).toEqual([true, [], requests]);
    expect(stack.outputs).toEqual({ ...before, ...how });
    expect((await stack.up({ ...managed, ...how })).changes).toBe(false);
    await stack.up(managed);
    expect(stack.outputs).toEqual(before);
  });
});

describe("an up", () => {
  test("lists again after it deleted, and deletes what an answer was wrong about, unless verify is false", async () => {
    for (const verify of [undefined, true, false]) {
      const claimsAll = { match: { method: "DELETE" }, then: { kind: "partial", documents: 0, claims: 5 } } as const;
      const emulator = await startEmulator({ "pr-42": 5 }, { faults: [claimsAll] });
      const { error } = await new OneResourceStack(emulator).up({
        ...args,
        ...(verify === undefined ? {} : { verify }),
      });
      expect([error, emulator.containers()["pr-42"]]).toEqual([undefined, verify === false ? 5 : 0]);
    }
  });
});

describe("a destroy", () => {
  test.each([
    ["select", logs, 2, 3],
    ["sharedDocuments", { sharedDocuments: "keep" }, 3, 2],
    ["deleteBy", { deleteBy: "ids" }, 4, 1],
    ["scope", { scope: "container", allowProtectedTags: ["live"] }, 5, undefined],
  ])("purges by the %s on record", async (_name, how, goes, stays) => {
    const emulator = await startEmulator(mixed);
    const stack = new OneResourceStack(emulator);
    await stack.up({ ...managed, ...how });
    expect((await stack.destroy()).error).toBeUndefined();
    expect(emulator.containers()["pr-42"]).toBe(stays);
    expect(emulator.ledger.reduce((sum, { count }) => sum + count, 0)).toBe(goes);
  });

  test("purges by tag from outputs that were stored before there were other ways", async () => {
    const emulator = await startEmulator({ "pr-42": 5 });
    const stack = new OneResourceStack(emulator);
    await stack.up(managed);
    const { deleteBy, scope, sharedDocuments, ...old } = stack.outputs;
    expect([deleteBy, scope, sharedDocuments]).toEqual(["tag", "documents", "delete"]);
    if (stack.stored !== undefined) stack.stored = { ...stack.stored, outputs: old };
    expect((await stack.preview(managed)).changes).toBe(false);
    expect((await stack.destroy()).error).toBeUndefined();
    expect([mutations(emulator), emulator.containers()]).toMatchObject([["DELETE pr-42"], { "pr-42": 0 }]);
  });
});
