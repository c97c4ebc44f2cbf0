import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { readPage, repository } from "./support/blocks";

const page = readPage("SECURITY.md");
const threats = [...page.matchAll(/^### (.+)$/gm)].map(([, threat]) => threat);
const rows = [...page.matchAll(/^\| ([^|]+) \| (`[^|]+`) \|$/gm)];
const files = rows.flatMap(([, , cell = ""]) => [...cell.matchAll(/`([^`]+)`/g)].map(([, file = ""]) => file));

test("the table has one row for each threat", () => {
  expect(rows.map(([, threat]) => threat)).toEqual(threats);
});

test("the table names only tests that exist, and every test with a hostile server", () => {
  expect(files.filter((file) => !existsSync(join(repository, file)))).toEqual([]);
  const hostile = readdirSync(join(repository, "test/provider/hostile")).map((name) => `test/provider/hostile/${name}`);
  expect(hostile.filter((file) => !files.includes(file))).toEqual([]);
});
