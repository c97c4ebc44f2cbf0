/**
 * `npm run test:package` installs the packed tarball in a clean folder with each package manager, and uses it in each
 * kind of program; see matrix.ts. `-- --only pnpm` runs the rows whose name contains that text. `-- --write` writes the
 * table of a complete run to docs/compatibility.md.
 */
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { run } from "./command";
import { matrix, nameOf } from "./matrix";
import { runRow } from "./run-row";
import { type Result, tableOf, withTable } from "./table";
import { openToolbox } from "./toolbox";
import { openAuditor } from "../wire/open-auditor";

const repository = resolve(__dirname, "../..");
const page = join(repository, "docs/compatibility.md");

async function main(): Promise<void> {
  const { only, write } = optionsOf(process.argv.slice(2));
  const rows = matrix.filter((row) => only === undefined || nameOf(row).includes(only));
  if (rows.length === 0) throw new Error(`no row name contains "${only ?? ""}"`);
  const folder = mkdtempSync(join(realpathSync(tmpdir()), "package-"));
  const stop = new AbortController();
  process.once("SIGINT", () => {
    stop.abort(new Error("interrupted"));
  });
  try {
    globalThis.wireAuditor = await openAuditor();
    console.log("npm pack, publint, attw");
    const tarball = await packTarball(folder, stop.signal);
    const toolbox = openToolbox(folder, stop.signal);
    const results: Result[] = [];
    for (const [index, row] of rows.entries()) {
      console.log(`${index + 1}/${rows.length} ${nameOf(row)}`);
      const outcome = await runRow(row, join(folder, `row-${index + 1}`), { toolbox, tarball, stop: stop.signal });
      stop.signal.throwIfAborted();
      if (outcome.result !== "ran") console.error(`  ${outcome.result}: ${outcome.why}`);
      results.push({ row, outcome });
    }
    report(results, write);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Packs the package as a release does, and checks the tarball with publint and attw.
 *
 * @throws Error when packing fails or one of them finds a problem
 */
async function packTarball(folder: string, stop: AbortSignal): Promise<string> {
  const options = { cwd: repository, env: process.env, stop };
  await run(["npm", "pack", "--pack-destination", folder], options);
  const [name] = readdirSync(folder).filter((file) => file.endsWith(".tgz"));
  if (name === undefined) throw new Error("npm pack made no tarball");
  const tarball = join(folder, name);
  await run(["npx", "--no-install", "publint", "--strict", tarball], options);
  await run(["npx", "--no-install", "attw", tarball, "--profile", "node16"], options);
  return tarball;
}

function report(results: readonly Result[], write: boolean): void {
  const date = new Date().toISOString().slice(0, 10);
  const table = tableOf(results, `Run of ${date} on ${process.platform}, ${process.arch}:`);
  console.log(`\n${table}\n`);
  const count = (wanted: string) => results.filter(({ outcome }) => outcome.result === wanted).length;
  console.log(`${count("ran")} as expected, ${count("failed")} failed, ${count("not run")} not run`);
  if (count("failed") > 0) process.exitCode = 1;
  else if (write) writeFileSync(page, withTable(readFileSync(page, "utf8"), table));
  // In CI every tool is available, so a row that was not run is an error.
  if (count("not run") > 0 && process.env["CI"] === "true") process.exitCode = 1;
}

function optionsOf(args: readonly string[]): { readonly only: string | undefined; readonly write: boolean } {
  const { values } = parseArgs({ args: [...args], options: { only: { type: "string" }, write: { type: "boolean" } } });
  const { only, write = false } = values;
  if (write && only !== undefined) throw new RangeError("--write needs a complete run: remove --only");
  return { only, write };
}

main().catch((error: unknown) => {
  console.error(
    `${error instanceof Error ? error.message : String(error)}\nusage: npm run test:package -- [--only text] [--write]`,
  );
  process.exitCode = 1;
});
