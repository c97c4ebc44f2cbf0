import { RateLimitPause } from "./rate-limit-pause";

/** Limits the requests in flight of one process. Waiting requests are sent in the order of their arrival. */
export class Limiter {
  readonly pause = new RateLimitPause();
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  /** @param concurrency the maximum of requests in flight */
  constructor(readonly concurrency: number) {}

  /** Runs `work` when there is room; rejects without running it if the signal aborts first. */
  async run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    refuseAborted(signal);
    await this.#enter(signal);
    try {
      refuseAborted(signal);
      return await work();
    } finally {
      this.#leave();
    }
  }

  async #enter(signal: AbortSignal): Promise<void> {
    if (this.#running < this.concurrency) {
      this.#running += 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const enter = (): void => {
        signal.removeEventListener("abort", giveUp);
        resolve();
      };
      const giveUp = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(enter), 1);
        reject(aborted());
      };
      signal.addEventListener("abort", giveUp, { once: true });
      this.#waiting.push(enter);
    });
  }

  /** Passes the place to the next in line. If it were freed first, a later request could take it. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#running -= 1;
    else next();
  }
}

function aborted(): Error {
  return new Error("aborted while waiting for a place");
}

function refuseAborted(signal: AbortSignal): void {
  if (signal.aborted) throw aborted();
}
