import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import { embeddedEngine, type Engine, engineFor, titleOf } from "../engine";
import { excerpt, rowsOf, svgOf, textOf } from "./screen";

const engines = [...new Set([engineFor(), embeddedEngine])];

test.each(engines.map((engine) => ({ engine, on: titleOf(engine) })))(
  "the demo empties the container of its stack, refuses production and keeps the others, as its picture shows $on",
  async ({ engine }) => {
    const stdout = await demo(engine);
    const table = stdout.slice(stdout.indexOf("container  ")).trimEnd().split("\n");
    expect(table.slice(1, 4).map((row) => row.split(/ {2,}/))).toEqual([
      ["shop:pr-43", "9", "9", "untouched"],
      ["shop:production", "31", "31", "untouched"],
      ["shop:pr-42", "24", "0", "emptied"],
    ]);
    expect(Math.max(...table.map(({ length }) => length))).toBeLessThanOrEqual(80);
    expect(table.at(-1)).toMatch(/^destroy: deletedCount 24 · \d+\.\d s$/);
    expect(stdout).toContain('the name of the stack "production" contains the protected segment "production"');
    expect(stdout).toMatch(/^ +deleted 24 documents in shop:pr-42 in \d+\.\d s$/m);
    expect(stdout).toContain(`\nPulumi: ${engine === embeddedEngine ? "embedded" : "Pulumi CLI v"}`);
    expect(stdout).not.toContain("\u001b");
    if (engine !== embeddedEngine) return;
    const today = textOf(svgOf(await rowsOf(excerpt(`$ npm run demo\n${stdout}`))));
    // npm run demo:picture renews it.
    const picture = textOf(readFileSync(join(__dirname, "../../docs/demo.svg"), "utf8"));
    expect(picture.map(masked)).toEqual(today.map(masked));
  },
);

async function demo(engine: Engine): Promise<string> {
  const tsx = createRequire(__filename).resolve("tsx/cli");
  const documented = ["--import", join(__dirname, "../wire/child.mts")];
  const flags = engine === embeddedEngine ? ["--embedded"] : [];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [tsx, ...documented, join(__dirname, "demo.ts"), ...flags],
    { env: { ...process.env, FORCE_COLOR: undefined }, timeout: 150_000 },
  );
  return stdout;
}

/** A line without what differs from run to run: the port, durations and the engine. */
function masked(line: string): string {
  return line
    .replace(/:\d{4,5}$/, ":PORT")
    .replace(/\d+\.\d s/, "N s")
    .replace(/^Pulumi: .*/, "Pulumi: ENGINE");
}
