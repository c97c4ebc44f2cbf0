import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { repository } from "./support/blocks";

test("the reference is what npm run docs makes of the source", async () => {
  const folder = mkdtempSync(join(tmpdir(), "reference-"));
  try {
    const typedoc = join(repository, "node_modules", "typedoc", "bin", "typedoc");
    await promisify(execFile)(process.execPath, [typedoc, "--out", folder], { cwd: repository, timeout: 150_000 });
    const stale = [...filesIn(folder)].filter(([name, text]) => committed.get(name) !== text).map(([name]) => name);
    expect(stale).toEqual([]);
    expect([...committed.keys()]).toEqual([...filesIn(folder).keys()]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

const committed = filesIn(join(repository, "docs", "reference"));

function filesIn(folder: string): ReadonlyMap<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .sort();
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}
