import type { Freshness, SharedLook } from "./freshness";

/**
 * A list that all containers of one purge look at. One request serves every container whose look it is fresh enough for,
 * so that the number of requests depends on the time that a purge takes, and not on its containers.
 */
export class SharedList<T> {
  #latest: Entry<T> | undefined;

  /**
   * @param holdsPlace whether the caller holds a place in the limiter. It must not wait for a request that may still be
   *   waiting for one
   * @returns the list, and when it began
   */
  async get(
    freshness: Freshness,
    holdsPlace: boolean,
    load: () => Promise<T>,
  ): Promise<{ readonly value: T; readonly look: SharedLook }> {
    for (;;) {
      const latest = this.#latest;
      if (latest === undefined || !freshness.mayShare(latest.look) || !isNear(latest, holdsPlace)) {
        return await this.#load(freshness.begin(), holdsPlace, load);
      }
      const shared = await latest.list;
      // What happened while this waited may have made it stale. A failure belongs to the container that sent the request.
      if (shared !== undefined && freshness.isCurrent(latest.look)) return { value: shared.value, look: latest.look };
      if (this.#latest === latest) this.#latest = undefined;
    }
  }

  async #load(
    look: SharedLook,
    holdsPlace: boolean,
    load: () => Promise<T>,
  ): Promise<{ readonly value: T; readonly look: SharedLook }> {
    const loading = load();
    const entry: Entry<T> = {
      look,
      holdsPlace,
      isDone: false,
      list: loading.then(
        (value) => ({ value }),
        () => undefined,
      ),
    };
    this.#latest = entry;
    const value = await loading;
    entry.isDone = true;
    return { value, look };
  }
}

interface Entry<T> {
  readonly look: SharedLook;
  readonly holdsPlace: boolean;
  isDone: boolean;
  /** Undefined if the request failed. */
  readonly list: Promise<{ readonly value: T } | undefined>;
}

function isNear({ holdsPlace, isDone }: Entry<unknown>, callerHoldsPlace: boolean): boolean {
  return isDone || holdsPlace || !callerHoldsPlace;
}
