import { join } from "node:path";
import { startStack } from "../support/host-stack";
import { containing, matching } from "../support/host-matchers";
import type { SeedContainers } from "../support/host-emulator";
import { emptyFolder } from "../support/host-process";
import { receiptsIn } from "../support/host-receipts";

const args = { containerTags: ["pr-42"] };
const whole = { ...args, scope: "container" };
const some: SeedContainers = { "pr-42": { documents: 5, memories: 4 }, other: { documents: 0, memories: 9 } };
const one = { documents: 1, memories: 1 };
const log = { metadata: { kind: "log" } };
const logs = { select: log };
const all = "deleted 5 documents in pr-42 in 0.0 s";
const left = 'pr-42 still has 4 memories without a document. To delete memories, set scope: "container"';
const withReceipts = { "supermemory:receipts": "receipts.jsonl" };
let cwd = "";

beforeEach(() => {
  cwd = emptyFolder();
});

describe("memories without a document", () => {
  test.each(["v3", "v5"])(
    "are reported after a purge of documents over %s, for its own containers only",
    async (version) => {
      const { stack } = await startStack(some, { config: { "supermemory:apiVersion": version } });
      expect((await stack.up(args)).lines).toEqual([all, left]);
      expect((await stack.destroy()).lines).toEqual(["pr-42 is already empty (5 documents deleted in total)", left]);
    },
  );

  test.each<[string, SeedContainers, object, RegExp]>([
    ["one", { a: one }, {}, /^a still has 1 memory without a document/],
    [
      "those of all containers",
      { a: one, b: { ...one, memories: 2 }, c: 1 },
      {},
      /^(a and b|b and a) still have 3 memories without a /,
    ],
    ["none where there are none", { a: 5 }, {}, /^$/],
    ["none where kept documents may own them", { a: { documents: [{}, log], memories: 3 } }, logs, /^$/],
  ])("are reported in a second line: %s", async (_what, containers, how, line) => {
    const { stack } = await startStack(containers);
    const { lines } = await stack.up({ containerTags: Object.keys(containers), ...how });
    expect([lines.length <= 2, lines[1] ?? ""]).toEqual([true, matching(line)]);
  });

  test("are reported for a key that may not list containers, too", async () => {
    const apiKeys = [{ key: "scoped-key-0123456789", containerTags: ["pr-42"] }];
    const { stack } = await startStack(some, { apiKeys, config: { "supermemory:apiVersion": "v5" } });
    const { error, lines } = await stack.up(args);
    expect([error, lines]).toEqual([undefined, [all, left]]);
    expect(stack.outputs).toMatchObject({ deletedCount: 5, documentCount: 0, pending: [] });
  });

  test.each([
    ["v3", 8, 8, 0],
    ["v3", 9, 0, 1],
    ["v5", 8, 8, 0],
    ["v5", 9, 0, 0],
  ])(
    "of several containers cost a bounded number of requests on %s, for %d containers",
    async (version, ...numbers) => {
      const [containers, single, whole] = numbers;
      const tags = Array.from({ length: containers }, (_, index) => `a${index}-b`);
      const config = { "supermemory:apiVersion": version };
      const { emulator, stack } = await startStack(Object.fromEntries(tags.map((tag) => [tag, one])), { config });
      const { lines } = await stack.up({ containerTags: tags });
      const to = (path: RegExp) => emulator.requests.filter((request) => path.test(request.path)).length;
      expect([to(/list\/memories|memories\/list/), to(/container-tags\/list|namespaces/)]).toEqual([single, whole]);
      expect(lines.slice(1)).toEqual(
        single + whole === 0 ? [] : [matching(/ still have \d memories without a document/)],
      );
    },
  );

  test.each([
    ["fails", { kind: "serverError" }],
    ["never comes", { kind: "slow" }],
    ["is cut off", { kind: "reset", when: "afterEffect" }],
    ["is a page of HTML", { kind: "notJson" }],
    ["is a 404", { kind: "notFound", as: "html" }],
    ["has another shape", { kind: "wrongShape", body: { containers: [] } }],
    ["would have to wait an hour", { kind: "rateLimit", retryAfter: 3_600 }],
  ] as const)("are not told when the list of memories %s, and the purge is complete", async (_what, then) => {
    const faults = [{ match: { route: "memories.list" }, times: Infinity, then }] as const;
    const config = { ...withReceipts, "supermemory:apiVersion": "v3" };
    const { emulator, stack } = await startStack(some, { faults, config, cwd });
    const { error, lines } = await stack.up(args);
    expect([error, lines]).toEqual([undefined, [all]]);
    expect(receipts()).toMatchObject([{ result: "complete", deletedCount: 5, durationMs: 0 }]);
    // It is sent once.
    expect(emulator.requests.filter(({ route }) => route === "memories.list")).toHaveLength(1);
    // Whatever that list was answered with holds back no later operation.
    expect((await stack.destroy()).error).toBeUndefined();
  });
});

