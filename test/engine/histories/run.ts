/**
 * `npm run engines -- --runs 300 --seed 1`: random histories on the embedded engine and on the Pulumi CLI, which have to
 * agree after each step. Each history has its own seed. For a difference, it searches for a smaller history and prints
 * the command that runs it again. Then it continues with the next history.
 */
import { parseArgs } from "node:util";
import { chooseCli, cliEngine, embeddedEngine } from "..";
import { engineLine } from "../cli/choose-cli";
import { checkHistory } from "./check";
import { openPair } from "./pair";

const usage = "usage: npm run engines -- [--runs N] [--seed S] [--steps N] [--path P] [--as-found]";

async function main(): Promise<void> {
  const { runs, seed, ...options } = optionsOf(process.argv.slice(2));
  const cli = chooseCli();
  if (cli === undefined) throw new Error("there is no Pulumi CLI\nrun npm run pulumi:install");
  console.log(
    `${engineLine(cli)}\n${runs} histories of up to ${options.steps} steps, seeds ${seed} to ${seed + runs - 1}`,
  );
  const pair = await openPair(embeddedEngine, cliEngine);
  const startedAt = Date.now();
  let different = 0;
  try {
    for (let run = 0; run < runs; run += 1) {
      const failure = await checkHistory(pair, { ...options, seed: seed + run });
      if (failure !== undefined) {
        different += 1;
        console.error(failure);
      }
      const seconds = Math.round((Date.now() - startedAt) / 1_000);
      console.log(`${run + 1} of ${runs} histories, ${different} with a difference, ${seconds} s`);
    }
  } finally {
    await pair.close();
  }
  if (different > 0) process.exitCode = 1;
}

function optionsOf(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      runs: { type: "string" },
      seed: { type: "string" },
      steps: { type: "string", default: "4" },
      path: { type: "string" },
      "as-found": { type: "boolean", default: false },
    },
  });
  const { path, steps, runs = path === undefined ? "20" : "1", seed = String(Date.now() % 2 ** 30) } = values;
  return {
    runs: whole("--runs", runs, 1),
    seed: whole("--seed", seed, 0),
    steps: whole("--steps", steps, 2),
    isShrunk: !values["as-found"],
    path,
  };
}

function whole(option: string, text: string, least: number): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < least) {
    throw new RangeError(`${option} is ${text}\nset it to a whole number of at least ${least}`);
  }
  return number;
}

main().catch((error: unknown) => {
  console.error(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  process.exitCode = 1;
});
