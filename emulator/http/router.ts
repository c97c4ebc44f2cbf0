import type { Route } from "../api/call";

/** A route with the path parameters of a request. */
export interface RouteMatch {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** The first route for a request. Without one, the methods that the path supports. */
export function findRoute(routes: readonly Route[], method: string, path: string): RouteMatch | readonly string[] {
  const methods: string[] = [];
  for (const route of routes) {
    const [routeMethod = "", routePath = ""] = route.endpoint.split(" ");
    const params = paramsOf(routePath, path);
    if (params === undefined) continue;
    if (routeMethod === method) return { route, params };
    methods.push(routeMethod);
  }
  return methods;
}

/** The container tags in the path and the body of a request. */
export function tagsNamed(params: Readonly<Record<string, string>>, body: unknown): readonly string[] {
  const named = [params["containerTag"], params["namespace"], ...tagsInBody(body)];
  return [...new Set(named.filter((tag) => typeof tag === "string"))];
}

function tagsInBody(body: unknown): readonly unknown[] {
  if (typeof body !== "object" || body === null) return [];
  const own = "containerTag" in body ? [body.containerTag] : [];
  const several =
    "containerTags" in body && Array.isArray(body.containerTags) ? Array.from<unknown>(body.containerTags) : [];
  const inner = "documents" in body && Array.isArray(body.documents) ? Array.from<unknown>(body.documents) : [];
  return [...own, ...several, ...inner.flatMap(tagsInBody)];
}

function paramsOf(pattern: string, path: string): Record<string, string> | undefined {
  const expected = pattern.split("/");
  const actual = path.split("/");
  if (expected.length !== actual.length) return undefined;
  const params: Record<string, string> = {};
  for (const [at, part] of expected.entries()) {
    const segment = actual[at] ?? "";
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name === undefined ? part !== segment : segment === "") return undefined;
    if (name !== undefined) params[name] = decode(segment);
  }
  return params;
}

/** A broken escape is used as it is, so the path matches no document instead of failing. */
function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
