import { Pause } from "./pause";

/** Bounds the requests in flight of one process. Waiting requests are served in the order in which they came. */
export class Limiter {
  /** What holds all of them back while the API has asked to wait. */
  readonly pause = new Pause();
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  /** @param concurrency requests in flight at most */
  constructor(readonly concurrency: number) {}

  /** Runs `work` when there is room; rejects, without running it, when the signal aborts before. */
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

  /** Hands the place to the next in line; freeing it first would let a newcomer take it. */
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
