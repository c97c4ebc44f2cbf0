import { setImmediate } from "node:timers/promises";
import type { Clock } from "../../../provider/client/deadline";

/** Turns of the event loop in which nothing happens before everybody counts as waiting. */
const quietTurns = 4;

/**
 * Time for many who wait at once: when all of them sleep and nothing is under way, it moves to the moment at which the
 * first of them wakes up.
 */
export class IdleClock implements Clock {
  #now = Date.UTC(2026, 0, 1);
  #sleepers: { readonly until: number; readonly wake: () => void }[] = [];
  #underWay = 0;
  #changes = 0;

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        signal.removeEventListener("abort", giveUp);
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
      };
      const giveUp = (): void => {
        end();
        reject(new Error("aborted"));
      };
      const wake = (): void => {
        end();
        resolve();
      };
      const sleeper = { until: this.#now + ms, wake };
      this.#sleepers.push(sleeper);
      if (signal.aborted) giveUp();
      else signal.addEventListener("abort", giveUp);
      void this.#moveWhenIdle();
    });
  }

  /** Time stands still during this work: an exchange with a server, which this clock knows nothing of. */
  async standStill<T>(work: () => Promise<T>): Promise<T> {
    this.#underWay += 1;
    try {
      return await work();
    } finally {
      this.#underWay -= 1;
      void this.#moveWhenIdle();
    }
  }

  async #moveWhenIdle(): Promise<void> {
    this.#changes += 1;
    const change = this.#changes;
    for (let turn = 0; turn < quietTurns; turn += 1) {
      await setImmediate();
      if (change !== this.#changes || this.#underWay > 0) return;
    }
    if (this.#sleepers.length === 0) return;
    this.#now = Math.max(this.#now, Math.min(...this.#sleepers.map(({ until }) => until)));
    for (const { until, wake } of this.#sleepers) if (until <= this.#now) wake();
    void this.#moveWhenIdle();
  }
}
