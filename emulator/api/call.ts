import type { z } from "zod";
import type { Clock } from "../clock";
import { type HttpResponse, HttpProblem } from "../http/response";
import type { ApiKey } from "../http/keys";
import type { Deletion, LateDeletion, LateTagging } from "../ledger";
import type { StoredDocument } from "../store/documents";
import type { Store } from "../store/store";
import type { Behaviour } from "./behaviour";
import type { StaleIndex } from "./stale-index";
import type { RouteName } from "./route-names";

/** The data and the settings that all requests share. */
export interface World {
  readonly store: Store;
  readonly staleIndex: StaleIndex;
  readonly ledger: Deletion[];
  readonly lateDeletions: LateDeletion[];
  readonly lateTaggings: LateTagging[];
  readonly merges: Merge[];
  readonly clock: Clock;
  readonly behaviour: Behaviour;
}

/** A move or merge of containers. The emulator completes it immediately. */
export interface Merge {
  readonly id: string;
  readonly sourceTags: readonly string[];
  readonly targetTag: string;
}

/** How a fault changes the effect of a request. */
export interface EffectLimits {
  /** The maximum number of documents that a deletion deletes. */
  readonly maxDeletions?: number | undefined;
  /** Documents that a deletion keeps. */
  readonly keeps?: ((document: StoredDocument) => boolean) | undefined;
  /** `success` in the response to a deletion. */
  readonly success?: boolean | undefined;
  /** The count in the response to a deletion, in place of the true one. */
  readonly claims?: number | undefined;
  /** The reason in `errors[]` for each id that a bulk delete kept. */
  readonly keptReason?: string | undefined;
  /** The number of lists that still return the deleted documents. */
  readonly listLag?: number | undefined;
  /** Every second of these lists omits one of the documents. */
  readonly listFlickers?: boolean | undefined;
}

/** An authenticated request that matched a route. */
export interface Call {
  readonly sequence: number;
  readonly route: RouteName;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly key: ApiKey;
  readonly world: World;
  readonly limits: EffectLimits;
}

/** Method and path as in the OpenAPI document. `{name}` matches one segment. */
export type Endpoint = `${"GET" | "POST" | "PATCH" | "DELETE"} /${string}`;

/** A route: the requests it matches, and their handler. */
export interface Route {
  readonly name: RouteName;
  readonly endpoint: Endpoint;
  readonly mutating: boolean;
  /** True for a route that ignores its body, even a broken one. */
  readonly ignoresBody?: boolean;
  readonly handle: (call: Call) => HttpResponse;
}

export function reading(name: RouteName, endpoint: Endpoint, handle: Route["handle"]): Route {
  return { name, endpoint, mutating: false, handle };
}

export function writing(name: RouteName, endpoint: Endpoint, handle: Route["handle"]): Route {
  return { name, endpoint, mutating: true, handle };
}

/** The parsed body. Throws 400 with the first invalid field. */
export function parseBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? "body" : issue.path.join(".");
  throw new HttpProblem(400, "Invalid request parameters", `${where}: ${issue?.message ?? "invalid"}`);
}

/** A path parameter of the route. */
export function param(call: Call, name: string): string {
  return call.params[name] ?? "";
}
