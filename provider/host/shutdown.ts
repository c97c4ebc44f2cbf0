/** How a process listens for signals; `process` is one. */
export interface SignalSource {
  on(signal: "SIGINT" | "SIGBREAK", listener: () => void): unknown;
  exit(code: number): void;
}

/**
 * Ctrl-C, seen from the provider process. The engine sends SIGINT at the second Ctrl-C and at every normal end, on
 * Windows Ctrl-Break, which is SIGBREAK here: when nothing runs the process ends at once; otherwise no new request is
 * sent, and it ends with the running operations.
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

  /** Runs an operation that a signal lets come to its end. */
  async guard<T>(operation: () => Promise<T>): Promise<T> {
    this.#running += 1;
    try {
      return await operation();
    } finally {
      this.#running -= 1;
      // The answer to the engine leaves first; a process that ended before would look as if it had crashed.
      if (this.#running === 0 && this.#end !== undefined) setImmediate(this.#end);
    }
  }
}
