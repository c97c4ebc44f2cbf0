import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type Readable } from "node:stream";
import { within } from "./waits";

/** The commands that start programs and providers. The CLI finds `node` and `bun` on PATH. */
export interface Runtimes {
  /** An executable and its first arguments. Providers always run on it, as with the CLI. */
  readonly node: readonly [string, ...string[]];
  /** For programs of the runtime bun. @default the one on PATH */
  readonly bun?: string | undefined;
}

export const ownRuntimes: Runtimes = {
  node: [process.execPath, "--require", join(__dirname, "compile-cache.cjs")],
};

export interface ChildOptions {
  /** An executable and its first arguments. @default the Node of this process */
  readonly command?: readonly [string, ...string[]];
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly onLine: (stream: "stdout" | "stderr", line: string) => void;
}

const graceMs = 5_000;

/** A child process. Its output is read line by line, and `stop` ends it within a bounded time. */
export class Child {
  readonly pid: number | undefined;
  /** The exit code, or 128 after a signal. Settles when the process has ended and its output was read. */
  readonly exited: Promise<number>;
  readonly #process: ChildProcessByStdio<null, Readable, Readable>;

  constructor(options: ChildOptions) {
    const { cwd, env, command = ownRuntimes.node } = options;
    const [executable, ...first] = command;
    this.#process = spawn(executable, [...first, ...options.args], {
      cwd,
      env: { ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.pid = this.#process.pid;
    for (const stream of ["stdout", "stderr"] as const) {
      createInterface({ input: this.#process[stream], crlfDelay: Infinity }).on("line", (line) => {
        options.onLine(stream, line);
      });
    }
    this.exited = once(this.#process, "close").then(([code]: unknown[]) => (typeof code === "number" ? code : 128));
  }

  /** Sends SIGINT, and SIGKILL if the process is still running five seconds later. */
  async stop(): Promise<void> {
    this.#process.kill("SIGINT");
    if ((await within(graceMs, this.exited)) !== undefined) return;
    this.#process.kill("SIGKILL");
    await this.exited;
  }
}
