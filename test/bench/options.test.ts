import { optionsOf } from "../../bench/options";

const known = ["state", "memory"];

test("without arguments, all benchmarks run with their own number of rounds", () => {
  expect(optionsOf([], known)).toEqual({ only: undefined, rounds: undefined, json: undefined, write: false });
});

test("arguments select benchmarks, rounds and a file", () => {
  expect(optionsOf(["--only", "state,memory", "--rounds", "3", "--json", "a.json"], known)).toEqual({
    only: ["state", "memory"],
    rounds: 3,
    json: "a.json",
    write: false,
  });
});

test.each([
  [["--only", "stat"], 'unknown benchmark "stat"; known are state, memory'],
  [["--rounds", "0"], "--rounds is 0; it must be a whole number, 1 or more"],
  [["--rounds", "many"], "--rounds is many; it must be a whole number, 1 or more"],
  [["--only", "state", "--write"], "--write needs all benchmarks: remove --only"],
])("%j is an error", (args, message) => {
  expect(() => optionsOf(args, known)).toThrow(message);
});