describe("a container that is deleted", () => {
  test("is deleted with its memories, as the message, the outputs and the receipt report", async () => {
    const { emulator, stack } = await startStack(some, { config: withReceipts, cwd });
    const { lines } = await stack.up({ ...whole, containerTags: ["pr-42", "gone"] });
    expect(lines).toEqual([
      "deleted container pr-42 with 5 documents and 4 memories in 0.0 s; container gone does not exist",
    ]);
    expect(stack.outputs).toMatchObject({ scope: "container", deletedCount: 5, documentCount: 0 });
    await stack.up(whole);
    expect((await stack.destroy()).lines).toEqual([
      "nothing to delete: container pr-42 does not exist (5 documents deleted in total)",
    ]);
    const first = { deletedCount: 5, deletedMemories: 4, kept: [], error: null };
    expect(receipts()[0]).toMatchObject(first);
    expect(receipts().at(-1)).toMatchObject({ result: "complete", deletedCount: 0, deletedMemories: 0 });
    expect(emulator.containers()).toEqual({ other: 0, bystander: 3 });
  });

  test("has an unknown number of memories when the response was lost", async () => {
    const faults = [{ match: { method: "DELETE" }, then: { kind: "reset", when: "afterEffect" } }] as const;
    const { stack } = await startStack(some, { faults, config: withReceipts, cwd });
    const { lines } = await stack.up(whole);
    expect(lines).toEqual([
      containing("deleted container pr-42 with about 5 documents and an unknown number of memories"),
    ]);
    expect(receipts()).toMatchObject([{ deletedCount: 5, deletedMemories: null, estimated: true }]);
  });

  test("is kept and pending when the key is a member's, and the error names the right that is missing", async () => {
    const { emulator, stack } = await startStack(some, { apiKeys: [{ key: "sm_member", role: "member" }] });
    expect((await stack.up(whole)).error).toContain("the key may not delete a whole container (403)");
    expect(stack.outputs).toMatchObject({ deletedCount: 0, pending: [{ containerTag: "pr-42", event: "create" }] });
    expect(emulator.containers()).toMatchObject({ "pr-42": 5 });
  });
});

test("a receipt lists which documents were kept and why, without values of their metadata", async () => {
  const secret = "private-words";
  const metadata = { kind: secret };
  const how = { ...args, select: { metadata } };
  const containers = { "pr-42": { documents: [{ metadata }, { metadata, alsoIn: ["live"] }, {}, {}] } };
  const { stack } = await startStack(containers, { config: withReceipts, cwd });
  const previewed = await stack.preview(how);
  const { lines } = await stack.up(how);
  const reason = 'also in "live", which is protected';
  expect(lines[0]).toBe(`deleted 1 document in pr-42 in 0.0 s; kept 3 documents: 1 ${reason}, 2 not selected`);
  const kept = [
    { containerTag: "pr-42", reason, documents: 1 },
    { containerTag: "pr-42", reason: "not selected", documents: 2 },
  ];
  expect(receipts()).toMatchObject([{ planned: 1, deletedCount: 1, remainingByTag: { "pr-42": 0 }, kept }]);
  expect(stack.outputs).toMatchObject({ deletedCount: 1, documentCount: 3 });
  expect(JSON.stringify([receipts(), lines, previewed.lines])).not.toContain(secret);
});

function receipts(): readonly unknown[] {
  return receiptsIn(join(cwd, "receipts.jsonl"));
}
