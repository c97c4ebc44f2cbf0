/** The part of `process` that receives signals. */
export interface SignalSource {
  on(signal: "SIGINT" | "SIGBREAK", listener: () => void): unknown;
  exit(code: number): void;
}

/**
 * Ctrl-C, seen from the provider process. The engine sends SIGINT (Ctrl-Break on Windows, which is SIGBREAK here) at the
 * second Ctrl-C and at every normal end. An idle process ends immediately. Otherwise no new request is sent, and the
 * process ends with the last running operation.
 *
 * Source: cmdutil.shutdownProcessGroup of pulumi/pulumi.
 */
export class Shutdown {
  readonly #controller = new AbortController();
  #running = 0;
  #end: (() => void) | undefined;

  /** Aborts when no further request may be sent. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  listen(source: SignalSource): void {
    const stop = (): void => {
      this.#end = () => {
        source.exit(130);
      };
      this.#controller.abort();
      if (this.#running === 0) this.#end();
    };
    source.on("SIGINT", stop);
    source.on("SIGBREAK", stop);
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
}
