import { inspect } from "node:util";
import fc from "fast-check";
import { histories } from "./history";
import { type Pair } from "./pair";

export interface HistoryOptions {
  readonly seed: number;
  readonly steps: number;
  /** Whether to search for a smaller history with a difference. */
  readonly isShrunk: boolean;
  /** The path of a smaller history of the seed, from the message of a failure. */
  readonly path?: string | undefined;
}

/** The search for a smaller history runs many, and each takes seconds. */
const shrinkingMs = 300_000;

/**
 * Runs the history of a seed on both engines. Returns undefined, or the difference with the history and the command that
 * runs it again.
 */
export async function checkHistory(pair: Pair, options: HistoryOptions): Promise<string | undefined> {
  const { seed, steps, isShrunk, path } = options;
  let endsAt = Infinity;
  const property = fc.asyncProperty(histories(steps), async (history) => {
    // Success ends the search: fast-check then finds no smaller history with a difference.
    if (Date.now() > endsAt) return;
    await pair.compare(history).catch((error: unknown) => {
      endsAt = Math.min(endsAt, Date.now() + shrinkingMs);
      throw error;
    });
  });
  const endOnFailure = !isShrunk || path !== undefined;
  const result = await fc.check(property, { seed, numRuns: 1, endOnFailure, ...(path === undefined ? {} : { path }) });
  if (!result.failed) return undefined;
  const { counterexample, counterexamplePath, errorInstance: error } = result;
  return [
    error instanceof Error ? error.message : String(error),
    inspect(counterexample?.[0], { depth: null, breakLength: 120, maxArrayLength: null }),
    `run it again: npm run engines -- --steps ${steps} --seed ${seed} --path ${counterexamplePath ?? "0"}`,
  ].join("\n\n");
}
