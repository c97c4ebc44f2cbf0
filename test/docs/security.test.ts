import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { readPage, repository } from "./support/blocks";
import { describePage } from "./support/page";

describePage("SECURITY.md");

const page = readPage("SECURITY.md");
const threats = [...page.matchAll(/^### (.+)$/gm)].map(([, threat]) => threat);
const rows = [...page.matchAll(/^\| ([^|]+) \| (`[^|]+`) \|$/gm)];
const files = rows.flatMap(([, , cell = ""]) => [...cell.matchAll(/`([^`]+)`/g)].map(([, file = ""]) => file));

test("each threat has tests, and there is none of another", () => {
  expect(rows.map(([, threat]) => threat)).toEqual(threats);
});

test("the tests that it names are there, and those with hostile servers are all named", () => {
  expect(files.filter((file) => !existsSync(join(repository, file)))).toEqual([]);
  const hostile = readdirSync(join(repository, "test/provider/hostile")).map((name) => `test/provider/hostile/${name}`);
  expect(hostile.filter((file) => !files.includes(file))).toEqual([]);
});
