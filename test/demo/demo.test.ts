import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import { excerpt, rowsOf, svgOf, textOf } from "./screen";

let stdout = "";

beforeAll(async () => {
  const tsx = createRequire(__filename).resolve("tsx/cli");
  const documented = ["--import", join(__dirname, "../wire/child.mts")];
  const run = promisify(execFile)(process.execPath, [tsx, ...documented, join(__dirname, "demo.ts")], {
    env: { ...process.env, FORCE_COLOR: undefined },
    timeout: 150_000,
  });
  ({ stdout } = await run);
});

test("the demo purges one container twice and leaves the others unchanged", () => {
  const table = stdout.slice(stdout.indexOf("container  ")).trimEnd().split("\n");
  expect(table.slice(1, 4).map((row) => row.split(/ {2,}/))).toEqual([
    ["pr-42", "24", "0", "17", "0"],
    ["pr-43", "9", "9", "-", "9", "untouched"],
    ["production", "31", "31", "-", "31", "untouched"],
  ]);
  expect(table.at(-1)).toMatch(/^up: deletedCount 24 · destroy: deletedCount 17 · engine: .+ · \d+\.\d s$/);
  expect(stdout).not.toContain("\u001b");
});

test("the picture shows what the demo prints today; npm run demo:picture renews it", async () => {
  const today = textOf(svgOf(await rowsOf(excerpt(`$ npm run demo\n${stdout}`))));
  const picture = textOf(readFileSync(join(__dirname, "../../docs/demo.svg"), "utf8"));
  expect(picture.map(masked)).toEqual(today.map(masked));
});

/** A line without what differs from run to run: the port, durations and the engine. */
function masked(line: string): string {
  return line
    .replace(/:\d{4,5}$/, ":PORT")
    .replace(/\d+\.\d s/, "N s")
    .replace(/(^Pulumi|engine): .*/, "$1: ENGINE");
}
