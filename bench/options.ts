import { parseArgs } from "node:util";

export const usage = "usage: npm run bench -- [--only NAME,...] [--rounds N] [--json FILE] [--write]";

/** What a run of the benchmarks is asked for. */
export interface Options {
  /** Names of benchmarks; all without. */
  readonly only: readonly string[] | undefined;
  /** Rounds of each benchmark; by default each has its own number. */
  readonly rounds: number | undefined;
  /** A file for the numbers; without one they are printed after the table. */
  readonly json: string | undefined;
  /** Whether the table of bench/README.md is replaced. */
  readonly write: boolean;
}

/** @throws Error with what is wrong with the arguments */
export function optionsOf(args: readonly string[], known: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: "string" },
      rounds: { type: "string" },
      json: { type: "string" },
      write: { type: "boolean", default: false },
    },
  });
  const only = values.only?.split(",");
  const stranger = only?.find((name) => !known.includes(name));
  if (stranger !== undefined) throw new Error(`there is no benchmark "${stranger}": there are ${known.join(", ")}`);
  if (only !== undefined && values.write) throw new Error("--write needs all benchmarks, so it goes without --only");
  const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
  if (rounds !== undefined && (!Number.isInteger(rounds) || rounds < 1)) {
    throw new Error(`--rounds is ${values.rounds ?? ""}; allowed is a whole number, 1 or more`);
  }
  return { only, rounds, json: values.json, write: values.write };
}
