import type { ApiFailure } from "../errors";

/** When a request is sent again. Times in milliseconds. */
export interface RetryPolicy {
  /** Upper bound of the first wait. It doubles with each attempt. Default 500. */
  readonly baseMs: number;
  /** No backoff is longer than this. Default 20,000. */
  readonly capMs: number;
  /** For how long an address is tried that has not responded in this process. Default 10,000. */
  readonly firstContactMs: number;
  /** For how long an address is tried that has responded before. Default: until the deadline, as all other retries. */
  readonly outageMs: number;
  /** When a read gives up on a server error without Retry-After. Default: at the deadline. */
  readonly serverErrors?: { readonly attempts: number; readonly afterMs: number };
}

export const defaultRetryPolicy: RetryPolicy = {
  baseMs: 500,
  capMs: 20_000,
  firstContactMs: 10_000,
  outageMs: Infinity,
};

/** For reads that nobody should wait for: a preview's count, a refresh. */
export const briefRetryPolicy: RetryPolicy = { baseMs: 200, capMs: 1_000, firstContactMs: 500, outageMs: 5_000 };

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
 * For how long a failed list may be sent again: 0 is never, Infinity is until the deadline. A delete is never repeated
 * without another look: see `afterDelete`.
 *
 * An unknown host name is an outage like any other: name servers that are away report it too.
 *
 * @param hasResponded whether the address has responded in this process
 */
export function retryForMs(policy: RetryPolicy, failure: ApiFailure, hasResponded: boolean): number {
  switch (failure.kind) {
    case "limited":
    case "conflict":
    case "server":
    case "no-response":
    case "interrupted-response":
      return Infinity;
    case "unreachable":
      if (failure.lasting === true) return 0;
      return hasResponded ? policy.outageMs : policy.firstContactMs;
    case "unauthorized":
    case "forbidden":
    case "missing":
    case "gone":
    case "redirect":
    case "rejected":
    case "unreadable":
      return 0;
  }
}

/** The failures of one request, or of one unit. Decides whether and when it is sent again. */
export class Retries {
  #failures = 0;
  /** When the address became unreachable; undefined after any other failure. */
  #unreachableSince: number | undefined;

  constructor(private readonly policy: RetryPolicy) {}

