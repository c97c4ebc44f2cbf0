import type { ApiFailure } from "../errors";
import { askedWaitMs, type WaitHeaders } from "./retry";

/** What a response means. */

interface Received extends WaitHeaders {
  readonly text: string;
}

/** The kind of failure that a status other than 2xx stands for. */
export function failureOf(response: Received, now: number): ApiFailure {
  const { status } = response;
  if (status === 401) return { kind: "unauthorized", status };
  if (status === 403) return { kind: "forbidden", status };
  if (status === 404) return { kind: "missing", status };
  if (status === 410) return { kind: "gone", status };
  if (status >= 300 && status < 400) return { kind: "redirect", status };
  const retryAfterMs = askedWaitMs(response, now);
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (status === 409) return { kind: "conflict", status, ...wait };
  if (status === 429) return { kind: "limited", status, ...wait };
  return status >= 500 || status === 408 ? { kind: "server", status, ...wait } : { kind: "rejected", status };
}

/** How long the API asked to wait, if it did. */
export function requestedWaitMs(failure: ApiFailure): number | undefined {
  return "retryAfterMs" in failure ? failure.retryAfterMs : undefined;
}

/** What a route contributes to error messages. */
export interface RouteWords {
  /** Completes "the key may not ...". */
  readonly action: string;
  /** What to do after a 403. */
  readonly forbiddenHint: string;
}

/** What happened, and what to do. */
export interface Problem {
  readonly summary: string;
  readonly hints: readonly string[];
}

/** What to do if the response is not the API's. */
export const checkAddress = "check that the base URL is the address of the API";

/** What a status other than 2xx means to the person who runs Pulumi. */
export function describeStatus(
  { status, text }: Received,
  { action, forbiddenHint, keyHint }: RouteWords & { readonly keyHint: string },
  where: string,
): Problem {
  if ((status === 401 || status === 403) && isMarkup(text)) {
    return { summary: `${where} returned ${status} with an HTML page, not an API response`, hints: [checkAddress] };
  }
  if (status === 401) return { summary: "the API rejected the key (401)", hints: [keyHint] };
  if (status === 403) return { summary: `the key may not ${action} (403)`, hints: [forbiddenHint] };
  const summary = `${where} returned ${status}`;
  if (status === 404 || status === 410) return { summary, hints: [checkAddress] };
  if (status >= 300 && status < 400) {
    return {
      summary: `${where} returned a redirect (${status}), which is never followed`,
      hints: ["set the base URL to the address that it redirects to"],
    };
  }
  return { summary, hints: [] };
}

/** A page of HTML or XML, such as that of a proxy. */
export function isMarkup(text: string): boolean {
  return text.trimStart().startsWith("<");
}

/** The message of the vendor's ErrorResponse, `{error: string}`. Nothing else is quoted. */
export function apiMessageOf(text: string): string | undefined {
  const value = parseJson(text);
  if (typeof value !== "object" || value === null || !("error" in value) || typeof value.error !== "string") {
    return undefined;
  }
  return value.error;
}

/** Undefined if the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
