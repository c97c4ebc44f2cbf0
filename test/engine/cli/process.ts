import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { type Readable } from "node:stream";

export interface CliProcessOptions {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly onOutput: ((text: string) => void) | undefined;
}

const graceMs = 15_000;

/** One command of the Pulumi CLI. */
export class CliProcess {
  readonly exited: Promise<{ readonly exitCode: number; readonly output: string }>;
  readonly #process: ChildProcessByStdio<null, Readable, Readable>;

  constructor({ args, cwd, env, onOutput }: CliProcessOptions) {
    this.#process = spawn("pulumi", args, { cwd, env: { ...env }, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        onOutput?.(text);
      });
    }
    this.exited = once(this.#process, "close").then(([code]: unknown[]) => ({
      exitCode: typeof code === "number" ? code : 128,
      output,
    }));
  }

  /** Like Ctrl-C. */
  interrupt(): void {
    this.#process.kill("SIGINT");
  }

  /** Two times Ctrl-C, which ends provider processes too; SIGKILL when that does not help. */
  async stop(): Promise<void> {
    this.interrupt();
    this.interrupt();
    const timer = setTimeout(() => this.#process.kill("SIGKILL"), graceMs);
    await this.exited;
    clearTimeout(timer);
  }
}
