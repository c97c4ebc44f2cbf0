import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import { embeddedEngine, engineFor, titleOf } from "../engine";

const engines = [...new Set([engineFor(), embeddedEngine])];

test.each(engines.map((engine) => ({ engine, on: titleOf(engine) })))(
  "the demo purges one container, twice, and keeps the others as they were $on",
  async ({ engine }) => {
    const tsx = createRequire(__filename).resolve("tsx/cli");
    const documented = ["--import", join(__dirname, "../wire/child.mts")];
    const flags = engine === embeddedEngine ? ["--embedded"] : [];
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [tsx, ...documented, join(__dirname, "demo.ts"), ...flags],
      { timeout: 150_000 },
    );
    const table = stdout.slice(stdout.indexOf("container  ")).trimEnd().split("\n");
    expect(table.slice(1, 4).map((row) => row.split(/ {2,}/))).toEqual([
      ["pr-42", "24", "0", "17", "0"],
      ["pr-43", "9", "9", "-", "9", "untouched"],
      ["production", "31", "31", "-", "31", "untouched"],
    ]);
    const name = engine === embeddedEngine ? "embedded" : "Pulumi CLI v";
    expect(table.at(-1)).toMatch(/^up: deletedCount 24 · destroy: deletedCount 17 · engine: .+ · \d+\.\d s$/);
    expect(table.at(-1)).toContain(`engine: ${name}`);
    expect(stdout).not.toContain("\u001b");
  },
);
