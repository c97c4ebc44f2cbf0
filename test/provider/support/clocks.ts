import { setImmediate } from "node:timers/promises";
import type { Clock } from "../../../provider/client/deadline";

/** Waits take no time: each moves the clock on by its length. For one operation at a time. */
export class LeapingClock implements Clock {
  readonly slept: number[] = [];
  #now: number;

  constructor(now = Date.UTC(2026, 0, 1)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  advance(ms: number): void {
    this.#now += ms;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.slept.push(ms);
    this.#now += ms;
    return Promise.resolve();
  }
}

/** Turns of the event loop without a change after which everybody counts as waiting. */
const quietTurns = 4;

/**
 * For many that wait at the same time. Time moves when the test lets it `pass`; with `idle` it moves to the next wake-up
 * when all of them sleep and nothing is under way.
 */
export class WaitingClock implements Clock {
  #now: number;
  #sleepers: { readonly until: number; readonly wake: () => void }[] = [];
  #underWay = 0;
  #changes = 0;

  constructor(private readonly moves: "idle" | "by hand") {
    this.#now = moves === "idle" ? Date.UTC(2026, 0, 1) : 0;
  }

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

  async pass(ms: number): Promise<void> {
    this.#now += ms;
    this.#wakeDue();
    await setImmediate();
  }

  /** Time stands still during this work: an exchange with a server, of which this clock knows nothing. */
  async standStill<T>(work: () => Promise<T>): Promise<T> {
    this.#underWay += 1;
    try {
      return await work();
    } finally {
      this.#underWay -= 1;
      void this.#moveWhenIdle();
    }
  }

  #wakeDue(): void {
    for (const { until, wake } of this.#sleepers) if (until <= this.#now) wake();
  }

  async #moveWhenIdle(): Promise<void> {
    if (this.moves !== "idle") return;
    this.#changes += 1;
    const change = this.#changes;
    for (let turn = 0; turn < quietTurns; turn += 1) {
      await setImmediate();
      if (change !== this.#changes || this.#underWay > 0) return;
    }
    if (this.#sleepers.length === 0) return;
    this.#now = Math.max(this.#now, Math.min(...this.#sleepers.map(({ until }) => until)));
    this.#wakeDue();
    void this.#moveWhenIdle();
  }
}
