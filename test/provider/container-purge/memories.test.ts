import { readFileSync } from "node:fs";
import { join } from "node:path";
import { OneResourceStack } from "../support/host-stack";
import { containing, matching } from "../support/host-matchers";
import { type SeedContainers, sent, startEmulator } from "../support/host-emulator";
import { emptyFolder } from "../support/host-process";

const args = { containerTags: ["pr-42"] };
const whole = { ...args, scope: "container" };
const some: SeedContainers = { "pr-42": { documents: 5, memories: 4 }, other: { documents: 0, memories: 9 } };
const left = 'pr-42 still has 4 memories without a document. To delete memories, set scope: "container"';
let folder = "";

beforeEach(() => {
  folder = emptyFolder();
});

describe("memories that no document holds", () => {
  test.each(["v3", "v5"])(
    "are told after a purge of documents over %s, of its own containers alone",
    async (apiVersion) => {
      const emulator = await startEmulator(some);
      const stack = new OneResourceStack(emulator, { config: { "supermemory:apiVersion": apiVersion } });
      const { lines } = await stack.up(args);
      expect(lines).toEqual(["deleted 5 documents in pr-42 in 0.0 s", left]);
      expect((await stack.destroy()).lines).toEqual(["pr-42 is already empty (5 documents deleted in total)", left]);
    },
  );

  test("are told in the singular, too, and with all containers", async () => {
    const emulator = await startEmulator({ a: { documents: 1, memories: 1 }, b: { documents: 1, memories: 2 }, c: 1 });
    const { lines } = await new OneResourceStack(emulator).up({ containerTags: ["a"] });
    expect(lines[1]).toContain("a still has 1 memory without a document");
    const both = await new OneResourceStack(emulator).up({ containerTags: ["c", "b", "a"] });
    expect(both.lines[1]).toMatch(/^(a and b|b and a) still have 3 memories without a document/);
  });

  test("are not told where there are none, nor where documents stay that they may belong to", async () => {
    const emulator = await startEmulator({
      "pr-42": 5,
      kept: { documents: [{}, { metadata: { keep: true } }], memories: 3 },
    });
    expect((await new OneResourceStack(emulator).up(args)).lines).toHaveLength(1);
    const select = { metadata: { keep: true } };
    expect((await new OneResourceStack(emulator).up({ containerTags: ["kept"], select })).lines).toHaveLength(1);
  });

  test("are not asked for when nothing was deleted at a create", async () => {
    const emulator = await startEmulator({ "pr-42": { documents: 0, memories: 4 } });
    expect((await new OneResourceStack(emulator).up(args)).lines).toEqual(["pr-42 is already empty"]);
    expect(sent(emulator)).toEqual(["POST pr-42"]);
  });

  test("are not told to a key that may not list containers, and the purge is complete all the same", async () => {
    const apiKeys = [{ key: "scoped-key-0123456789", containerTags: ["pr-42"] }];
    const emulator = await startEmulator(some, { apiKeys });
    const stack = new OneResourceStack(emulator, { config: { "supermemory:apiVersion": "v5" } });
    const { error, lines } = await stack.up(args);
    expect([error, lines]).toEqual([undefined, ["deleted 5 documents in pr-42 in 0.0 s"]]);
    expect(stack.outputs).toMatchObject({ deletedCount: 5, documentCount: 0, pending: [] });
  });

  test.each([
    ["fails", { kind: "serverError" }],
    ["never comes", { kind: "slow" }],
    ["is cut off", { kind: "reset", when: "afterEffect" }],
    ["is a page of HTML", { kind: "notJson" }],
    ["is a 404", { kind: "notFound", as: "html" }],
    ["has another shape", { kind: "wrongShape", body: { containers: [] } }],
    ["would have to wait an hour", { kind: "rateLimit", retryAfter: 3_600 }],
  ] as const)(
    "are not told when the list of containers %s, and the purge is complete all the same",
    async (_what, then) => {
      const faults = [{ match: { route: "containerTags.list" }, times: Infinity, then }] as const;
      const emulator = await startEmulator(some, { faults });
      const stack = new OneResourceStack(emulator, {
        config: { "supermemory:receipts": "receipts.jsonl", "supermemory:apiVersion": "v3" },
        cwd: folder,
      });
      const { error, lines } = await stack.up(args);
      expect([error, lines]).toEqual([undefined, ["deleted 5 documents in pr-42 in 0.0 s"]]);
      expect(receipts()).toMatchObject([{ result: "complete", deletedCount: 5, durationMs: 0 }]);
    },
  );
});

