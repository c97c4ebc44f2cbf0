import type { ApiEnd, ApiVersion } from "../api/api-version";
import type { RouteName } from "../api/route-names";
import type { Chosen } from "./chosen";

/** Whether the fault happens before or after the request takes effect. */
export type Moment = "beforeEffect" | "afterEffect";

/** What another client does while the client of a refused request waits. */
export type Meanwhile =
  /** Adds documents to the container. */
  | { readonly kind: "write"; readonly documents: number }
  /** Adds the tag of another container to the first documents that the request is about. */
  | { readonly kind: "share"; readonly documents: number; readonly containerTag: string }
  /** Moves them to another container. */
  | { readonly kind: "move"; readonly documents: number; readonly containerTag: string };

/** Which requests a rule matches. A request must match every given field. */
export interface FaultMatch {
  readonly method?: "GET" | "POST" | "PATCH" | "DELETE";
  /** The path. `*` matches any characters, e.g. `/v3/container-tags/*`. */
  readonly path?: string;
  readonly route?: RouteName;
  /** The API version that the path belongs to. */
  readonly api?: ApiVersion;
  /** A container tag in the path or the body of the request. A namespace is a container tag. */
  readonly containerTag?: string;
}

/** What happens to a request that a rule hits. */
export type Fault =
  /**
   * 429, by default (`when`) without effect. `retryAfter` is in seconds, or an HTTP date; without it there is no such header. `shape` `details`,
   * the default, is `{error, details}`; `code` is `{error, code: "RATE_LIMITED", retryAfterSeconds}`.
   * `headers` are added to the response, such as `retry-after-ms`.
   */
  | {
      readonly kind: "rateLimit";
      readonly retryAfter?: number | string;
      readonly shape?: "details" | "code";
      readonly headers?: Readonly<Record<string, string>>;
      readonly when?: Moment;
      readonly meanwhile?: Meanwhile;
    }
  /** A 5xx. Default `status`: 500. Default `when`: beforeEffect. `retryAfter` as for rateLimit. */
  | {
      readonly kind: "serverError";
      readonly status?: number;
      readonly when?: Moment;
      readonly retryAfter?: number | string;
    }
  /** The connection is reset without a response. */
  | { readonly kind: "reset"; readonly when: Moment }
  /** The response is held back for `ms` milliseconds, or without `ms` until `release()`. Default `when`: beforeEffect. */
  | { readonly kind: "slow"; readonly ms?: number; readonly when?: Moment }
  /** 404 without effect: an HTML page, as from a proxy, or JSON that names nothing. */
  | { readonly kind: "notFound"; readonly as: "html" | "json" }
  /** 200 with a body that is not JSON. Default `when`: afterEffect. */
  | { readonly kind: "notJson"; readonly body?: string; readonly when?: Moment }
  /** `body` replaces the documented response. Default `status`: 200. Default `when`: afterEffect. */
  | { readonly kind: "wrongShape"; readonly body: unknown; readonly status?: number; readonly when?: Moment }
  /**
   * A bulk delete, or the delete of a container, deletes only a part. It deletes at most `documents` documents per request, and none that
   * `leaves` selects. With `leaves` the rule only matches requests for at least one such document. `claims` replaces the count in the response
   * (default: the true count), and `success` replaces its `success` (default: true). With a `reason` a delete by ids lists each id that it kept
   * in `errors[]`; without one the response does not mention them. A container that keeps documents also keeps its direct memories.
   */
  | {
      readonly kind: "partial";
      readonly documents?: number;
      readonly leaves?: Chosen;
      readonly claims?: number;
      readonly reason?: string;
      readonly success?: boolean;
    }
  /** 409 to a delete request, by default (`when`) without effect, as from a busy container. With an effect it deletes at most `documents`. */
  | { readonly kind: "busy"; readonly when?: Moment; readonly documents?: number; readonly meanwhile?: Meanwhile }
  /** A status outside of 2xx and 5xx, as JSON in the vendor's form or as the HTML page of a proxy. */
  | { readonly kind: "refusal"; readonly status: number; readonly as: "html" | "json"; readonly when: Moment }
  /**
   * Right after the request takes effect another client adds `documents` documents to `containerTag`. Default: the first tag of the request, or
   * of the first document in its ids, or the default container.
   */
  | { readonly kind: "lateWriter"; readonly documents: number; readonly containerTag?: string }
  /**
   * Another client deletes the `oldest` (default) or `newest` documents of `containerTag` (default as for lateWriter), or the container with
   * everything in it, right before or, by default, after the request takes effect. `lateDeletions` records it; the ledger does not. The rule
   * only matches while the container has something to delete.
   */
  | {
      readonly kind: "lateDeleter";
      readonly documents: number | "container";
      readonly containerTag?: string;
      readonly from?: "oldest" | "newest";
      readonly when?: Moment;
    }
  /**
   * The next `lists` lists of the containers still return the documents that the request deleted. With `flickers` every second list omits one
   * of them.
   */
  | { readonly kind: "listLag"; readonly lists: number; readonly flickers?: boolean }
  /**
   * The API version of the request is switched off: from this request on, or with `when` afterEffect from the next one on. All its routes then
   * respond in the same way, by default `as` off (404). With `forMs` it is on again after that time; with 0 only this request fails.
   */
  | { readonly kind: "switchOff"; readonly as?: ApiEnd; readonly when?: Moment; readonly forMs?: number };

/** A rule of a fault script. The first rule that is due hits the request. A request is hit at most once. */
export interface FaultRule {
  /** For the request log and for messages. Default: the kind. */
  readonly name?: string;
  /** Default: every request. */
  readonly match?: FaultMatch;
  /** The first matching request to hit, counted from 1. Default: 1. */
  readonly nth?: number;
  /** The maximum number of requests to hit. Default: 1; Infinity for all. */
  readonly times?: number;
  readonly then: Fault;
}

/** A rule in the script of a running emulator. */
export interface ActiveFault {
  readonly rule: FaultRule;
  /** The number of requests it has hit. */
  readonly hits: number;
  /** Removes the rule from the script. What it has done remains. */
  remove(): void;
}
