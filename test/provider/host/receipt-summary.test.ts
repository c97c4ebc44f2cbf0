import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeSummary } from "../../../provider/host/receipt-summary";
import { emptyFolder } from "../support/host-process";
import { receipt } from "../support/host-receipts";

let path = "";

beforeEach(() => {
  path = join(emptyFolder(), "summary.md");
});

const head = [
  "### Supermemory purges",
  "",
  "| Stack | Resource | Event | Containers | Planned | Deleted | Left | Result |",
  "| --- | --- | --- | --- | ---: | ---: | ---: | --- |",
];
const row = "| shop/pr-42 | memory | create | `pr-42` | 1,200 | 1,200 | 0 | complete in 0.4 s |";

describe("the summary of a step", () => {
  test("is one table with a row for each purge, and begins a new one after what others wrote", () => {
    appendFileSync(path, "# Tests\nall passed");
    writeSummary(receipt, path);
    writeSummary(receipt, path);
    appendFileSync(path, "\n# More\n");
    writeSummary(receipt, path);
    expect(lines()).toEqual(["# Tests", "all passed", "", ...head, row, row, "", "# More", "", ...head, row, ""]);
  });

  test("begins the file with its table", () => {
    writeSummary(receipt, path);
    expect(lines()).toEqual([...head, row, ""]);
  });

  test("shows what is left, what is kept and why it failed", () => {
    const kept = [
      { containerTag: "a", reason: "not selected", documents: 3 },
      { containerTag: "b", reason: "claimed by another", documents: null },
    ];
    const numbers = { planned: 9, deletedCount: 4, estimated: true, deletedMemories: null } as const;
    const incomplete = { ...numbers, result: "incomplete", remainingByTag: { a: 5, b: null }, kept } as const;
    const what = {
      containerTags: ["a", "b", "c", "d"],
      events: ["update", "delete"],
      error: "the API said no",
    } as const;
    writeSummary({ ...receipt, ...incomplete, ...what }, path);
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

  test("escapes Markdown and HTML, and keeps a row on one line", () => {
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
