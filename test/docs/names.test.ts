import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { configNames } from "../../provider/config/names";
import { allPages, readPage, repository } from "./support/blocks";
import { scriptNames } from "./support/known-commands";

/** Where variables are read: the package, the application of an example, and the audit of the wire. */
const sources = ["provider", "examples/ephemeral-environment", "test/wire"].map(textBelow).join("\n");

describe.each(allPages)("%s", (page) => {
  const text = readPage(page);

  test("names environment variables that the code reads", () => {
    const unknown = found(text, /\b(SUPERMEMORY_[A-Z_]+)\b/g).filter((name) => !isRead(name));
    expect(unknown).toEqual([]);
  });

  test("names configuration keys that the code reads", () => {
    const keys = found(text, /(?<!dynamic\/)supermemory:([a-zA-Z]+)/g).filter((key) => key !== "index");
    expect(keys.filter((key) => !configNames.some((name) => name === key))).toEqual([]);
  });

  test("names npm scripts that exist", () => {
    expect(found(text, /npm run ([\w:-]+)/g).filter((script) => !scriptNames.includes(script))).toEqual([]);
  });

  test("names source files that exist", () => {
    const files = found(text, /`([\w-]+\/[\w/.-]+\.m?ts)`/g);
    expect(
      files.filter((file) => !["", "provider", dirname(page)].some((root) => existsSync(join(repository, root, file)))),
    ).toEqual([]);
  });

  test("links to files and headings that exist", () => {
    const links = found(text, /\]\(([^)]+)\)/g).filter((link) => !/^https?:/.test(link));
    expect(links.filter((link) => !leads(page, link))).toEqual([]);
  });
});

const policy = readPage("SECURITY.md");
const threats = [...policy.matchAll(/^### (.+)$/gm)].map(([, threat]) => threat);
const rows = [...policy.matchAll(/^\| ([^|]+) \| (`[^|]+`) \|$/gm)];
const files = rows.flatMap(([, , cell = ""]) => [...cell.matchAll(/`([^`]+)`/g)].map(([, file = ""]) => file));

test("the table of SECURITY.md has one row for each threat", () => {
  expect(rows.map(([, threat]) => threat)).toEqual(threats);
});

test("the table of SECURITY.md names only tests that exist, and every test with a hostile server", () => {
  expect(files.filter((file) => !existsSync(join(repository, file)))).toEqual([]);
  const hostile = readdirSync(join(repository, "test/provider/hostile")).map((name) => `test/provider/hostile/${name}`);
  expect(hostile.filter((file) => !files.includes(file))).toEqual([]);
});

function found(text: string, pattern: RegExp): readonly string[] {
  return [...new Set([...text.matchAll(pattern)].map(([, name = ""]) => name))];
}

/** A variable of one provider instance has the instance's name at its end. */
function isRead(name: string): boolean {
  const known = name.startsWith("SUPERMEMORY_PURGE_API_KEY_") ? "SUPERMEMORY_PURGE_API_KEY_${" : name;
  return sources.includes(known);
}

function leads(page: string, link: string): boolean {
  const [path = "", heading] = link.split("#");
  const target = path === "" ? page : join(dirname(page), path);
  if (!existsSync(join(repository, target))) return false;
  return heading === undefined || headingsOf(readPage(target)).includes(heading);
}

/** As GitHub makes them. */
function headingsOf(text: string): readonly string[] {
  return found(text, /^#+ (.+)$/gm).map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, "")
      .replace(/ /g, "-"),
  );
}

function textBelow(folder: string): string {
  return readdirSync(join(repository, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(join(repository, folder, name), "utf8"))
    .join("\n");
}
