import type { DocumentRow } from "../../../provider/client/api";
import { type Judge, judge, type Verdict } from "../../../provider/purge/select";
import type { PurgeMethod, DocumentFilter } from "../../../provider/purge/types";
import { startRelay, withRows } from "../support/relay";
import { expectSound, guardrails, purgeTags, startWorld } from "../support/world";

const now = Date.UTC(2026, 0, 1);
type Shared = "delete" | "keep" | "refuse";
const noTags: Verdict = { kind: "keep", reason: "with tags that the API does not return" };
const target = { containerTag: "pr-42", event: "create" } as const;
const row: DocumentRow = {
  id: "a",
  createdAt: now - 1_000,
  status: "done",
  containerTags: ["pr-42"],
  metadata: { kind: "log", size: 7, keep: false },
};

test.each<[string, DocumentFilter, boolean]>([
  ["olderThan that it exceeds", { olderThanMs: 999 }, true],
  ["olderThan that it just reaches", { olderThanMs: 1_000 }, false],
  ["olderThan beyond its age", { olderThanMs: 1_001 }, false],
  ["newerThan beyond its age", { newerThanMs: 1_001 }, true],
  ["newerThan that it just reaches", { newerThanMs: 1_000 }, false],
  ["newerThan below its age", { newerThanMs: 999 }, false],
  ["its own status among others", { status: ["done", "failed"] }, true],
  ["another status", { status: ["failed"] }, false],
  ["one value of its metadata", { metadata: { kind: "log" } }, true],
  ["several values of its metadata", { metadata: { kind: "log", size: 7, keep: false } }, true],
  ["one value that is another", { metadata: { kind: "log", size: 8 } }, false],
  ["the same number as text", { metadata: { size: "7" } }, false],
  ["a name that it does not hold", { metadata: { other: "log" } }, false],
  ["a name that every object has", { metadata: { constructor: "log" } }, false],
  ["several fields of which one does not fit", { olderThanMs: 1, status: ["failed"] }, false],
  ["all fields that fit", { olderThanMs: 1, newerThanMs: 9_999, status: ["done"], metadata: { size: 7 } }, true],
])("selects or keeps a document with %s", (_what, select, goes) => {
  expect(verdict(row, select)).toEqual(goes ? { kind: "delete" } : { kind: "keep", reason: "not selected" });
});

test("keeps a document without metadata if select needs it, and says why", () => {
  const untold = { ...row, metadata: undefined };
  expect(verdict(untold, { metadata: { kind: "log" } })).toEqual({
    kind: "keep",
    reason: "with metadata that the API does not return",
  });
  expect(verdict(untold, { status: ["failed"], metadata: { kind: "log" } })).toEqual({
    kind: "keep",
    reason: "not selected",
  });
  expect(verdict(untold, { status: ["done"] })).toEqual({ kind: "delete" });
});

test("metadata that contains a list or an object matches no value", () => {
  const odd = { ...row, metadata: { list: ["log"], deep: { kind: "log" }, none: null } };
  for (const name of ["list", "deep", "none"]) expect(verdict(odd, { metadata: { [name]: "log" } }).kind).toBe("keep");
});

test.each<[string, readonly string[] | undefined, Shared, Verdict]>([
  ["its own tag only", ["pr-42"], "keep", { kind: "delete" }],
  ["another purged tag", ["pr-42", "pr-43"], "keep", { kind: "delete" }],
  ["a purged tag that comes first", ["pr-41", "pr-42"], "delete", { kind: "elsewhere" }],
  ["an outside tag", ["pr-42", "elsewhere"], "delete", { kind: "delete" }],
  ["an outside tag", ["pr-42", "elsewhere"], "keep", { kind: "keep", reason: "also in other containers" }],
  ["an outside tag", ["pr-42", "elsewhere"], "refuse", { kind: "delete", outside: "elsewhere" }],
  ...(["delete", "keep", "refuse"] as const).map((shared): [string, readonly string[], Shared, Verdict] => [
    "a protected tag",
    ["pr-42", "elsewhere", "live"],
    shared,
    { kind: "keep", reason: 'also in "live", which is protected' },
  ]),
  ["no tags that the API returns", undefined, "delete", { kind: "delete" }],
  ["no tags that the API returns", undefined, "keep", noTags],
  ["no tags that the API returns", undefined, "refuse", noTags],
])(
  "decides about a document with %s (%j) if sharedDocuments is %s",
  (_what, containerTags, sharedDocuments, expected) => {
    const targets = [{ containerTag: "pr-41", event: "create" } as const, target, { ...target, containerTag: "pr-43" }];
    const method = { kind: "ids", select: undefined, sharedDocuments } as const;
    expect(verdict({ ...row, containerTags }, {}, { targets, method })).toEqual(expected);
  },
);

