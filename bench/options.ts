import { parseArgs } from "node:util";

export const usage = "usage: npm run bench -- [--only NAME,...] [--rounds N] [--json FILE] [--write]";

/** The arguments of a run. */
export interface Options {
  /** Names of benchmarks; undefined means all. */
  readonly only: readonly string[] | undefined;
  /** Rounds of each benchmark; undefined means the number in benchmarks.ts. */
  readonly rounds: number | undefined;
  /** A file for the numbers. Without one they are printed after the table. */
  readonly json: string | undefined;
  /** Whether the table of bench/README.md is replaced. */
  readonly write: boolean;
}

/** @throws Error when an argument is wrong */
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
  const unknown = only?.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`unknown benchmark "${unknown}"; known are ${known.join(", ")}`);
  if (only !== undefined && values.write) throw new Error("--write needs all benchmarks: remove --only");
  const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
  if (rounds !== undefined && (!Number.isInteger(rounds) || rounds < 1)) {
    throw new Error(`--rounds is ${values.rounds ?? ""}; it must be a whole number, 1 or more`);
  }
  return { only, rounds, json: values.json, write: values.write };
}
