import type { ApiError, ApiFailure } from "../errors";
import { askedWaitMs, type WaitHeaders } from "./retry";

/** What a response means. */

interface Received extends WaitHeaders {
  readonly text: string;
}

/** The kind of failure that a status other than 2xx stands for. */
export function failureOf(response: Received, now: number): ApiFailure {
  const { status, text } = response;
  const origin = isMarkup(text) ? ({ foreign: true } as const) : {};
  const failed = { status, ...origin };
  if (status === 401) return { kind: "unauthorized", ...failed };
  if (status === 403) return { kind: "forbidden", ...failed };
  if (status === 404) return { kind: "missing", ...failed };
  if (status === 410) return { kind: "gone", ...failed };
  if (status >= 300 && status < 400) return { kind: "redirect", ...failed };
  const retryAfterMs = askedWaitMs(response, now);
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (status === 409) return { kind: "conflict", ...failed, ...wait };
  if (status === 429) return { kind: "limited", ...failed, ...wait };
  return status >= 500 || status === 408 ? { kind: "server", ...failed, ...wait } : { kind: "rejected", ...failed };
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
  { action, deletesWithBody = false, forbiddenHint, keyHint }: StatusWords,
  where: string,
): Problem {
  if (blocked.includes(status) && isMarkup(text)) {
    const hint = status === 407 ? proxyLogin : `${checkAddress}, and that no firewall or proxy blocks this machine`;
    return { summary: `${where}: a firewall or proxy answered with an HTML page (${status})`, hints: [hint] };
  }
  const words = meanings[status];
  if (words !== undefined) return { summary: `${where}: ${words.meaning} (${status})`, hints: [words.hint] };
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
  return { summary, hints: status === 400 && deletesWithBody ? [bodyRemoved] : [] };
}

export interface StatusWords extends RouteWords {
  readonly keyHint: string;
  /** The request was a DELETE with a body. Default false. */
  readonly deletesWithBody?: boolean;
}

/** The statuses by which firewalls and proxies refuse a request or ask for a check by a browser. */
const blocked = [401, 403, 407, 429, 503];

const proxyLogin = "put the user and the password of the proxy into HTTPS_PROXY or HTTP_PROXY";

/** Statuses that are rare enough to need words. */
const meanings: Readonly<Record<number, { readonly meaning: string; readonly hint: string }>> = {
  402: {
    meaning: "the plan of the organization does not cover this request",
    hint: "check the plan and the payments of the organization",
  },
  407: {
    meaning: "a proxy asks for a login",
    hint: proxyLogin,
  },
  413: {
    meaning: "the request is larger than the server or a proxy allows",
    hint: "raise the limit for request bodies of that server or proxy",
  },
  421: {
    meaning: "the server is not responsible for this host name",
    hint: `${checkAddress}, and that no proxy sends its requests to another server`,
  },
};

/** Some gateways drop the body of a DELETE request, and the API then misses the ids or the tag in it. */
const bodyRemoved =
  "if the body is missing, a proxy or gateway on the way removed it: allow bodies in DELETE requests there";

/** Why a request failed, to complete "... until the timeout". */
export function shortReason({ failure, summary }: ApiError): string {
  return "status" in failure && failure.foreign !== true ? `the API returned ${failure.status}` : summary;
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
