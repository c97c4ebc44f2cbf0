/** The source of the time, in milliseconds since the epoch. */
export interface Clock {
  now(): number;
}

/** The machine's clock, the default. */
export const systemClock: Clock = { now: () => Date.now() };

/** A clock that only a test advances. */
export interface ManualClock extends Clock {
  /** Moves the clock forward by `milliseconds`. */
  advance(milliseconds: number): void;
}

/**
 * Creates a clock that stands still until it is advanced.
 *
 * @param start - RFC 3339 date or milliseconds; default 2026-01-01T00:00:00Z
 * @throws RangeError when `start` is not a date
 * @example
 * const clock = createManualClock("2026-03-01T12:00:00Z");
 * const emulator = await createEmulator({ clock, processingMs: 5_000 });
 * clock.advance(5_000); // documents added before are now done
 */
export function createManualClock(start: string | number = "2026-01-01T00:00:00Z"): ManualClock {
  let time = new Date(start).getTime();
  if (Number.isNaN(time)) throw new RangeError(`the start of the clock is not a date: ${String(start)}`);
  return {
    now: () => time,
    advance: (milliseconds) => {
      time += milliseconds;
    },
  };
}
