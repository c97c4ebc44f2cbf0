import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { toProperties, type Properties } from "../../test/engine/embedded/state/values";
import type { Contest } from "../compare";
import type { Program, Stage } from "../stage/stage";

/** The time from the first line of a program until its resource is sent to the engine. The SDK is loaded before. */
export function programStart(stage: Stage): Promise<Contest> {
  return Promise.resolve({
    ours: async () => ({ value: (await runProgram(stage, "by-name")).ms }),
    peer: async () => ({ value: (await runProgram(stage, "naive")).ms }),
  });
}

/** The inputs that a program sends to the engine for its resource. */
export async function inputsOf(stage: Stage, program: Program): Promise<Properties> {
  return toProperties((await runProgram(stage, program)).inputs);
}

async function runProgram(stage: Stage, program: Program): Promise<z.infer<typeof printed>> {
  const { programDir: cwd } = stage.project;
  const args = [join(cwd, "start.js"), stage.programFile(program)];
  const { stdout } = await run(process.execPath, args, { cwd, env: stage.environment, timeout: 60_000 });
  return printed.parse(JSON.parse(stdout));
}

const run = promisify(execFile);

const printed = z.object({ ms: z.number(), inputs: z.record(z.string(), z.unknown()) });
