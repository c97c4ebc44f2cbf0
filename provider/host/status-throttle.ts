import type { Clock } from "../client/deadline";

const everyMs = 250;

/**
 * Sends at most four statuses per second for each resource. A status that comes too soon waits, and a newer one replaces
 * it. So the last status before a long wait is always shown.
 */
export class StatusThrottle {
  readonly #sentAt = new Map<string | undefined, number>();
  readonly #waiting = new Map<string | undefined, { message: string; readonly turn: AbortController }>();

  constructor(
    private readonly clock: Clock,
    private readonly send: (urn: string | undefined, message: string) => void,
  ) {}

  status(urn: string | undefined, message: string): void {
    const waiting = this.#waiting.get(urn);
    if (waiting !== undefined) {
      waiting.message = message;
      return;
    }
    const elapsed = this.clock.now() - (this.#sentAt.get(urn) ?? Number.NEGATIVE_INFINITY);
    if (elapsed < 0 || elapsed >= everyMs) this.#pass(urn, message);
    else void this.#wait(urn, message, everyMs - elapsed);
  }

  /** Drops the waiting status: another line replaces it, or its work is over. */
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
