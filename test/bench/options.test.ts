import { optionsOf } from "../../bench/options";

const known = ["state", "memory"];

test("without arguments all benchmarks run, each with its own number of rounds", () => {
  expect(optionsOf([], known)).toEqual({ only: undefined, rounds: undefined, json: undefined, write: false });
});

test("arguments choose benchmarks, rounds and a file", () => {
  expect(optionsOf(["--only", "state,memory", "--rounds", "3", "--json", "a.json"], known)).toEqual({
    only: ["state", "memory"],
    rounds: 3,
    json: "a.json",
    write: false,
  });
});

test.each([
  [["--only", "stat"], 'there is no benchmark "stat": there are state, memory'],
  [["--rounds", "0"], "--rounds is 0; allowed is a whole number, 1 or more"],
  [["--rounds", "many"], "--rounds is many; allowed is a whole number, 1 or more"],
  [["--only", "state", "--write"], "--write needs all benchmarks, so it goes without --only"],
])("%j is refused", (args, message) => {
  expect(() => optionsOf(args, known)).toThrow(message);
});
