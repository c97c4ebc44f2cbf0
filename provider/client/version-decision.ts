import type { ApiError } from "../errors";
import type { ApiVersion } from "./api";

/** Both versions have these two kinds of reads. On v3 they are two routes, so that one route alone decides nothing. */
export type ReadRoute = "documents" | "containers";

/**
 * What a response says about its version. `ended` is no response of this API, or one that refuses the route. `key` is a
 * 401 or 403 in the API's JSON. `server` is a 5xx that lasted. `other` says nothing, such as a lost connection.
 */
export type ResponseKind = "documented" | "ended" | "key" | "server" | "other";

/** How one version of the API responded to a read. */
export interface Observation {
  readonly version: ApiVersion;
  readonly route: ReadRoute;
  /** In milliseconds since the epoch. */
  readonly at: number;
  readonly response: ResponseKind;
}

/** What an operation knows before its first request. */
export interface Remembered {
  /** The version that the resource was last purged on; null before its first purge. */
  readonly recorded: ApiVersion | null;
  /** A look for a preview or a refresh, which deletes nothing, does not wait. */
  readonly hurried: boolean;
}

export type Decision =
  | { readonly use: ApiVersion }
  | { readonly ask: ApiVersion; readonly route: ReadRoute }
  | { readonly waitMs: number }
  | "undecided";

/**
 * Which API version an `auto` operation uses, by what it has observed. It is v3, unless v3 has ended: both of its routes
 * fail, they fail again after a wait, and v5 returns a valid list. One failed response proves nothing, because it may
 * come from a proxy, and v5 cannot check what v3 can. A resource that was last purged on v5 asks v5 first.
 *
 * @param asked the route of the read that has to be sent
 * @param observations in the order in which they were made
 */
export function decideVersion(
  remembered: Remembered,
  asked: ReadRoute,
  observations: readonly Observation[],
  now: number,
): Decision {
  const [v3, v5] = [of("v3", observations), of("v5", observations)];
  const isV5Valid = v5.some(({ response }) => response === "documented");
  if (v3.some(({ response }) => response === "documented")) return { use: "v3" };
  if (remembered.recorded === "v5") {
    if (isV5Valid) return { use: "v5" };
    if (v5.length === 0) return { ask: "v5", route: asked };
  }
  if (v3.some(({ response }) => response === "other")) return "undecided";
  const routes = [asked, otherRoute(asked)];
  const unasked = routes.find((route) => !v3.some((seen) => seen.route === route));
  if (unasked !== undefined) return { ask: "v3", route: unasked };
  const isEnd = ends.some((kinds) => v3.every(({ response }) => kinds.includes(response)));
  if (!isEnd) return "undecided";
  if (v5.length === 0) return { ask: "v5", route: asked };
  if (!isV5Valid) return "undecided";
  const spanMs = spanOf(remembered);
  const looks = routes.map((route) => spanIn(v3, route));
  const again = looks.find(({ first, last }) => last - first < spanMs);
  if (again === undefined) return { use: "v5" };
  const due = Math.max(...looks.map(({ first }) => first)) + spanMs;
  return now < due ? { waitMs: due - now } : { ask: "v3", route: again.route };
}

/** A 401 or 403 on one route is a matter of the key. On both routes, while v5 accepts the key, it is the end of v3. */
const ends: readonly (readonly ResponseKind[])[] = [["ended", "server"], ["key"]];

/** How long v3 must have failed. Longer for a resource that v3 has protected so far. */
function spanOf({ hurried, recorded }: Remembered): number {
  if (hurried) return 0;
  return recorded === "v3" ? 20_000 : 2_000;
}

function otherRoute(route: ReadRoute): ReadRoute {
  return route === "documents" ? "containers" : "documents";
}

function of(version: ApiVersion, observations: readonly Observation[]): readonly Observation[] {
  return observations.filter((seen) => seen.version === version);
}

function spanIn(
  observations: readonly Observation[],
  route: ReadRoute,
): { readonly route: ReadRoute; readonly first: number; readonly last: number } {
  const times = observations.filter((seen) => seen.route === route).map(({ at }) => at);
  return { route, first: Math.min(...times), last: Math.max(...times) };
}

/** What a failed read says about its version. */
export function responseKindOf({ apiMessage, failure }: ApiError): ResponseKind {
  switch (failure.kind) {
    case "unauthorized":
    case "forbidden":
      return apiMessage === undefined ? "ended" : "key";
    case "missing":
    case "gone":
    case "redirect":
    case "rejected":
      return "ended";
    case "server":
      return "server";
    case "unreadable":
      return failure.foreign === true ? "ended" : "other";
    case "conflict":
    case "limited":
    case "unreachable":
    case "interrupted-response":
    case "no-response":
      return "other";
  }
}
