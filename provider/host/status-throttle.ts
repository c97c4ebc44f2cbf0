import type { Clock } from "../client/deadline";

const everyMs = 250;

/**
 * Lets at most four statuses a second through for each resource. One that comes too soon waits for its turn and gives
 * it up to the next one, so that the last status before a long wait is always seen.
 */
export class StatusThrottle {
  readonly #sentAt = new Map<string | undefined, number>();
  readonly #waiting = new Map<string | undefined, { message: string; readonly turn: AbortController }>();

  constructor(
    private readonly clock: Clock,
    private readonly send: (urn: string | undefined, message: string) => void,
  ) {}

  say(urn: string | undefined, message: string): void {
    const waiting = this.#waiting.get(urn);
    if (waiting !== undefined) {
      waiting.message = message;
      return;
    }
    const elapsed = this.clock.now() - (this.#sentAt.get(urn) ?? Number.NEGATIVE_INFINITY);
    if (elapsed < 0 || elapsed >= everyMs) this.#pass(urn, message);
    else void this.#wait(urn, message, everyMs - elapsed);
  }

  /** Drops the status that waits: another line takes its place, or what it tells of is over. */
  end(urn: string | undefined): void {
    this.#waiting.get(urn)?.turn.abort();
    this.#waiting.delete(urn);
  }

  async #wait(urn: string | undefined, message: string, ms: number): Promise<void> {
    const entry = { message, turn: new AbortController() };
    this.#waiting.set(urn, entry);
    try {
      await this.clock.sleep(ms, entry.turn.signal);
    } catch {
      return;
    }
    if (this.#waiting.get(urn) !== entry) return;
    this.#waiting.delete(urn);
    this.#pass(urn, entry.message);
  }

  #pass(urn: string | undefined, message: string): void {
    this.#sentAt.set(urn, this.clock.now());
    this.send(urn, message);
  }
}
