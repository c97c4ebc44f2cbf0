import type { Api, ApiState } from "../api/generation";
import type { RouteName } from "../api/route-names";
import type { Chosen } from "./chosen";

/** Whether the request takes effect before the fault. */
export type Moment = "beforeEffect" | "afterEffect";

/** Which requests a rule looks at; every field given must fit. */
export interface FaultMatch {
  readonly method?: "GET" | "POST" | "PATCH" | "DELETE";
  /** The path, where `*` stands for any run of characters, e.g. `/v3/container-tags/*`. */
  readonly path?: string;
  readonly route?: RouteName;
  /** The generation that the path belongs to. */
  readonly api?: Api;
  /** A container tag that the request names, in its body or path; a namespace is one. */
  readonly containerTag?: string;
}

/** What happens to a request that a rule hits. */
export type Fault =
  /**
   * 429, without effect. `retryAfter`: seconds, or an HTTP date; without it no such header is sent. `shape` default `details`:
   * `{error, details}`; `code`: `{error, code: "RATE_LIMITED", retryAfterSeconds}`.
   */
  | { readonly kind: "rateLimit"; readonly retryAfter?: number | string; readonly shape?: "details" | "code" }
  /** A 5xx. `status` default 500, `when` default beforeEffect. `retryAfter` as for rateLimit. */
  | {
      readonly kind: "serverError";
      readonly status?: number;
      readonly when?: Moment;
      readonly retryAfter?: number | string;
    }
  /** The connection is reset without an answer. */
  | { readonly kind: "reset"; readonly when: Moment }
  /** The answer waits `ms` milliseconds; without `ms` until `release()`, that is, never comes by itself. `when` default beforeEffect. */
  | { readonly kind: "slow"; readonly ms?: number; readonly when?: Moment }
  /** 404 without effect: as an HTML page of a proxy, or as JSON that names nothing. */
  | { readonly kind: "notFound"; readonly as: "html" | "json" }
  /** 200 with a body that is not JSON. `when` default afterEffect. */
  | { readonly kind: "notJson"; readonly body?: string; readonly when?: Moment }
  /** `body` instead of the documented answer. `status` default 200, `when` default afterEffect. */
  | { readonly kind: "wrongShape"; readonly body: unknown; readonly status?: number; readonly when?: Moment }
  /**
   * A bulk delete, or the delete of a container, does less than it was asked to. It removes at most `documents` documents per request and none
   * that `leaves` chooses; with `leaves` the rule looks only at requests that concern one of those. `claims` is the count that it reports
   * (default the true one), `success` what it says of itself (default true). With a `reason` a delete by ids names each id that it left in
   * `errors[]`, otherwise it keeps silent about them. A container that keeps documents stays, with its direct memories.
   */
  | {
      readonly kind: "partial";
      readonly documents?: number;
      readonly leaves?: Chosen;
      readonly claims?: number;
      readonly reason?: string;
      readonly success?: boolean;
    }
  /** 409 to a deletion, without effect: something is going on in the container. */
  | { readonly kind: "busy" }
  /**
   * Right after the request took effect `documents` documents are added to `containerTag` (default: the first tag of the request, or of the
   * first document that it names by id, or the default container).
   */
  | { readonly kind: "lateWriter"; readonly documents: number; readonly containerTag?: string }
  /**
   * Somebody else deletes the `oldest` (default) or `newest` so many documents of `containerTag` (default as for lateWriter), or the
   * container with everything in it, right before or, by default, after the request takes effect. It is in `lateDeletions`, not in the
   * ledger. Looks only at requests whose container has something to delete.
   */
  | {
      readonly kind: "lateDeleter";
      readonly documents: number | "container";
      readonly containerTag?: string;
      readonly from?: "oldest" | "newest";
      readonly when?: Moment;
    }
  /** What a deletion (bulk, by id, of a container) removes stays visible to the next `lists` lists of its containers. */
  | { readonly kind: "listLag"; readonly lists: number }
  /**
   * The generation that the request belongs to is switched off for good: from this request on, or with `when` afterEffect from the next one
   * on, all its routes answer 404 (`as` off, the default) or 410 (`gone`).
   */
  | { readonly kind: "switchOff"; readonly as?: Exclude<ApiState, "on">; readonly when?: Moment };

/** A rule of a fault script. Rules are looked at in order; the first that is due hits, and one request is hit at most once. */
export interface FaultRule {
  /** For the request log and for messages; default the kind. */
  readonly name?: string;
  /** Default: every request. */
  readonly match?: FaultMatch;
  /** The first matching request that is hit, counted from 1. Default 1. */
  readonly nth?: number;
  /** How many requests are hit at most. Default 1; Infinity for all. */
  readonly times?: number;
  readonly then: Fault;
}

/** A rule at work. */
export interface ActiveFault {
  readonly rule: FaultRule;
  /** How many requests it has hit. */
  readonly hits: number;
  /** Takes the rule out; what it did stays done. */
  remove(): void;
}
