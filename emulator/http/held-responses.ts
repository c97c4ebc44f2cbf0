/** How a wait ended: the response is sent, or its client has disconnected. */
export type HoldEnd = "released" | "dropped";

/** The responses that are held back. */
export class HeldResponses {
  private readonly waiting = new Set<(end: HoldEnd) => void>();
  private watchers: (() => void)[] = [];

  get size(): number {
    return this.waiting.size;
  }

  /** Waits `ms` milliseconds, or without `ms` until {@link endAll}. Ends early when the client disconnects. */
  wait(ms: number | undefined, disconnected: AbortSignal): Promise<HoldEnd> {
    return new Promise((resolve) => {
      const timer =
        ms === undefined
          ? undefined
          : setTimeout(() => {
              end("released");
            }, ms);
      const onDisconnect = (): void => {
        end("dropped");
      };
      const end = (how: HoldEnd): void => {
        clearTimeout(timer);
        disconnected.removeEventListener("abort", onDisconnect);
        this.waiting.delete(end);
        resolve(how);
      };
      this.waiting.add(end);
      for (const watch of this.watchers) watch();
      if (disconnected.aborted) onDisconnect();
      else disconnected.addEventListener("abort", onDisconnect);
    });
  }

  /** Resolves when `count` responses are held; rejects after `timeout` milliseconds. */
  whenHeld(count: number, timeout: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const stopWatching = (): void => {
        clearTimeout(timer);
        this.watchers = this.watchers.filter((other) => other !== watch);
      };
      const watch = (): void => {
        if (this.waiting.size < count) return;
        stopWatching();
        resolve();
      };
      const timer = setTimeout(() => {
        stopWatching();
        reject(new Error(`${this.waiting.size} of ${count} responses were held back after ${timeout} ms`));
      }, timeout);
      this.watchers.push(watch);
      watch();
    });
  }

  /** Releases every held response, or drops it. */
  endAll(how: HoldEnd): void {
    for (const end of [...this.waiting]) end(how);
  }
}
