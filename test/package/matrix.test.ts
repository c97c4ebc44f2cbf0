import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { cellsOf, matrix, nameOf } from "./matrix";
import { programs } from "./programs";
import { rowsIn, tableOf, withTable, words } from "./table";
import { versions } from "./versions";

const root = join(__dirname, "..", "..");
const manifest = z
  .object({
    engines: z.object({ node: z.string() }),
    peerDependencies: z.object({ "@pulumi/pulumi": z.string() }),
    devDependencies: z.object({ typescript: z.string() }),
  })
  .parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));

test("the table in docs/compatibility.md has every row of the matrix, with the expected result", () => {
  const table = rowsIn(readFileSync(join(root, "docs/compatibility.md"), "utf8"));
  expect(table).toEqual(matrix.map((row) => [...cellsOf(row), words(row, { result: "ran" })]));
});

test("the matrix has the oldest Node together with the oldest SDK that package.json allows", () => {
  const { node, pulumi } = versions;
  expect(manifest.engines.node).toBe(`>=${node.lowest}`);
  expect(manifest.peerDependencies["@pulumi/pulumi"]).toBe(`^${pulumi.oldest}`);
  expect(matrix.some((row) => row.node === node.lowest && row.pulumi === pulumi.oldest)).toBe(true);
});

test("the matrix has Node 20, 22 and 24, the newest SDK, each package manager and each kind of program", () => {
  const majors = new Set(matrix.map((row) => row.node.split(".")[0]));
  expect([...majors].sort()).toEqual(["20", "22", "24"]);
  expect(matrix.filter((row) => row.pulumi === versions.pulumi.newest).length).toBeGreaterThan(0);
  const installers = new Set(matrix.map(({ installer }) => installer));
  expect([...installers].sort()).toEqual(["bun", "npm", "npm --legacy-peer-deps", "pnpm", "yarn 1", "yarn 4"]);
  expect(new Set(matrix.map(({ program }) => program))).toEqual(new Set(Object.values(programs)));
  expect(matrix.some(({ layout }) => layout === "workspace")).toBe(true);
});

test("the matrix has the TypeScript version that builds this package", () => {
  expect(versions.typescript.ts6).toBe(manifest.devDependencies.typescript);
});

test("each row has a unique name", () => {
  expect(new Set(matrix.map(nameOf)).size).toBe(matrix.length);
});

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
