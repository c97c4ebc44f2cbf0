/** How a wait ended: the answer may go, or there is nobody left to answer. */
export type HoldEnd = "released" | "gone";

/** The answers that are held back. */
export class Holds {
  private readonly waiting = new Set<(end: HoldEnd) => void>();
  private watchers: (() => void)[] = [];

  get size(): number {
    return this.waiting.size;
  }

  /** Waits `ms` milliseconds, or until {@link endAll} when it is not given; ends early when the client goes. */
  wait(ms: number | undefined, gone: AbortSignal): Promise<HoldEnd> {
    return new Promise((resolve) => {
      const timer =
        ms === undefined
          ? undefined
          : setTimeout(() => {
              end("released");
            }, ms);
      const leave = (): void => {
        end("gone");
      };
      const end = (how: HoldEnd): void => {
        clearTimeout(timer);
        gone.removeEventListener("abort", leave);
        this.waiting.delete(end);
        resolve(how);
      };
      this.waiting.add(end);
      for (const watch of this.watchers) watch();
      if (gone.aborted) leave();
      else gone.addEventListener("abort", leave);
    });
  }

  /** Resolves when so many answers are held; rejects after `timeout` milliseconds. */
  whenHeld(count: number, timeout: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(timer);
        this.watchers = this.watchers.filter((other) => other !== watch);
      };
      const watch = (): void => {
        if (this.waiting.size < count) return;
        leave();
        resolve();
      };
      const timer = setTimeout(() => {
        leave();
        reject(new Error(`${this.waiting.size} of ${count} answers were held back after ${timeout} ms`));
      }, timeout);
      this.watchers.push(watch);
      watch();
    });
  }

  /** Lets every held answer go, or drops them. */
  endAll(how: HoldEnd): void {
    for (const end of [...this.waiting]) end(how);
  }
}
