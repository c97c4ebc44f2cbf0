import type { Problem } from "../../wire/vendor-document";
import type { Reply } from "./running";

/** Whether the vendor's OpenAPI documents are available. test/wire checks all traffic of all tests against them. */
export const hasVendorSpecs = globalThis.wireAuditor !== undefined;

/** The differences between a response and the vendor's document. The request is method and path, as sent. */
export function responseProblems(request: string, { status, text, type }: Reply): readonly Problem[] | undefined {
  return endpointOf(request)?.problemsOfResponse({
    status,
    text,
    headers: type === null ? {} : { "content-type": type },
  });
}

/** Whether the vendor's document allows the body and the parameters. Undefined when it has no such operation. */
export function isDocumented(request: string, body: unknown): boolean | undefined {
  const [method = "", target = ""] = request.split(" ");
  const headers = { authorization: "Bearer ***", "content-type": "application/json" };
  const problems = endpointOf(request)?.problemsOfRequest({ method, target, headers, body });
  return problems && !problems.some(({ place }) => /^(body|query|path)/.test(place));
}

function endpointOf(request: string) {
  const [method = "", target = ""] = request.split(" ");
  const [path = ""] = target.split("?");
  return globalThis.wireAuditor?.documents[/^\/v[34]\//.test(path) ? "v3" : "v5"].find(method, path);
}
