import { type HttpResponse, problem } from "../http/response";

/** v3 has the paths `/v3/...` and `/v4/...`, which one OpenAPI document describes; v5 has `/ns`, `/ns/...`, `/namespaces` and `/connectors`. */
export type ApiVersion = "v3" | "v5";

/**
 * How every route of an API version responds once it has ended: 404 (`off`), 410 (`gone`), 400, 401, 403, 403 as HTML (`blocked`), 405, 301, 426,
 * 451, 501, 503, or 200 as HTML (`page`).
 */
export type ApiEnd =
  | "off"
  | "gone"
  | "badRequest"
  | "unauthorized"
  | "forbidden"
  | "blocked"
  | "notAllowed"
  | "moved"
  | "upgradeRequired"
  | "legal"
  | "notImplemented"
  | "unavailable"
  | "page";

const retired = "this version of the API has been retired";
const page = `<!DOCTYPE html><html><body><h1>Gone</h1><p>${retired}</p></body></html>`;

/** No end has an effect, needs a key, or names a container. */
const ENDS: Readonly<Record<ApiEnd, HttpResponse>> = {
  off: problem(404, "Not Found"),
  gone: problem(410, "Gone", retired),
  badRequest: problem(400, "Bad Request", retired),
  unauthorized: problem(401, "Unauthorized", retired),
  forbidden: problem(403, "Forbidden", retired),
  blocked: { kind: "html", status: 403, body: page },
  notAllowed: problem(405, "Method Not Allowed", retired),
  moved: { kind: "html", status: 301, body: page, headers: { location: "https://example.com/" } },
  upgradeRequired: problem(426, "Upgrade Required", retired),
  legal: problem(451, "Unavailable For Legal Reasons", retired),
  notImplemented: problem(501, "Not Implemented", retired),
  unavailable: problem(503, "Service Unavailable", retired),
  page: { kind: "html", status: 200, body: page },
};

/** Whether an API version responds, or how it has ended. */
export type ApiState = "on" | ApiEnd;

/** Every way in which an API version can have ended. */
export const API_ENDS: readonly ApiEnd[] = Object.keys(ENDS).filter((name): name is ApiEnd => name in ENDS);

/** The API version that a path belongs to; null for other paths. */
export function apiVersionOf(path: string): ApiVersion | null {
  const [, first] = path.split("/", 2);
  if (first === "v3" || first === "v4") return "v3";
  return first === "ns" || first === "namespaces" || first === "connectors" ? "v5" : null;
}

/** The response of an API version that is switched off. */
export function switchedOff(end: ApiEnd): HttpResponse {
  return ENDS[end];
}
