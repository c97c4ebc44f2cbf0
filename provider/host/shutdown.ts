import { setMaxListeners } from "node:events";

/** The signals that end the process, with the exit code that a shell expects of each. */
const exitCodes = [
  ["SIGINT", 130],
  ["SIGBREAK", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const;

/** The part of `process` that receives signals. */
export interface SignalSource {
  on(signal: (typeof exitCodes)[number][0], listener: () => void): unknown;
  exit(code: number): void;
}

/**
 * The end of the provider process by a signal. The engine sends SIGINT (Ctrl-Break on Windows, which is SIGBREAK here) at
 * the second Ctrl-C and at every normal end. A CI runner that cancels a job sends SIGTERM, and a terminal that is closed
 * SIGHUP, to all processes. An idle process ends immediately. Otherwise no new request is sent, and the process ends with
 * the last running operation, so that its message and its receipt show what was deleted.
 *
 * Source: cmdutil.shutdownProcessGroup of pulumi/pulumi.
 */
export class Shutdown {
  readonly #controller = new AbortController();
  #running = 0;
  #end: (() => void) | undefined;

  constructor() {
    // Each running operation listens, and Node warns of more than ten.
    setMaxListeners(0, this.#controller.signal);
  }

  /** Aborts when no further request may be sent. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  listen(source: SignalSource): void {
    for (const [signal, code] of exitCodes) {
      source.on(signal, () => {
        this.#stop(() => {
          source.exit(code);
        });
      });
    }
  }

  /** Runs an operation; the process does not end before it. */
  async guard<T>(operation: () => Promise<T>): Promise<T> {
    this.#running += 1;
    try {
      return await operation();
    } finally {
      this.#running -= 1;
      // The response to the engine is sent first, or the process would look as if it had crashed.
      if (this.#running === 0 && this.#end !== undefined) setImmediate(this.#end);
    }
  }

  /** The first signal decides the exit code. */
  #stop(end: () => void): void {
    this.#end ??= end;
    this.#controller.abort();
    if (this.#running === 0) this.#end();
  }
}
