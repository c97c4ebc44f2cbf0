import { readFileSync } from "node:fs";
import { join } from "node:path";
import { benchmarks } from "../../bench/benchmarks";
import { tableIn } from "../../bench/report/markdown";
import { inWords, isReached } from "../../bench/target";
import { rowsOf } from "../repository/marked-table";

const rows = rowsOf(tableIn(readFileSync(join(__dirname, "../../bench/README.md"), "utf8")));

test("bench/README.md shows a run of all current benchmarks", () => {
  expect(rows.map(([what, against]) => [what, against])).toEqual(
    benchmarks.map(({ against, what }) => [what, against]),
  );
});

test("each verdict follows from the ratio in its row", () => {
  const verdicts = benchmarks.map(({ target }, row) => {
    const [ours = NaN, ratio = NaN] = [2, 4].map((cell) => Number.parseFloat(rows[row]?.[cell] ?? ""));
    const reached = isReached(target, { ours, ratio });
    return `${inWords(target)}: ${reached ? "reached" : "missed"}`;
  });
  expect(rows.map((cells) => cells.at(-1))).toEqual(verdicts);
});
