import { benchmarks } from "../../bench/benchmarks";
import type { Result } from "../../bench/compare";
import { markdownOf, tableIn, withTable } from "../../bench/report/markdown";
import { reportOf } from "../../bench/report/report";
import { textOf } from "../../bench/report/text";
import { ratio } from "../../bench/report/words";
import { inWords } from "../../bench/target";

const start: Result = {
  rounds: 15,
  ...{ ours: { median: 8.04, lower: 7, upper: 9 }, peer: { median: 241.6, lower: 230, upper: 260 } },
  ...{ ratio: { median: 30.05, lower: 28, upper: 32.5 }, reached: true },
};
const state: Result = {
  rounds: 1,
  ...{ ours: always(2_019), peer: always(3_000), ratio: always(0.673), reached: false },
};
const results = benchmarks.flatMap((benchmark) => {
  const result = { "program-start": start, state }[benchmark.name];
  return result === undefined ? [] : [[benchmark, result] as const];
});
const report = reportOf(results, new Date("2026-02-03T04:05:06Z"));

test("a report contains its date, its machine and the exact numbers", () => {
  expect(report).toMatchObject({ date: "2026-02-03", machine: { node: process.version }, latencyMs: 20 });
  expect(report.rows).toMatchObject([
    { name: "program-start", target: "at least 20 times faster", ...start },
    { name: "state", target: "at most 0.60", ...state },
  ]);
});

test("the table for a terminal has one line per benchmark, with its verdict", () => {
  expect(textOf(report)).toBe(
    [
      "                ours          peer          ratio                          to reach",
      "program-start   8.0 ms        242 ms        30.05 times (28.00 to 32.50)   at least 20 times faster   reached",
      "state           2,019 bytes   3,000 bytes   0.68                           at most 0.60               missed",
    ].join("\n"),
  );
});

test("the table for bench/README.md shows the comparison and the missed targets", () => {
  const lines = markdownOf(report).split("\n");
  expect(lines[0]).toMatch(/^Run of 2026-02-03: Node \d+\.\d+\.\d+, \w+, \d+ cores, .*20 ms\.$/);
  expect(lines.slice(4)).toEqual([
    "| program start, 1 resource: from its first line to the resource sent | `pulumi.dynamic.Resource` with the same job written in `fetch` | 8.0 ms | 242 ms | 30.05 times (28.00 to 32.50) | at least 20 times faster: reached |",
    "| state of 1 resource | `pulumi.dynamic.Resource` with the same job written in `fetch` | 2,019 bytes | 3,000 bytes | 0.68 | at most 0.60: missed |",
  ]);
});

test.each([
  [{ atMost: 1.05 }, 1.0501, "1.06"],
  [{ atMost: 1.05 }, 1.05, "1.05"],
  [{ atMost: 1.1 }, 1.0999, "1.10"],
  [{ timesFaster: 6 }, 5.999, "5.99 times"],
  [{ timesFaster: 6 }, 6, "6.00 times"],
])("for the target %j the ratio %d is written as %s, rounded to our disadvantage", (target, value, words) => {
  expect(ratio({ ratio: always(value), rounds: 1, target: inWords(target) })).toBe(words);
});

test("a table replaces the one on a page and nothing else", () => {
  const mark = "<!-- bench: written by npm run bench -- --write -->";
  const page = `before\n${mark}\nold\n<!-- /bench -->\nafter\n`;
  const next = withTable(page, "new");
  expect(next).toBe(`before\n${mark}\nnew\n<!-- /bench -->\nafter\n`);
  expect(tableIn(next)).toBe("new");
  expect(() => withTable("a page", "new")).toThrow(mark);
});

function always(value: number) {
  return { median: value, lower: value, upper: value };
}
