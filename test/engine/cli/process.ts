import { execFileSync, spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { type Readable } from "node:stream";

export interface CliProcessOptions {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly onOutput: ((text: string) => void) | undefined;
}

const graceMs = 15_000;

export class CliProcess {
  readonly exited: Promise<{ readonly exitCode: number; readonly output: string }>;
  readonly #process: ChildProcessByStdio<null, Readable, Readable>;
  #orphans: readonly number[] = [];

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

  interrupt(): void {
    this.#process.kill("SIGINT");
  }

  /** SIGKILL. Language host and providers live on, as they do for a user; `removeOrphans` ends them. */
  kill(): void {
    this.#orphans = descendants(this.#process.pid);
    this.#process.kill("SIGKILL");
  }

  removeOrphans(): void {
    for (const pid of this.#orphans) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It ended by itself.
      }
    }
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

/** The processes below this one, children before grandchildren. */
function descendants(pid: number | undefined): readonly number[] {
  const rows = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" }).trim().split("\n");
  const pairs = rows.map((row) => row.trim().split(/\s+/).map(Number));
  const below = (parents: readonly (number | undefined)[]): readonly number[] => {
    const children = pairs.flatMap(([child, parent]) =>
      child !== undefined && parents.includes(parent) ? [child] : [],
    );
    return children.length === 0 ? [] : [...children, ...below(children)];
  };
  return pid === undefined ? [] : below([pid]);
}
