import { RateLimitPause } from "./rate-limit-pause";

/** Limits the requests in flight of one process. Waiting requests are sent in the order of their arrival. */
export class Limiter {
  readonly pause = new RateLimitPause();
  #running = 0;
  readonly #waiting: (() => void)[] = [];
  readonly #aside = new Set<AbortController>();

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

  /**
   * Runs work that holds back no request: only while a place is free and nothing is paused. As soon as a request needs
   * the place, the signal aborts.
   *
   * @throws Error if no place is free
   */
  async runAside<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (!this.pause.isOpen || this.#running >= this.concurrency) throw new Error("no place is free");
    const controller = new AbortController();
    this.#running += 1;
    this.#aside.add(controller);
    try {
      return await work(controller.signal);
    } finally {
      this.#aside.delete(controller);
      this.#leave();
    }
  }

  async #enter(signal: AbortSignal): Promise<void> {
    if (this.#running < this.concurrency) {
      this.#running += 1;
      return;
    }
    for (const controller of this.#aside) controller.abort();
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
