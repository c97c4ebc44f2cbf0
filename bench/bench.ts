/**
 * `npm run bench`: compares this package with alternatives, against a server with a fixed latency. Prints the ratios as a
 * table and as JSON. Fails if a target is missed, or if a side did not delete what it should.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Benchmark, benchmarks } from "./benchmarks";
import { compare, type Result } from "./compare";
import { type Options, optionsOf, usage } from "./options";
import { markdownOf, withTable } from "./report/markdown";
import { type Report, reportOf } from "./report/report";
import { textOf } from "./report/text";
import { Stage } from "./stage/stage";

const repository = join(__dirname, "..");
const readme = join(__dirname, "README.md");

async function main(): Promise<void> {
  const options = optionsOf(
    process.argv.slice(2),
    benchmarks.map(({ name }) => name),
  );
  const report = reportOf(await runAll(options), new Date());
  const json = JSON.stringify(report, undefined, 2);
  console.log(`\n${textOf(report)}\n`);
  if (options.json === undefined) console.log(json);
  else writeFileSync(options.json, `${json}\n`);
  if (options.write) writeTable(report);
  const missed = report.rows.filter(({ reached }) => !reached).map(({ name }) => name);
  if (missed.length > 0) throw new Error(`missed: ${missed.join(", ")}`);
}

async function runAll({ only, rounds }: Options): Promise<readonly (readonly [Benchmark, Result])[]> {
  const chosen = benchmarks.filter(({ name }) => only?.includes(name) ?? true);
  const stage = await Stage.open();
  const results: (readonly [Benchmark, Result])[] = [];
  try {
    for (const benchmark of chosen) {
      console.error(`${benchmark.name} ...`);
      const contest = await benchmark.open(stage);
      results.push([benchmark, await compare({ ...benchmark, rounds: rounds ?? benchmark.rounds }, contest)]);
    }
    return results;
  } finally {
    await stage.close();
  }
}

function writeTable(report: Report): void {
  writeFileSync(readme, withTable(readFileSync(readme, "utf8"), markdownOf(report)));
}

if (!existsSync(join(repository, "dist/provider/index.js"))) {
  console.error("the package is not built: run npm ci (or npm run build) first");
  process.exitCode = 1;
} else {
  main().catch((error: unknown) => {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
    process.exitCode = 1;
  });
}
