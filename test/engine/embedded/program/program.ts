import { createRequire } from "node:module";
import { join } from "node:path";
import { type PhaseLog } from "../display/phase-log";
import { Child } from "./child-process";
import { type Runtimes } from "./child-process";
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

/** The user's program. The SDK's own run command runs it, with the arguments and variables that the CLI passes. */
export class Program {
  readonly #child: Child;
  readonly #log: PhaseLog;

  constructor(options: ProgramOptions) {
    const { project, log, runtimes } = options;
    const run = createRequire(join(project.programDir, "index.js")).resolve("@pulumi/pulumi/cmd/run");
    this.#log = log;
    this.#child = new Child({
      command: project.runtime === "bun" ? bunCommand(runtimes) : runtimes.node,
      args: [run, ...runArguments(options)],
      cwd: project.programDir,
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

  /** Whether the program succeeded. If it failed without a message, this logs one. */
  async ended(): Promise<boolean> {
    const code = await this.#child.exited;
    if (code === 0) return true;
    if (code !== alreadySaid) {
      this.#log.say("error", `an unhandled error occurred: Program exited with non-zero exit code: ${code}`);
    }
    return false;
  }

  get exited(): Promise<number> {
    return this.#child.exited;
  }

  async stop(): Promise<void> {
    await this.#child.stop();
  }
}

/** The run command exits with this code if it logged the program's error. */
const alreadySaid = 32;

function bunCommand({ bun }: Runtimes): readonly [string, ...string[]] {
  if (bun === undefined) throw new Error("the embedded engine was given no bun to run this program with");
  return [bun, "run"];
}

function runArguments({ project, stack, address, dryRun }: ProgramOptions): readonly string[] {
  const flags = {
    monitor: address,
    engine: address,
    organization: "organization",
    project: project.name,
    "root-directory": project.root,
    stack,
    pwd: project.programDir,
  };
  const pairs = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);
  return [...pairs, ...(dryRun ? ["--dry-run"] : []), "--parallel", "16", project.entryPoint];
}
