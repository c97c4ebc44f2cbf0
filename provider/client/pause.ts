import type { Wait } from "./call-context";

/** How one request waits. Each wait ends with an error when its operation may wait no longer. */
export interface Waiter {
  now(): number;
  /** @param cause the answer, to whichever request, that asked to wait */
  sleep(ms: number, cause: Cause): Promise<void>;
  /** Waits for something that another request does. */
  until(event: Promise<void>): Promise<void>;
}

/** Why the API asked to wait. */
export type Cause = Pick<Wait, "reason" | "status">;

/** One attempt at a request. */
export interface Attempt<T> {
  /** Comes right before `send`, and once more when the API asks to wait meanwhile. */
  readonly prepare: () => Promise<void>;
  /** Resolves with whatever the API answers; rejects when it gives no answer. */
  readonly send: () => Promise<T>;
}

/**
 * Holds all requests of one process back while the API has asked to wait (429 or 503 with Retry-After). When the time is
 * over one request goes alone, the probe, and the others wait for its answer: otherwise each pause would end in the
 * storm that led to it.
 */
export class Pause {
  /** When all may go on, and why the API last asked to wait. */
  #wish: { readonly endsAt: number; readonly cause: Cause } | undefined;
  /** How often the API asked to wait, and how many of these it has taken back by answering a later request. */
  #asked = 0;
  #settled = 0;
  #probe: Promise<void> | undefined;

  /** Whether the API asked to wait and has let nobody go on since. */
  get isOn(): boolean {
    return this.#settled < this.#asked;
  }

  /** Nobody sends before this time (milliseconds since the epoch); of several the latest counts. */
  extendTo(time: number, cause: Cause): void {
    this.#asked += 1;
    this.#wish = { endsAt: Math.max(this.#wish?.endsAt ?? 0, time), cause };
  }

  /** Sends when nothing holds it back. A probe that gets no answer leaves its role to the next in line. */
  async pass<T>({ prepare, send }: Attempt<T>, waiter: Waiter): Promise<T> {
    for (;;) {
      const obstacle = this.#obstacle(waiter);
      if (obstacle !== undefined) {
        await obstacle;
        continue;
      }
      const asked = this.#asked;
      const handOn = this.isOn ? this.#becomeProbe() : undefined;
      try {
        await prepare();
        if (this.#asked !== asked) continue;
        const answer = await send();
        this.#settled = Math.max(this.#settled, asked);
        return answer;
      } finally {
        handOn?.();
      }
    }
  }

  #obstacle(waiter: Waiter): Promise<void> | undefined {
    if (!this.isOn || this.#wish === undefined) return undefined;
    const { cause, endsAt } = this.#wish;
    const ms = endsAt - waiter.now();
    if (ms > 0) return waiter.sleep(ms, cause);
    return this.#probe === undefined ? undefined : waiter.until(this.#probe);
  }

  #becomeProbe(): () => void {
    let end = (): void => undefined;
    this.#probe = new Promise((resolve) => {
      end = resolve;
    });
    return () => {
      this.#probe = undefined;
      end();
    };
  }
}
