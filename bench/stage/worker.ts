import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { z } from "zod";

/** A process of a benchmark that answers one question after the other. */
export class Worker {
  readonly #process: ChildProcess;

  /** @param file a file that calls `answerQuestions` */
  constructor(file: string, args: readonly string[] = []) {
    this.#process = fork(file, [...args], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  }

  /** @throws Error with the worker's own message, or when it has ended */
  async ask(question: unknown): Promise<unknown> {
    const { error, value } = answerSchema.parse(await this.#answerTo(question));
    if (error !== undefined) throw new Error(error);
    return value;
  }

  #answerTo(question: unknown): Promise<unknown> {
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
      if (this.#process.connected) this.#process.send({ question });
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

/** The side of the worker: answers until the parent goes. */
export function answerQuestions(answer: (question: unknown) => Promise<unknown>): void {
  const send = (message: z.infer<typeof answerSchema>): void => {
    process.send?.(message);
  };
  process.on("message", (message) => {
    const { question } = questionSchema.parse(message);
    answer(question).then(
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

const questionSchema = z.object({ question: z.unknown() });

const answerSchema = z.object({ value: z.unknown().optional(), error: z.string().optional() });
