import type { z } from "zod";
import type { Clock } from "../clock";
import { type Answer, HttpProblem } from "../http/answer";
import type { ApiKey } from "../http/keys";
import type { Deletion, LateDeletion } from "../ledger";
import type { StoredDocument } from "../store/documents";
import type { Store } from "../store/store";
import type { Behaviour } from "./behaviour";
import type { Ghosts } from "./ghosts";
import type { Merge } from "../v3/merge";
import type { RouteName } from "./route-names";

/** Everything that requests share. */
export interface World {
  readonly store: Store;
  readonly ghosts: Ghosts;
  readonly ledger: Deletion[];
  readonly lateDeletions: LateDeletion[];
  readonly merges: Merge[];
  readonly clock: Clock;
  readonly behaviour: Behaviour;
}

/** What a fault does to the effect of a request. */
export interface EffectLimits {
  /** A deletion removes at most so many documents. */
  readonly maxDeletions?: number | undefined;
  /** A deletion removes none of these. */
  readonly leaves?: ((document: StoredDocument) => boolean) | undefined;
  /** What a deletion says of itself instead of the truth. */
  readonly success?: boolean | undefined;
  /** A deletion reports this count instead of the true one. */
  readonly claims?: number | undefined;
  /** A bulk delete by ids answers a row in `errors[]` with this reason for each id that it left. */
  readonly leftBecause?: string | undefined;
  /** What is deleted stays visible to so many lists. */
  readonly listLag?: number | undefined;
}

/** One authenticated request at its route. */
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

/** Method and path as the OpenAPI document writes them; `{name}` matches one segment. */
export type Endpoint = `${"GET" | "POST" | "PATCH" | "DELETE"} /${string}`;

/** A route: what it matches and what it does. */
export interface Route {
  readonly name: RouteName;
  readonly endpoint: Endpoint;
  readonly mutating: boolean;
  /** True for a route that takes effect whatever its body holds. */
  readonly ignoresBody?: boolean;
  readonly handle: (call: Call) => Answer;
}

export function reading(name: RouteName, endpoint: Endpoint, handle: Route["handle"]): Route {
  return { name, endpoint, mutating: false, handle };
}

export function writing(name: RouteName, endpoint: Endpoint, handle: Route["handle"]): Route {
  return { name, endpoint, mutating: true, handle };
}

/** The body as the schema says. Throws 400 with the first field that is wrong. */
export function parseBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? "body" : issue.path.join(".");
  throw new HttpProblem(400, "Invalid request parameters", `${where}: ${issue?.message ?? "invalid"}`);
}

/** A parameter of the path that the route declares. */
export function param(call: Call, name: string): string {
  return call.params[name] ?? "";
}
