import { readFileSync } from "node:fs";
import { join } from "node:path";
import { benchmarks } from "../../bench/benchmarks";
import { tableIn } from "../../bench/report/markdown";
import { inWords, isReached } from "../../bench/target";
import { rowsOf } from "../repository/marked-table";

const rows = rowsOf(tableIn(readFileSync(join(__dirname, "../../README.md"), "utf8")));

test("the README shows a run of all benchmarks as they are now", () => {
  expect(rows.map(([what, against]) => [what, against])).toEqual(
    benchmarks.map(({ against, what }) => [what, against]),
  );
});

test("it says of each whether its target was reached, by the ratio that stands there", () => {
  const verdicts = benchmarks.map(({ target }, row) => {
    const reached = isReached(target, Number.parseFloat(rows[row]?.at(-2) ?? ""));
    return `${inWords(target)}: ${reached ? "reached" : "missed"}`;
  });
  expect(rows.map((cells) => cells.at(-1))).toEqual(verdicts);
});
