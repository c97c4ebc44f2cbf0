import type { Clock } from "../clock";
import { type HttpResponse, problem } from "../http/response";

/** The number of requests per key in a window of time. Further requests get 429 until the window ends. */
export interface RateLimit {
  readonly requests: number;
  /** Length of a window. The first request after the end of a window starts the next one. */
  readonly seconds: number;
}

interface Window {
  readonly endsAt: number;
  requests: number;
}

/** Counts the requests of each key. */
export class RateLimiter {
  private readonly windows = new Map<string, Window>();

  /** @throws RangeError when the limit is not valid */
  constructor(
    private readonly limit: RateLimit,
    private readonly clock: Clock,
  ) {
    const { requests, seconds } = limit;
    if (!Number.isInteger(requests) || requests < 1) {
      throw new RangeError(`requests of a rate limit is ${requests}; allowed: 1, 2, ...`);
    }
    if (!Number.isFinite(seconds) || seconds <= 0) {
      throw new RangeError(`seconds of a rate limit is ${seconds}; allowed: any time above 0`);
    }
  }

  /** The 429 for a request above the limit, with the seconds until the window ends. Such a request does not count. */
  refusal(keyId: string): HttpResponse | undefined {
    const now = this.clock.now();
    const window = this.windowOf(keyId, now);
    if (window.requests < this.limit.requests) {
      window.requests += 1;
      return undefined;
    }
    const retryAfter = String(Math.ceil((window.endsAt - now) / 1000));
    return problem(429, "Too many requests", "rate limit exceeded", { "retry-after": retryAfter });
  }

  private windowOf(keyId: string, now: number): Window {
    const known = this.windows.get(keyId);
    if (known !== undefined && now < known.endsAt) return known;
    const window = { endsAt: now + this.limit.seconds * 1000, requests: 0 };
    this.windows.set(keyId, window);
    return window;
  }
}
