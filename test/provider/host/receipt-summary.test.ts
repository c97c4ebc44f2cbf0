import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { numbersOf, type Receipt } from "../../../provider/host/receipt";
import { writeSummary } from "../../../provider/host/receipt-summary";

let path = "";

beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), "receipt-summary-")), "summary.md");
});

afterEach(() => {
  rmSync(join(path, ".."), { recursive: true });
});

const head = [
  "### Supermemory purges",
  "",
  "| Stack | Resource | Event | Containers | Planned | Deleted | Left | Result |",
  "| --- | --- | --- | --- | ---: | ---: | ---: | --- |",
];
const row = "| shop/pr-42 | memory | create | `pr-42` | 1,200 | 1,200 | 0 | complete in 0.4 s |";

describe("the summary of a step", () => {
  test("is one table with a row for each purge", () => {
    writeSummary(receipt, path);
    writeSummary(receipt, path);
    expect(lines()).toEqual([...head, row, row, ""]);
  });

  test("begins a table of its own after what others wrote", () => {
    appendFileSync(path, "# Tests\nall passed");
    writeSummary(receipt, path);
    appendFileSync(path, "\n# More\n");
    writeSummary(receipt, path);
    expect(lines()).toEqual(["# Tests", "all passed", "", ...head, row, "", "# More", "", ...head, row, ""]);
  });

  test("says what is left, what is kept and why it failed", () => {
    const kept = [
      { containerTag: "a", reason: "not selected", documents: 3 },
      { containerTag: "b", reason: "claimed by another", documents: null },
    ];
    writeSummary(
      {
        ...receipt,
        containerTags: ["a", "b", "c", "d"],
        events: ["update", "delete"],
        result: "incomplete",
        planned: 9,
        deletedCount: 4,
        estimated: true,
        deletedMemories: null,
        remainingByTag: { a: 5, b: null },
        kept,
        error: "the API said no",
      },
      path,
    );
    expect(lines().at(-2)).toBe(
      "| shop/pr-42 | memory | update, delete | `a`, `b`, `c` and 1 more | 9 | about 4, and an unknown number of memories | ? | **incomplete**: the API said no<br>kept 3 documents in `a`: not selected<br>kept `b`: claimed by another |",
    );
  });

  test("counts what was planned as left where nothing was begun", () => {
    const refused = { result: "refused", deletedCount: 0, remainingByTag: {}, error: "too many" } as const;
    writeSummary({ ...receipt, ...refused }, path);
    expect(lines().at(-2)).toContain("| 1,200 | 0 | 1,200 | **refused**: too many |");
    writeSummary({ ...receipt, ...refused, planned: null }, path);
    expect(lines().at(-2)).toContain("| ? | 0 | ? | **refused**: too many |");
  });

  test("takes nothing that it is told for Markdown or HTML, and keeps a row in its line", () => {
    const error = 'a | b\n<img src="x"> & [link](y) *bold* `code`';
    writeSummary({ ...receipt, result: "failed", containerTags: ["a|b"], error }, path);
    expect(lines().at(-2)).toMatch(/\| a\\\|b \| 1,200 .*\*\*failed\*\*: /);
    expect(lines().at(-2)).toContain('a \\| b<br>&lt;img src="x"> &amp; \\[link\\](y) \\*bold\\* \\`code\\` |');
  });

  test("keeps a row in its line whatever a name, a reason or an error holds", () => {
    const [urn, reason] = [`${receipt.urn ?? ""}\r| x |\n`, "a\rb\r\nc"];
    writeSummary({ ...receipt, urn, error: reason, kept: [{ containerTag: "t\r", reason, documents: 1 }] }, path);
    expect(readFileSync(path, "utf8")).not.toContain("\r");
    expect(lines()).toHaveLength(head.length + 2);
  });

  test("names five of many that were kept", () => {
    const kept = Array.from({ length: 7 }, (_, index) => ({ containerTag: `t${index}`, reason: "x", documents: 1 }));
    writeSummary({ ...receipt, kept }, path);
    expect(lines().at(-2)).toContain("kept 1 document in `t4`: x<br>and 2 more |");
  });
});

function lines(): readonly string[] {
  return readFileSync(path, "utf8").split("\n");
}

const receipt: Receipt = {
  schema: 1,
  time: "2026-01-01T00:00:00.000Z",
  urn: "urn:pulumi:pr-42::shop::pulumi-nodejs:dynamic/supermemory:ContainerPurge::memory",
  result: "complete",
  events: ["create"],
  containerTags: ["pr-42"],
  ...numbersOf(undefined, { planned: 1200, requests: 3, durationMs: 400 }),
  deletedCount: 1200,
  deletedByTag: { "pr-42": 1200 },
  remainingByTag: { "pr-42": 0 },
  kept: [],
  pending: [],
  apiHost: "api.supermemory.ai",
  apiVersion: "v3",
  packageVersion: "0.1.0",
  error: null,
};
