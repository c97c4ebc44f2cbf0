/**
 * `npm run chaos -- --runs 5000 --seed 1`: random purges against the emulator, each checked against the invariants. A
 * case that breaks one is shrunk, and printed with the command that runs it again.
 */
import { inspect, parseArgs } from "node:util";
import fc, { type RunDetails } from "fast-check";
import { type Case, cases } from "./case";
import { checkCase } from "./invariants";
import { checkPolicy, type PolicyCase, policyCases } from "./policy";
import { run } from "./run";
import { Statistics } from "./statistics";

const usage = "usage: npm run chaos -- [--runs N] [--seed S] [--path P] [--policies]";

async function main(): Promise<void> {
  const { only, options } = optionsOf(process.argv.slice(2));
  if (only === "policies") {
    await checkPolicies(options);
    return;
  }
  await checkPurges(options);
  if (options.path === undefined) await checkPolicies({ ...options, numRuns: Math.ceil(options.numRuns / 10) });
}

async function checkPurges(options: Options): Promise<void> {
  const statistics = new Statistics();
  console.log(`chaos: ${options.numRuns} runs, seed ${options.seed}`);
  const property = fc.asyncProperty(cases, async (asked) => {
    const evidence = await run(asked);
    statistics.add(evidence);
    if (statistics.runs % 1_000 === 0) console.log(statistics.progress(options.numRuns));
    checkCase(asked, evidence);
  });
  const result = await fc.check(property, options);
  console.log(statistics.table());
  if (result.failed) {
    console.error(describeFailure(result, ""));
    process.exitCode = 1;
  }
}

/** Plans of policies. They need few cases: what can be wrong with dates and orders is a short list. */
async function checkPolicies(options: Options): Promise<void> {
  const result = await fc.check(fc.asyncProperty(policyCases, checkPolicy), options);
  console.log(`${result.numRuns} plans of policies`);
  if (!result.failed) return;
  console.error(describeFailure(result, " --policies"));
  process.exitCode = 1;
}

type Options = ReturnType<typeof optionsOf>["options"];

function optionsOf(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      runs: { type: "string" },
      seed: { type: "string" },
      path: { type: "string" },
      policies: { type: "boolean" },
    },
  });
  const { path, runs = path === undefined ? "1000" : "1", seed = String(Date.now() % 2 ** 31) } = values;
  const [numRuns, number] = [runs, seed].map(Number);
  if (numRuns === undefined || !Number.isInteger(numRuns) || numRuns < 1) throw new RangeError(`--runs is ${runs}`);
  if (number === undefined || !Number.isInteger(number)) throw new RangeError(`--seed is ${seed}`);
  const options: { numRuns: number; seed: number; path?: string; endOnFailure?: boolean } = {
    ...{ numRuns, seed: number },
    ...(path === undefined ? {} : { path, endOnFailure: true }),
  };
  return { options, only: values.policies === true ? "policies" : undefined };
}

/** The broken invariant, the case that breaks it, and the command that runs it again. */
function describeFailure(result: RunDetails<[Case]> | RunDetails<[PolicyCase]>, flag: string): string {
  const { counterexample, counterexamplePath, errorInstance, numRuns, numShrinks, seed } = result;
  const [shrunk] = counterexample ?? [];
  const error = errorInstance instanceof Error ? (errorInstance.stack ?? errorInstance.message) : String(errorInstance);
  return [
    `\nfailed in run ${numRuns}, shrunk ${numShrinks} times: ${error}`,
    inspect(shrunk, { depth: null, breakLength: 120, maxArrayLength: null, colors: process.stderr.isTTY }),
    `again: npm run chaos -- --seed ${seed} --path ${counterexamplePath ?? ""}${flag}`,
  ].join("\n\n");
}

main().catch((error: unknown) => {
  console.error(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  process.exitCode = 1;
});
