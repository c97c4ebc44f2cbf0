import type { Wait } from "./call-context";

/** Why the API asked to wait. */
export type Cause = Pick<Wait, "reason" | "status" | "foreign" | "problem">;

/**
 * Whether the API has asked all requests of this process to wait (429 or 503 with Retry-After).
 *
 * - open: requests are sent.
 * - paused: nothing is sent before `until`. Then one request becomes the probe.
 * - probing: one request is in flight, and the others wait for its response. If all were sent together, each pause would
 *   end in the burst that led to it.
 */
export type PauseState =
  | { readonly name: "open" }
  | { readonly name: "paused"; readonly until: number; readonly cause: Cause }
  | {
      readonly name: "probing";
      readonly until: number;
      readonly cause: Cause;
      /** The API asked to wait again while the probe was in flight, so the probe's response ends nothing. */
      readonly extended: boolean;
    };

export type PauseEvent =
  | { readonly name: "asked to wait"; readonly until: number; readonly cause: Cause }
  | { readonly name: "probe began" }
  | { readonly name: "probe ended"; readonly responded: boolean };

/** The state after an event. Of several times to wait for the latest counts. */
export function nextState(state: PauseState, event: PauseEvent): PauseState {
  switch (event.name) {
    case "asked to wait": {
      const { cause } = event;
      const until = state.name === "open" ? event.until : Math.max(state.until, event.until);
      return state.name === "probing" ? { ...state, until, cause, extended: true } : { name: "paused", until, cause };
    }
    case "probe began":
      return state.name === "paused" ? { ...state, name: "probing", extended: false } : state;
    case "probe ended": {
      if (state.name !== "probing") return state;
      const { cause, extended, until } = state;
      return event.responded && !extended ? { name: "open" } : { name: "paused", until, cause };
    }
  }
}

/** How one request waits. Each wait fails when its operation may wait no longer. */
export interface Waiter {
  now(): number;
  /** @param cause the response, to any request, that asked to wait */
  sleep(ms: number, cause: Cause): Promise<void>;
  /** Waits for another request. */
  until(event: Promise<void>): Promise<void>;
}

/** One attempt at a request. */
export interface Attempt<T> {
  /** Runs right before `send`, and again if the API asks to wait in between. */
  readonly prepare: () => Promise<void>;
  /**
   * Resolves with any response of the API; rejects if there is none.
   *
   * @param isUndisturbed whether the API has not asked to wait since `send` was called
   */
  readonly send: (isUndisturbed: () => boolean) => Promise<T>;
}

/** Holds back all requests of one process while the API asks to wait. */
export class RateLimitPause {
  #state: PauseState = { name: "open" };
  /** How often the API asked to wait. */
  #requests = 0;
  #probeEnd: Promise<void> = Promise.resolve();

  get isOpen(): boolean {
    return this.#state.name === "open";
  }

  /** Sends nothing before `until` (milliseconds since the epoch). */
  extendTo(until: number, cause: Cause): void {
    this.#requests += 1;
    this.#apply({ name: "asked to wait", until, cause });
  }

  /** Sends as soon as nothing holds it back. When a probe gets no response, the next request in line becomes the probe. */
  async pass<T>(attempt: Attempt<T>, waiter: Waiter): Promise<T> {
    for (;;) {
      const state = this.#state;
      if (state.name !== "open" && state.until > waiter.now())
        await waiter.sleep(state.until - waiter.now(), state.cause);
      else if (state.name === "probing") await waiter.until(this.#probeEnd);
      else {
        const sent = state.name === "open" ? await this.#sendIfOpen(attempt) : await this.#sendAsProbe(attempt);
        if (sent !== undefined) return sent.response;
      }
    }
  }

  /** Undefined if the API asked to wait before the request was sent. */
  async #sendIfOpen<T>({ prepare, send }: Attempt<T>): Promise<{ readonly response: T } | undefined> {
    await prepare();
    return this.isOpen ? { response: await send(this.#disturbance()) } : undefined;
  }

  #disturbance(): () => boolean {
    const before = this.#requests;
    return () => this.#requests === before;
  }

  async #sendAsProbe<T>({ prepare, send }: Attempt<T>): Promise<{ readonly response: T } | undefined> {
    let end = (): void => undefined;
    this.#probeEnd = new Promise((resolve) => {
      end = resolve;
    });
    this.#apply({ name: "probe began" });
    let responded = false;
    try {
      await prepare();
      if (this.#state.name === "probing" && this.#state.extended) return undefined;
      const response = await send(this.#disturbance());
      responded = true;
      return { response };
    } finally {
      this.#apply({ name: "probe ended", responded });
      end();
    }
  }

  #apply(event: PauseEvent): void {
    this.#state = nextState(this.#state, event);
  }
}