  /**
   * The longest backoff after this failure; undefined if the request should not be sent again.
   *
   * @param hasResponded whether the address has responded in this process
   */
  after(failure: ApiFailure, hasResponded: boolean, now: number): Backoff | undefined {
    this.#failures += 1;
    const isUnreachable = failure.kind === "unreachable";
    this.#unreachableSince = isUnreachable ? (this.#unreachableSince ?? now) : undefined;
    const left = retryForMs(this.policy, failure, hasResponded) - (now - (this.#unreachableSince ?? now));
    if (left <= 0) return undefined;
    return { attempt: this.#failures, maxMs: isUnreachable ? Math.min(left, maxReconnectMs) : Infinity };
  }
}

/** The backoff before the next attempt: that of `attempt`, but no longer than `maxMs`. */
export interface Backoff {
  readonly attempt: number;
  readonly maxMs: number;
}

/** A connection attempt is no burden for an API, and the end of an outage should be noticed soon. */
const maxReconnectMs = 5_000;

/**
 * What follows a delete that failed:
 *
 * - repeat: wait, list, and send it again if that is still right.
 * - settle: list. What remains is deleted by ids.
 * - give up: list, and fail if something remains.
 */
export function afterDelete({ kind }: ApiFailure): "repeat" | "settle" | "give up" {
  switch (kind) {
    case "limited":
    case "conflict":
    case "unreachable":
      return "repeat";
    case "server":
    case "no-response":
    case "interrupted-response":
    case "unreadable":
      return "settle";
    case "unauthorized":
    case "forbidden":
    case "missing":
    case "gone":
    case "redirect":
    case "rejected":
      return "give up";
  }
}

/** Whether a server error has lasted for long enough to try something else. A time to wait announces its end. */
export function isLasting(
  { serverErrors }: RetryPolicy,
  failure: ApiFailure,
  attempt: number,
  elapsedMs: number,
): boolean {
  if (serverErrors === undefined || failure.kind !== "server" || (failure.retryAfterMs ?? 0) > 0) return false;
  return attempt >= serverErrors.attempts && elapsedMs >= serverErrors.afterMs;
}

/** The same requests, but reads give up on a lasting server error, so that the other API version can be tried. */
export function withPatience<T extends { readonly policy: RetryPolicy }>(context: T, hurried: boolean): T {
  const serverErrors = { attempts: 3, afterMs: hurried ? 1_000 : 10_000 };
  return { ...context, policy: { ...context.policy, serverErrors } };
}

/**
 * Whether a delete that failed like this may still have deleted something. A status proves nothing: a server or a proxy
 * may refuse a request that already had its effect.
 */
export function mayHaveTakenEffect(failure: ApiFailure): boolean {
  return failure.kind !== "unreachable";
}

/** Whether Retry-After with this status applies to all requests: too many requests, or no service. */
export function holdsAllBack(status: number): boolean {
  return status === 429 || status === 503;
}

/**
 * The wait before the next attempt: what the API asks for, but no less than our own backoff, which grows.
 *
 * @param requestedMs undefined if the API asks for nothing
 */
export function longerWait(requestedMs: number | undefined, backoffMs: number): Wait {
  const requested = requestedMs ?? 0;
  return { ms: Math.max(requested, backoffMs), isRequested: requested > 0 && requested >= backoffMs };
}

interface Wait {
  readonly ms: number;
  /** The API asked for it. */
  readonly isRequested: boolean;
}

/** What a response may contain about the time to wait. */
export interface WaitHeaders {
  readonly status: number;
  readonly retryAfter: string | undefined;
  /** The header retry-after-ms. */
  readonly retryAfterMs?: string | undefined;
  /** The header X-RateLimit-Reset. */
  readonly rateLimitReset?: string | undefined;
  readonly date?: string | undefined;
}

/**
 * How long a response asks to wait, in milliseconds: by Retry-After, else by retry-after-ms, else, if the API refuses all
 * requests, by X-RateLimit-Reset. Undefined if it asks for nothing.
 */
export function askedWaitMs(headers: WaitHeaders, now: number): number | undefined {
  const { date, rateLimitReset, retryAfterMs, status } = headers;
  const ms = retryAfter(headers.retryAfter, now) ?? inMs(retryAfterMs, 1);
  if (ms !== undefined || !holdsAllBack(status)) return ms;
  return waitUntilReset(rateLimitReset, dateOf(date) ?? now);
}

/**
 * X-RateLimit-Reset has no standard: it is the time of the reset, in seconds or milliseconds since the epoch, or the
 * seconds until then. It may also stand for a quota that is not used up, so the wait is a minute at most.
 *
 * @param now the API's clock, if the response contains it
 */
function waitUntilReset(header: string | undefined, now: number): number | undefined {
  const [seconds, ms] = [inMs(header, 1_000), inMs(header, 1)];
  if (seconds === undefined || ms === undefined) return undefined;
  const wait = ms >= 1e12 ? ms - now : seconds >= 1e12 ? seconds - now : seconds;
  return Math.min(Math.max(0, wait), maxResetMs);
}

const maxResetMs = 60_000;

/** A number of units, in milliseconds. Undefined if it is not a number. */
function inMs(header: string | undefined, unitMs: number): number | undefined {
  return /^\s*\d+(\.\d+)?\s*$/.test(header ?? "") ? Math.ceil(Number(header) * unitMs) : undefined;
}

/** The Retry-After header in milliseconds: seconds or an HTTP date (RFC 9110, 10.2.3). Undefined if it is neither. */
export function retryAfter(header: string | undefined, now: number): number | undefined {
  const ms = inMs(header, 1_000);
  if (ms !== undefined) return ms;
  const date = dateOf(header);
  return date === undefined ? undefined : Math.max(0, date - now);
}

/** An HTTP date (RFC 9110, 5.6.7) in milliseconds since the epoch. Undefined if it is not one. */
export function dateOf(header: string | undefined): number | undefined {
  const date = /^\s*[a-z]{3}/i.test(header ?? "") ? Date.parse(header ?? "") : Number.NaN;
  return Number.isNaN(date) ? undefined : date;
}
