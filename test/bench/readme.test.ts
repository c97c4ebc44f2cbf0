import { readFileSync } from "node:fs";
import { join } from "node:path";
import { benchmarks } from "../../bench/benchmarks";
import { tableIn } from "../../bench/report/markdown";
import { inWords, isReached } from "../../bench/target";

const rows = tableIn(readFileSync(join(__dirname, "../../README.md"), "utf8"))
  .split("\n")
  .filter((line) => line.startsWith("| "))
  .slice(1)
  .map((line) => line.slice(2, -2).split(" | "));

test("the README shows a run of all benchmarks as they are now", () => {
  expect(rows.map(([what, against]) => [what, against])).toEqual(
    benchmarks.map(({ against, what }) => [what, against]),
  );
});

test("all of them had reached their targets, by the ratios that stand there", () => {
  expect(rows.map((cells) => cells.at(-1))).toEqual(benchmarks.map(({ target }) => `${inWords(target)}: reached`));
  const ratios = rows.map((cells) => Number.parseFloat(cells.at(-2) ?? ""));
  const missed = benchmarks.filter(({ target }, row) => !isReached(target, ratios[row] ?? Number.NaN));
  expect(missed.map(({ name }) => name)).toEqual([]);
});
