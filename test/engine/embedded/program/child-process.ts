import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { type Readable } from "node:stream";
import { ownRuntimes } from "./runtimes";

export interface ChildOptions {
  /** An executable and its first arguments. @default the Node of this process */
  readonly command?: readonly [string, ...string[]];
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly onLine: (stream: "stdout" | "stderr", line: string) => void;
}

const graceMs = 5_000;

/** A process whose output is read line by line, and which ends in bounded time when told to. */
export class Child {
  readonly pid: number | undefined;
  /** Settles when the process is gone and its output was read: its exit code, or 128 after a signal. */
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

  /** SIGINT, and SIGKILL when the process is still there five seconds later. */
  async stop(): Promise<void> {
    this.#process.kill("SIGINT");
    if ((await within(graceMs, this.exited)) !== undefined) return;
    this.#process.kill("SIGKILL");
    await this.exited;
  }
}

/** What `promise` settles to, or undefined when that takes longer than `ms`. */
export async function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ms, undefined);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