describe("a container that goes", () => {
  test("takes its memories along, as line, outputs and receipt say", async () => {
    const emulator = await startEmulator(some);
    const stack = new OneResourceStack(emulator, { config: { "supermemory:receipts": "receipts.jsonl" }, cwd: folder });
    const { lines } = await stack.up(whole);
    expect(lines).toEqual(["deleted container pr-42 with 5 documents and 4 memories in 0.0 s"]);
    expect(stack.outputs).toMatchObject({ scope: "container", deletedCount: 5, documentCount: 0 });
    expect(receipts()).toMatchObject([{ deletedCount: 5, deletedMemories: 4, kept: [], error: null }]);
    expect((await stack.destroy()).lines).toEqual([
      "nothing to delete: container pr-42 does not exist (5 documents deleted in total)",
    ]);
    expect(receipts()[1]).toMatchObject({ result: "complete", deletedCount: 0, deletedMemories: 0 });
    expect(emulator.containers()).toEqual({ other: 0, bystander: 3 });
  });

  test("is told apart from one that was not there", async () => {
    const emulator = await startEmulator(some);
    const { lines } = await new OneResourceStack(emulator).up({ ...whole, containerTags: ["pr-42", "gone"] });
    expect(lines).toEqual([
      "deleted container pr-42 with 5 documents and 4 memories in 0.0 s; container gone does not exist",
    ]);
  });

  test("has memories of an unknown number when the answer was lost", async () => {
    const fault = { match: { method: "DELETE" }, then: { kind: "reset", when: "afterEffect" } } as const;
    const emulator = await startEmulator(some, { faults: [fault] });
    const stack = new OneResourceStack(emulator, { config: { "supermemory:receipts": "receipts.jsonl" }, cwd: folder });
    const { lines } = await stack.up(whole);
    expect(lines).toEqual([
      matching(/^deleted container pr-42 with 5 documents and an unknown number of memories in \S+ s$/),
    ]);
    expect(receipts()).toMatchObject([{ deletedCount: 5, deletedMemories: null, estimated: false }]);
  });

  test("stays when the key is a member's, as the error says, and is pending", async () => {
    const emulator = await startEmulator(some, { apiKeys: [{ key: "sm_member", role: "member" }] });
    const stack = new OneResourceStack(emulator);
    expect((await stack.up(whole)).error).toEqual(containing("the key may not delete a whole container (403)"));
    expect(stack.outputs).toMatchObject({ deletedCount: 0, pending: [{ containerTag: "pr-42", event: "create" }] });
    expect(emulator.containers()).toMatchObject({ "pr-42": 5 });
  });
});

test("a receipt tells which documents were kept, and why, and no value of their metadata", async () => {
  const secret = "private-words";
  const documents = [{ metadata: { kind: secret } }, { metadata: { kind: secret }, alsoIn: ["live"] }, {}, {}];
  const emulator = await startEmulator({ "pr-42": { documents } });
  const stack = new OneResourceStack(emulator, { config: { "supermemory:receipts": "receipts.jsonl" }, cwd: folder });
  const how = { ...args, select: { metadata: { kind: secret } } };
  const previewed = await stack.preview(how);
  const { lines } = await stack.up(how);
  expect(lines[0]).toBe(
    'deleted 1 document in pr-42 in 0.0 s; kept 3 documents: 1 also in "live", which is protected, 2 not selected',
  );
  expect(receipts()).toMatchObject([
    {
      planned: 1,
      deletedCount: 1,
      remainingByTag: { "pr-42": 0 },
      kept: [
        { containerTag: "pr-42", reason: 'also in "live", which is protected', documents: 1 },
        { containerTag: "pr-42", reason: "not selected", documents: 2 },
      ],
    },
  ]);
  expect(stack.outputs).toMatchObject({ deletedCount: 1, documentCount: 3 });
  expect(JSON.stringify([receipts(), lines, previewed.lines])).not.toContain(secret);
});

function receipts(): readonly unknown[] {
  return readFileSync(join(folder, "receipts.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
}
