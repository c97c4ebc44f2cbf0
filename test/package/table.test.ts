import { matrix } from "./matrix";
import { rowsIn, tableOf, withTable } from "./table";

const page = "before\n\n<!-- npm run test:package writes this -->\nold\n<!-- up to here -->\n\nafter\n";
const [row] = matrix.filter(({ refusal }) => refusal === undefined);
const [refused] = matrix.filter(({ refusal }) => refusal !== undefined);
if (row === undefined || refused === undefined) throw new Error("the matrix has no such rows");

test("a table replaces the previous one and nothing else on the page", () => {
  const once = withTable(page, tableOf([{ row, outcome: { result: "ran" } }], "Run of today:"));
  expect(once).toMatch(/^before\n\n<!--[^]*-->\n\nafter\n$/);
  expect(once).not.toContain("old");
  expect(withTable(once, tableOf([{ row, outcome: { result: "ran" } }], "Run of today:"))).toBe(once);
});

test("only a row that ran shows yes; others show the reason", () => {
  const results = [
    { row, outcome: { result: "ran" } },
    { row: refused, outcome: { result: "ran" } },
    { row, outcome: { result: "failed", why: "types: exit code 2\nmany lines" } },
    { row, outcome: { result: "not run", why: "node@99.0.0 could not be installed" } },
  ] as const;
  const last = rowsIn(withTable(page, tableOf(results, ""))).map((cells) => cells.at(-1));
  expect(last).toEqual([
    "yes",
    `no, the SDK fails: \`${refused.refusal ?? ""}\``,
    "failed: types: exit code 2",
    "not run: node@99.0.0 could not be installed",
  ]);
});

test("a page without the marks of the table is an error", () => {
  expect(() => withTable("no place", "")).toThrow("the page has no place for the table");
});
