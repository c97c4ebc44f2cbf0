/** What one purge learns of the responses that are missing in its containers. */
export interface LossWatch {
  /** A response of this purge is missing. */
  lost(containerTag: string): void;
  /** A response of another purge of the container was missing while this one ran. */
  isBeside(containerTag: string): boolean;
  end(): void;
}

/**
 * The missing responses of all purges of one process at one address. A purge counts what disappears while its response
 * is missing. If another purge deletes in the same container at that time, both may count the same documents.
 */
export class Losses {
  readonly #running = new Map<symbol, Running>();

  begin(): LossWatch {
    const me = Symbol();
    const beside = new Set<string>();
    for (const { lost } of this.#running.values()) for (const tag of lost) beside.add(tag);
    const running: Running = { lost: new Set(), beside };
    this.#running.set(me, running);
    return {
      lost: (tag) => {
        running.lost.add(tag);
        for (const [other, { beside: tags }] of this.#running) if (other !== me) tags.add(tag);
      },
      isBeside: (tag) => beside.has(tag),
      end: () => {
        this.#running.delete(me);
      },
    };
  }
}

interface Running {
  readonly lost: Set<string>;
  /** Containers in which a response of another purge was missing. */
  readonly beside: Set<string>;
}
