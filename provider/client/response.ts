import type { ApiFailure } from "../errors";
import type { Cause } from "./pause";
import { retryAfter } from "./retry";
import type { HttpResponse } from "./transport";

/** The kind of failure that a status other than 2xx stands for. */
export function failureOf({ status, retryAfter: header }: HttpResponse, now: number): ApiFailure {
  if (status === 401) return { kind: "unauthorized", status };
  if (status === 403) return { kind: "forbidden", status };
  if (status === 404) return { kind: "missing", status };
  if (status === 410) return { kind: "gone", status };
  if (status >= 300 && status < 400) return { kind: "redirect", status };
  const asked = retryAfter(header, now);
  const wait = asked === undefined ? {} : { retryAfterMs: asked };
  if (status === 409) return { kind: "conflict", status, ...wait };
  if (status === 429) return { kind: "limited", status, ...wait };
  return status >= 500 || status === 408 ? { kind: "server", status, ...wait } : { kind: "rejected", status };
}

/** How long the API asked to wait, if it did. */
export function askedMs(failure: ApiFailure): number | undefined {
  return "retryAfterMs" in failure ? failure.retryAfterMs : undefined;
}

/** Why a request waits, as status lines tell it. */
export function causeOf(failure: ApiFailure): Cause {
  return { reason: failure.kind, status: "status" in failure ? failure.status : undefined };
}

/** What a route says of itself for messages. */
export interface RouteWords {
  /** Completes "the key has no right to ...". */
  readonly does: string;
  /** What to do after a 403. Default: use a key that is neither read-only nor scoped. */
  readonly forbidden?: string;
}

interface StatusWords extends RouteWords {
  /** What to do after a 401. */
  readonly keyHint?: string;
}

const defaultForbidden = "use a key that is not read-only and not scoped to other containers";

/** What a status other than 2xx means to the person who runs Pulumi. */
export function describeStatus(
  status: number,
  { does, forbidden, keyHint = "set the right one" }: StatusWords,
  where: string,
): string {
  if (status === 401) {
    return `the API does not know the key (401): ${keyHint}`;
  }
  if (status === 403) return `the key has no right to ${does} (403): ${forbidden ?? defaultForbidden}`;
  if (status === 404 || status === 410) return `${where} answered ${status}: is this the address of the API?`;
  if (status >= 300 && status < 400) {
    return `${where} answered with a redirect (${status}), which is never followed: set supermemory:baseUrl to the address it leads to`;
  }
  return `${where} answered ${status}`;
}

/** The vendor's ErrorResponse is `{error: string}`; anything else is not quoted. */
export function saidBy(text: string): string | undefined {
  const value = parseJson(text);
  if (typeof value !== "object" || value === null || !("error" in value) || typeof value.error !== "string")
    return undefined;
  return value.error;
}

/** Undefined for a text that is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
