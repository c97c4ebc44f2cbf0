import type { Clock } from "../client/deadline";

/** A delete rests on a list of this age at most, even if nothing made it wait. */
const maxAgeMs = 10_000;

/** A list that several containers share serves looks that begin within this time. */
const sharedMs = 1_000;

/** When something was last looked at. */
export interface Look {
  readonly epoch: number;
  readonly at: number;
}

/** When a list began that several containers share. */
export interface SharedLook {
  /** How often the purge had waited. */
  readonly waits: number;
  readonly at: number;
}

/** Whether a delete may still rest on a look: nothing waited since, and it is not old. */
export function isFresh(look: Look, now: Look): boolean {
  return look.epoch === now.epoch && now.at - look.at <= maxAgeMs;
}

/**
 * Knows for one container which looks at it are too old to delete by. A wait anywhere in the purge ends an epoch, and so
 * does a new round of this container.
 */
export class Freshness {
  #rounds = 0;

  /** @param waits shared by all containers of the purge */
  constructor(
    private readonly clock: Clock,
    private readonly waits: { count: number },
  ) {}

  now(): Look {
    return { epoch: this.waits.count + this.#rounds, at: this.clock.now() };
  }

  isFresh(look: Look): boolean {
    return isFresh(look, this.now());
  }

  /** Begins a look that other containers may share. */
  begin(): SharedLook {
    return { waits: this.waits.count, at: this.clock.now() };
  }

  /** Whether a look of this container that begins now may use a list that began earlier. Not after a round of its own. */
  mayShare({ at, waits }: SharedLook): boolean {
    return this.#rounds === 0 && waits === this.waits.count && this.clock.now() - at <= sharedMs;
  }

  /** Whether a shared look is as good as one that began now: nothing waited since, and it is not old. */
  isCurrent(look: SharedLook): boolean {
    return this.isFresh(this.ownLook(look));
  }

  /** A shared look as one of this container, in its round. */
  ownLook({ at, waits }: SharedLook): Look {
    return { epoch: waits + this.#rounds, at };
  }

  /** A delete of the purge had to wait: whatever was decided before has to be decided again. */
  waited(): void {
    this.waits.count += 1;
  }

  /** A new round of this container begins. */
  nextRound(): void {
    this.#rounds += 1;
  }
}
