import { inspect } from "node:util";
import type { RunDetails } from "fast-check";
import type { Case } from "./case";

/** A broken invariant: what was broken, by which case, and how to run that again. */
export function describeFailure(result: RunDetails<[Case]>): string {
  const { counterexample, counterexamplePath, errorInstance, numRuns, numShrinks, seed } = result;
  const [shrunk] = counterexample ?? [];
  const error = errorInstance instanceof Error ? (errorInstance.stack ?? errorInstance.message) : String(errorInstance);
  return [
    `\nfailed in run ${numRuns}, shrunk ${numShrinks} times: ${error}`,
    inspect(shrunk, { depth: null, breakLength: 120, maxArrayLength: null, colors: process.stderr.isTTY }),
    `again: npm run chaos -- --seed ${seed} --path ${counterexamplePath ?? ""}`,
  ].join("\n\n");
}