test("deletes a document with an allowed protected tag, and keeps one that is not selected", () => {
  const rules = guardrails({ allowProtectedTags: { managed: ["live"], removed: [] } });
  const shared = { ...row, containerTags: ["pr-42", "live"] };
  expect(verdict(shared, { status: ["done"] }, { rules })).toEqual({ kind: "delete" });
  expect(verdict({ ...row, containerTags: ["pr-42", "elsewhere"] }, { status: ["failed"] })).toEqual({
    kind: "keep",
    reason: "not selected",
  });
});

test("keeps documents for which the API omits what select needs, and counts them as kept", async () => {
  const documents = Array.from({ length: 12 }, (_, index) => ({ content: `text ${index}`, metadata: { kind: "log" } }));
  const world = await startWorld({ containers: { "pr-42": { documents } } });
  const untold = new Set(
    world.emulator
      .documents("pr-42")
      .slice(0, 5)
      .map(({ id }) => id),
  );
  const { api } = await startRelay(world, {
    answer: (body) =>
      withRows(body, ({ metadata, ...rest }) => (untold.has(String(rest["id"])) ? rest : { ...rest, metadata })),
  });
  const method: PurgeMethod = { kind: "ids", select: { metadata: { kind: "log" } }, sharedDocuments: "delete" };
  const outcome = await purgeTags(world, ["pr-42"], { method, session: { api } });
  expect(outcome).toMatchObject({ deleted: 7, tags: [{ done: true, lastSeen: 5 }] });
  expect(outcome.tags[0]?.kept).toEqual([{ documents: 5, reason: "with metadata that the API does not return" }]);
  expect(new Set(world.emulator.documents("pr-42").map(({ id }) => id))).toEqual(untold);
  expectSound(world, 7);
});

test.each(["v3", "v5"] as const)("select works on %s alike, for each of its fields", async (apiVersion) => {
  const at = (minutes: number): string => new Date(now - minutes * 60_000).toISOString();
  const documents = [
    { content: "old", createdAt: at(90), metadata: { kind: "log" } },
    { content: "new", createdAt: at(10), metadata: { kind: "log" } },
    { content: "failed", createdAt: at(50), failed: true, processing: 1 },
    { content: "note", createdAt: at(50), metadata: { kind: "note" } },
  ];
  const cases: readonly (readonly [DocumentFilter, string])[] = [
    [{ olderThanMs: 3_600_000 }, "old"],
    [{ newerThanMs: 1_800_000 }, "new"],
    [{ status: ["failed"] }, "failed"],
    [{ metadata: { kind: "note" } }, "note"],
  ];
  for (const [select, goes] of cases) {
    const world = await startWorld({ apiVersion, containers: { "pr-42": { documents } } });
    const outcome = await purgeTags(world, ["pr-42"], { method: { kind: "ids", select, sharedDocuments: "delete" } });
    expect(outcome).toMatchObject({ planned: 1, deleted: 1, tags: [{ lastSeen: 3, kept: [{ documents: 3 }] }] });
    const left = world.emulator.documents("pr-42").map(({ content }) => content);
    expect(left).toEqual(
      documents
        .map(({ content }) => content)
        .filter((content) => content !== goes)
        .sort(byAge),
    );
    expectSound(world, 1);
  }
});

function byAge(left: string, right: string): number {
  const order = ["old", "failed", "note", "new"];
  return order.indexOf(left) - order.indexOf(right);
}

function verdict(document: DocumentRow, select: DocumentFilter, rest: Partial<Judge> = {}) {
  const method = { kind: "ids", select, sharedDocuments: "delete" } as const;
  return judge(document, target, { method, now, rules: guardrails(), targets: [target], ...rest });
}
