import type { ApiFailure } from "../errors";

/** When a request is tried again, as data. Times in milliseconds. */
export interface RetryPolicy {
  /** Upper bound of the first wait; it doubles with each attempt. Default 500. */
  readonly baseMs: number;
  /** No backoff is longer than this. Default 20,000. */
  readonly capMs: number;
  /** Attempts at an address that cannot be reached at all; everything else is bounded by the deadline. Default 4. */
  readonly unreachableAttempts: number;
}

export const defaultRetryPolicy: RetryPolicy = { baseMs: 500, capMs: 20_000, unreachableAttempts: 4 };

/** For a look that nobody should have to wait for: a preview's count, a refresh. */
export const briefRetryPolicy: RetryPolicy = { baseMs: 200, capMs: 1_000, unreachableAttempts: 2 };

/**
 * Exponential backoff with full jitter: a random part of `baseMs * 2^(attempt - 1)`, at most `capMs`.
 *
 * @param attempt 1 for the wait after the first attempt
 * @param random a number from 0 to 1
 */
export function backoff(policy: RetryPolicy, attempt: number, random: number): number {
  return Math.ceil(random * Math.min(policy.capMs, policy.baseMs * 2 ** Math.min(attempt - 1, 30)));
}

/**
 * Whether a failed request may be sent again. A deleting request is repeated only when it certainly had no effect;
 * one that may have had is settled by listing instead.
 */
export function mayRetry(policy: RetryPolicy, failure: ApiFailure, attempt: number, mutating: boolean): boolean {
  switch (failure.kind) {
    case "limited":
    case "conflict":
      return true;
    case "unreachable":
      return attempt < policy.unreachableAttempts;
    case "server":
    case "no-response":
    case "interrupted-response":
      return !mutating;
    case "unauthorized":
    case "forbidden":
    case "missing":
    case "gone":
    case "redirect":
    case "rejected":
    case "unreadable":
      return false;
  }
}

/** Whether a deleting request that failed like this may have deleted something all the same. */
export function mayHaveTakenEffect(failure: ApiFailure): boolean {
  return (
    failure.kind === "server" ||
    failure.kind === "no-response" ||
    failure.kind === "interrupted-response" ||
    failure.kind === "unreadable"
  );
}

/** Whether Retry-After of an answer with this status is meant for all requests: too many of them, or no service now. */
export function holdsAllBack(status: number): boolean {
  return status === 429 || status === 503;
}

/**
 * The Retry-After header in milliseconds: seconds, or an HTTP date (RFC 9110, 10.2.3). Undefined when it is neither.
 */
export function retryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+(\.\d+)?$/.test(header.trim())) return Math.ceil(Number(header) * 1000);
  const date = dateOf(header);
  return date === undefined ? undefined : Math.max(0, date - now);
}

/** An HTTP date (RFC 9110, 5.6.7) in milliseconds since the epoch. Undefined when it is none. */
export function dateOf(header: string | undefined): number | undefined {
  const date = /^\s*[a-z]{3}/i.test(header ?? "") ? Date.parse(header ?? "") : Number.NaN;
  return Number.isNaN(date) ? undefined : date;
}
