import type { Clock } from "../client/deadline";

/** A delete rests on a list of this age at most, even if nothing made it wait. */
const maxAgeMs = 10_000;

/** When something was last looked at. */
export interface Look {
  readonly epoch: number;
  readonly at: number;
}

/** Whether a delete may still rest on a look: nothing waited since, and it is not old. */
export function isFresh(look: Look, now: Look): boolean {
  return look.epoch === now.epoch && now.at - look.at <= maxAgeMs;
}

/** Knows for the purge of one container which of its looks are too old to delete by. Each wait ends an epoch. */
export class Freshness {
  #epoch = 0;

  constructor(private readonly clock: Clock) {}

  now(): Look {
    return { epoch: this.#epoch, at: this.clock.now() };
  }

  isFresh(look: Look): boolean {
    return isFresh(look, this.now());
  }

  /** Something waited, or a new round begins: whatever was decided before has to be decided again. */
  expire(): void {
    this.#epoch += 1;
  }
}
