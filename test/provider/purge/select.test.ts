import type { DocumentRow } from "../../../provider/client/api";
import { type Judge, judge, type Verdict } from "../../../provider/purge/select";
import type { DocumentFilter } from "../../../provider/purge/types";
import { type Json, withRows } from "../support/relay";
import { byIds, idsOf, type Story, tell, testStories, versions } from "../support/stories";
import { guardrails, type World } from "../support/world";

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
  [
    "a condition named __proto__ that it does not meet",
    { metadata: Object.fromEntries([["__proto__", "log"]]) },
    false,
  ],
  ["a name that every object has", { metadata: { constructor: "log" } }, false],
  ["several fields of which one does not fit", { olderThanMs: 1, status: ["failed"] }, false],
  ["all fields that fit", { olderThanMs: 1, newerThanMs: 9_999, status: ["done"], metadata: { size: 7 } }, true],
])("selects or keeps a document with %s", (_what, select, goes) => {
  expect(verdict(row, select)).toEqual(goes ? { kind: "delete" } : { kind: "keep", reason: "not selected" });
});

test("keeps a document without metadata if select needs it, with the reason", () => {
  const untold = { ...row, metadata: undefined };
  const reasonFor = (select: DocumentFilter) => ({ reason: undefined, ...verdict(untold, select) }).reason;
  expect(reasonFor({ metadata: { kind: "log" } })).toBe("with metadata that the API does not return");
  expect(reasonFor({ status: ["failed"], metadata: { kind: "log" } })).toBe("not selected");
  expect(verdict(untold, { status: ["done"] })).toEqual({ kind: "delete" });
});

test("metadata that contains a list or an object matches no value", () => {
  const odd = { ...row, metadata: { list: ["log"], deep: { kind: "log" }, none: null } };
  for (const name of ["list", "deep", "none"]) expect(verdict(odd, { metadata: { [name]: "log" } }).kind).toBe("keep");
});

test.each<[string, readonly string[] | undefined, Shared, Verdict]>([
  ["its own tag only", ["pr-42"], "keep", { kind: "delete" }],
  ["another purged tag", ["pr-42", "pr-43"], "keep", { kind: "delete" }],
  ["a purged tag that comes first", ["pr-41", "pr-42"], "delete", { kind: "elsewhere", containerTag: "pr-41" }],
  ["an outside tag", ["pr-42", "elsewhere"], "delete", { kind: "delete" }],
  ["an outside tag", ["pr-42", "elsewhere"], "keep", { kind: "keep", reason: "also in other containers" }],
  ["an outside tag", ["pr-42", "elsewhere"], "refuse", { kind: "delete", outside: "elsewhere" }],
  ...(["delete", "keep", "refuse"] as const).map((shared): [string, readonly string[], Shared, Verdict] => [
    "a protected tag",
    ["pr-42", "elsewhere", "live"],
    shared,
    { kind: "keep", reason: 'also in "live", which is protected', isProtected: true },
  ]),
  ["no tags that the API returns", undefined, "delete", { kind: "delete" }],
  ["no tags that the API returns", undefined, "keep", noTags],
  ["no tags that the API returns", undefined, "refuse", noTags],
])(
  "decides about a document with %s (%j) if sharedDocuments is %s",
  (_what, containerTags, sharedDocuments, expected) => {
    const targets = [{ containerTag: "pr-41", event: "create" } as const, target, { ...target, containerTag: "pr-43" }];
    const method = { ...byIds, sharedDocuments };
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

const log = { metadata: { kind: "log" } };
const at = (minutes: number) => ({ createdAt: new Date(now - minutes * 60_000).toISOString() });
const four = [
  { content: "old", ...at(90), ...log },
  { content: "failed", ...at(50), failed: true, processing: 1 },
  { content: "note", ...at(50), metadata: { kind: "note" } },
  { content: "new", ...at(10), ...log },
];

describe.each(versions)("select on %s", (apiVersion) => {
  test.each<[string, DocumentFilter]>([
    ["old", { olderThanMs: 3_600_000 }],
    ["new", { newerThanMs: 1_800_000 }],
    ["failed", { status: ["failed"] }],
    ["note", { metadata: { kind: "note" } }],
  ])("deletes the document that is %s, and keeps the others", async (goes, select) => {
    const { world } = await tell({
      apiVersion,
      containers: { "pr-42": { documents: four } },
      method: { ...byIds, select },
      deleted: 1,
      results: [{ planned: 1, lastSeen: 3, kept: [{ reason: "not selected", documents: 3 }] }],
    });
    expect(contents(world)).toEqual(four.map(({ content }) => content).filter((content) => content !== goes));
  });
});

test("keeps documents for which the API omits what select needs, and counts them as kept", async () => {
  const documents = Array.from({ length: 12 }, (_, index) => ({ content: `text ${index}`, ...log }));
  const { world } = await tell({
    containers: { "pr-42": { documents } },
    relay: (started) => {
      const untold = idsOf(started, 0, 5);
      const hide = ({ metadata, ...rest }: Json) =>
        untold.includes(String(rest["id"])) ? rest : { ...rest, metadata };
      return { answer: (body) => withRows(body, hide) };
    },
    method: { ...byIds, select: log },
    deleted: 7,
    results: [{ lastSeen: 5, kept: [{ documents: 5, reason: "with metadata that the API does not return" }] }],
  });
  expect(contents(world)).toEqual([0, 1, 2, 3, 4].map((index) => `text ${index}`));
});

describe("documents that other containers hold too", () => {
  const both = ["pr-42", "pr-43"];
  const of42 = [
    { content: "alone" },
    { content: "both", alsoIn: ["pr-43"] },
    { content: "out", alsoIn: ["elsewhere"] },
  ];
  const many = [{ alsoIn: ["elsewhere"] }, ...Array.from({ length: 320 }, () => ({}))];

  test("are deleted with sharedDocuments keep if only purged containers hold them", async () => {
    const { world } = await tell({
      containers: { "pr-42": { documents: of42 }, "pr-43": 1 },
      tags: both,
      method: { ...byIds, sharedDocuments: "keep" },
      event: "delete",
      deleted: 3,
      results: [{ deleted: 2 }, { deleted: 1 }],
      left: { elsewhere: 1, "pr-42": 1, "pr-43": 0 },
    });
    expect(contents(world)).toEqual(["out"]);
  });

  testStories({
    "are refused with sharedDocuments refuse, whatever their page": {
      containers: { "pr-42": { documents: many } },
      method: { ...byIds, sharedDocuments: "refuse" },
      fails:
        /^1 document in pr-42 also carries tags outside this purge, such as "elsewhere", and .*; nothing was deleted\n/,
      deleted: 0,
    },
    ...Object.fromEntries(
      versions.map((apiVersion): [string, Story] => [
        `are counted and deleted once by ids on ${apiVersion}`,
        {
          apiVersion,
          concurrency: 1,
          containers: { "pr-42": { documents: 130, each: { alsoIn: ["pr-43"] } }, "pr-43": 5 },
          tags: both,
          method: byIds,
          deleted: 135,
        },
      ]),
    ),
  });
});

function contents({ emulator }: World): readonly unknown[] {
  return emulator.documents("pr-42").map(({ content }) => content);
}

function verdict(document: DocumentRow, select: DocumentFilter, rest: Partial<Judge> = {}) {
  return judge(document, target, {
    method: { ...byIds, select },
    now,
    rules: guardrails(),
    targets: [target],
    ...rest,
  });
}
