import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { z } from "zod";

/** A process of a benchmark that handles one call at a time. */
export class Worker {
  readonly #process: ChildProcess;

  /** @param file a file that calls `serveCalls` */
  constructor(file: string, args: readonly string[] = []) {
    this.#process = fork(file, [...args], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  }

  /** @throws Error with the worker's own message, or when the worker has ended */
  async call(task: unknown): Promise<unknown> {
    const { error, value } = resultSchema.parse(await this.#resultOf(task));
    if (error !== undefined) throw new Error(error);
    return value;
  }

  #resultOf(task: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        this.#process.off("message", onMessage).off("exit", onExit);
      };
      const onMessage = (message: unknown): void => {
        settle();
        resolve(message);
      };
      const onExit = (): void => {
        settle();
        reject(new Error("the process of a benchmark has ended"));
      };
      this.#process.on("message", onMessage).on("exit", onExit);
      if (this.#process.connected) this.#process.send({ task });
      else onExit();
    });
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, "exit");
    this.#process.kill();
    await ended;
  }
}

/** The side of the worker: handles calls until the parent process ends. */
export function serveCalls(handle: (task: unknown) => Promise<unknown>): void {
  const send = (message: z.infer<typeof resultSchema>): void => {
    process.send?.(message);
  };
  process.on("message", (message) => {
    const { task } = callSchema.parse(message);
    handle(task).then(
      (value) => {
        send({ value });
      },
      (error: unknown) => {
        send({ error: error instanceof Error ? error.message : String(error) });
      },
    );
  });
  process.on("disconnect", () => {
    process.exit();
  });
}

const callSchema = z.object({ task: z.unknown() });

const resultSchema = z.object({ value: z.unknown().optional(), error: z.string().optional() });
