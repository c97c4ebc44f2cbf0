import { setMaxListeners } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { DeadlineError, StoppedError } from "../errors";

/** The source of time; tests pass one that never waits. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Waits `ms` milliseconds; rejects as soon as the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    await delay(ms, undefined, { signal });
  },
};

/** The engine kills the provider 5 s after a stop. The rest of that time is for the message and the receipt. */
const graceMs = 3_000;

/** A longer delay overflows Node's timers, which then fire immediately. The clock still enforces the real limit. */
const maxTimerMs = 2 ** 31 - 1;

/**
 * The time limit of one operation. Every request and every wait of the operation respects it: none outlasts
 * `timeoutMs`, and none begins after `stop` (Ctrl-C, a lost engine) has aborted.
 */
export class Deadline {
  /** For deletes: aborts when the time is over, or `graceMs` after a stop, so that one in flight can still end. */
  readonly sendSignal: AbortSignal;
  /** For waits and other requests: aborts when the time is over or the operation is stopped. */
  readonly waitSignal: AbortSignal;
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #grace: NodeJS.Timeout | undefined;

  constructor(
    readonly timeoutMs: number,
    readonly clock: Clock,
    private readonly stop?: AbortSignal,
    readonly endsAt = clock.now() + timeoutMs,
  ) {
    this.sendSignal = this.#controller.signal;
    this.waitSignal = stop === undefined ? this.sendSignal : AbortSignal.any([this.sendSignal, stop]);
    // Every request in line adds a listener; Node would warn of a leak after ten.
    setMaxListeners(0, this.sendSignal, this.waitSignal);
    this.#timer = setTimeout(
      () => {
        this.#controller.abort();
      },
      Math.min(Math.max(0, endsAt - clock.now()), maxTimerMs),
    );
    this.#timer.unref();
    stop?.addEventListener("abort", this.#onStop, { once: true });
  }

  readonly #onStop = (): void => {
    this.#grace = setTimeout(() => {
      this.#controller.abort();
    }, graceMs);
    this.#grace.unref();
  };
  /** The same limit, but `ms` earlier, for work that must leave time for what follows it. */
  endingEarlier(ms: number): Deadline {
    return new Deadline(this.timeoutMs, this.clock, this.stop, this.endsAt - ms);
  }

  remaining(): number {
    return this.endsAt - this.clock.now();
  }

  /** Throws when the time is over or the operation was stopped. `doing` begins the sentence "... until the timeout". */
  check(doing: string): void {
    if (this.stop?.aborted === true) throw new StoppedError("the operation was stopped");
    if (this.remaining() <= 0 || this.sendSignal.aborted) throw this.exceeded(doing);
  }

  /** Waits; fails immediately if the wait would end after the deadline. */
  async sleep(ms: number, doing: string): Promise<void> {
    this.check(doing);
    if (ms >= this.remaining()) throw this.exceeded(doing);
    try {
      await this.clock.sleep(ms, this.waitSignal);
    } catch (error) {
      this.check(doing);
      throw error;
    }
  }

  /** Waits for another operation. */
  async until(event: Promise<void>, doing: string): Promise<void> {
    this.check(doing);
    await endedOrAborted(event, this.waitSignal);
    this.check(doing);
  }

  exceeded(doing: string): DeadlineError {
    return new DeadlineError(`${doing} until the timeout (${formatDuration(this.timeoutMs)})`);
  }

  /** Call it when the operation is over: releases the timer and aborts requests that a failure left in flight. */
  end(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#grace);
    this.stop?.removeEventListener("abort", this.#onStop);
    this.#controller.abort();
  }
}

function endedOrAborted(event: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      signal.removeEventListener("abort", end);
      resolve();
    };
    signal.addEventListener("abort", end, { once: true });
    void event.then(end, end);
  });
}

/** `600000` is "10m", `90000` is "90s", `1500` is "1.5s". */
export function formatDuration(ms: number): string {
  if (ms >= 60_000 && ms % 60_000 === 0) return `${ms / 60_000}m`;
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${Number((ms / 1000).toPrecision(3))}s`;
}
