import { createRequire } from "node:module";
import { join } from "node:path";
import { type PhaseLog } from "../display/phase-log";
import { Child, type Runtimes } from "./child-process";
import { type ProjectFile } from "./project-file";

export interface ProgramOptions {
  readonly runtimes: Runtimes;
  readonly project: ProjectFile;
  readonly stack: string;
  readonly address: string;
  readonly dryRun: boolean;
  readonly env: Readonly<Record<string, string>>;
  readonly config: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
  readonly log: PhaseLog;
}

/** Starts the user's program by the SDK's own run command, with the arguments and variables that the CLI passes. */
export function startProgram({ project, log, runtimes, address, ...options }: ProgramOptions): Child {
  const { name, root, programDir, entryPoint } = project;
  const flags = {
    ...{ monitor: address, engine: address, organization: "organization", project: name },
    ...{ "root-directory": root, stack: options.stack, pwd: programDir, parallel: "16" },
  };
  return new Child({
    command: project.runtime === "bun" ? [runtimes.bun ?? "bun", "run"] : runtimes.node,
    args: [
      createRequire(join(programDir, "index.js")).resolve("@pulumi/pulumi/cmd/run"),
      ...Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, value]),
      ...(options.dryRun ? ["--dry-run"] : []),
      entryPoint,
    ],
    cwd: programDir,
    env: {
      ...options.env,
      PULUMI_CONFIG: JSON.stringify(options.config),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(options.secretKeys),
      ...(project.typescript ? { PULUMI_NODEJS_TYPESCRIPT: "true" } : {}),
    },
    onLine: (stream, line) => {
      log.say(stream === "stdout" ? "info" : "info#err", line);
    },
  });
}

/** The run command exits with this code if it logged the program's error. */
export const alreadySaid = 32;
