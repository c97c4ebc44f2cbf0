import type { z } from "zod";
import type { Clock } from "../clock";
import { type Answer, HttpProblem } from "../http/answer";
import type { ApiKey } from "../http/keys";
import type { Deletion } from "../ledger";
import type { Store } from "../store/store";
import type { Ghosts } from "./ghosts";
import type { Merge } from "./merge";
import type { RouteName } from "./route-names";

/** Where the vendor's documentation leaves the behaviour open, or a test wants another. */
export interface Behaviour {
  /** How long an added document processes, in milliseconds; Infinity: until finishProcessing(). Default 0. */
  readonly processingMs: number;
  /**
   * What a deletion does with documents that are still processing. `refuse`, the default, leaves them: a row in `errors[]` for an id, 409 for a
   * single document, silence for a tag. `conflict` answers 409 and deletes nothing. `allow` deletes them. The deletion of a container takes
   * them along, except with `conflict`.
   */
  readonly processingDeletes: "refuse" | "conflict" | "allow";
  /** What a bulk delete answers for a tag that no container has: `zero`, the default, 200 and 0; `notFound` a 404 that names it. */
  readonly unknownTag: "zero" | "notFound";
  /** The highest `limit` of a list. Default 1100, as the OpenAPI document says. */
  readonly maxListLimit: number;
}

/** Everything that requests share. */
export interface World {
  readonly store: Store;
  readonly ghosts: Ghosts;
  readonly ledger: Deletion[];
  readonly merges: Merge[];
  readonly clock: Clock;
  readonly behaviour: Behaviour;
}

/** What a fault does to the effect of a request. */
export interface EffectLimits {
  /** A bulk delete removes at most so many documents. */
  readonly maxDeletions?: number | undefined;
  /** A bulk delete reports this count instead of the true one. */
  readonly claims?: number | undefined;
  /** What is deleted stays visible to so many lists. */
  readonly listLag?: number | undefined;
}

/** One authenticated request at its route. */
export interface Call {
  readonly sequence: number;
  readonly route: RouteName;
  readonly params: Readonly<Record<string, string>>;
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
  readonly handle: (call: Call) => Answer;
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
