import type { Endpoint, Problem, VendorDocument } from "../../wire/vendor-document";
import type { Reply } from "./running";

/** Questions of tests about the vendor's OpenAPI document. test/wire checks all traffic of all tests against it. */
export interface VendorSpec {
  /** The differences between a response and the document. */
  responseProblems(endpoint: string, reply: Reply): readonly Problem[];
  /** Whether the document allows a request body. */
  acceptsRequest(endpoint: string, body: unknown): boolean;
  /** Whether the document allows a parameter of the path or the query. */
  acceptsParameter(endpoint: string, name: string, value: string | number): boolean;
}

/** Undefined when the document is not available. */
export function findVendorSpec(version: "v3" | "v5" = "v3"): VendorSpec | undefined {
  const document = globalThis.wireAuditor?.documents[version];
  return document === undefined ? undefined : specOf(document);
}

function specOf(document: VendorDocument): VendorSpec {
  return {
    responseProblems: (endpoint, { status, text, type }) =>
      document
        .named(endpoint)
        .problemsOfResponse({ status, text, headers: type === null ? {} : { "content-type": type } }),
    acceptsRequest: (endpoint, body) =>
      !requestProblems(document.named(endpoint), "", body).some(({ place }) => place.startsWith("body")),
    acceptsParameter: (endpoint, name, value) => {
      const inPath = endpoint.includes(`{${name}}`);
      const problems = requestProblems(document.named(endpoint), `${name}=${value}`, undefined);
      return !problems.some(({ place }) => place === `${inPath ? "path" : "query"}/${name}`);
    },
  };
}

function requestProblems(operation: Endpoint, parameter: string, body: unknown): readonly Problem[] {
  const [method = "", template = ""] = operation.name.split(" ");
  const [parameterName = "", value = ""] = parameter.split("=");
  const inPath = template.includes(`{${parameterName}}`);
  const path = template.replace(`{${parameterName}}`, encodeURIComponent(value)).replace(/\{\w+\}/g, "a");
  const headers = { authorization: "Bearer ***", "content-type": "application/json" };
  return operation.problemsOfRequest({
    method,
    target: inPath || parameter === "" ? path : `${path}?${parameter}`,
    headers,
    body,
  });
}
