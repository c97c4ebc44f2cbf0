import { type HttpResponse, problem } from "../http/response";

/** v3 has the paths `/v3/...` and `/v4/...`, which one OpenAPI document describes; v5 has `/ns`, `/ns/...`, `/namespaces` and `/connectors`. */
export type ApiVersion = "v3" | "v5";

/** `off`: every route of the API version returns 404. `gone`: 410. Both have no effect and need no key. */
export type ApiState = "on" | "off" | "gone";

/** The API version that a path belongs to; null for other paths. */
export function apiVersionOf(path: string): ApiVersion | null {
  const [, first] = path.split("/", 2);
  if (first === "v3" || first === "v4") return "v3";
  return first === "ns" || first === "namespaces" || first === "connectors" ? "v5" : null;
}

/** The response of an API version that is switched off. It names no document, container or namespace. */
export function switchedOff(state: Exclude<ApiState, "on">): HttpResponse {
  switch (state) {
    case "off":
      return problem(404, "Not Found");
    case "gone":
      return problem(410, "Gone", "this version of the API has been retired");
  }
}
