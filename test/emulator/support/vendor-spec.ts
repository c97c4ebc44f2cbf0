import type { Endpoint, Problem, VendorDocument } from "../../wire/vendor-document";
import type { Reply } from "./running";

/** The vendor's OpenAPI document, as a test asks it; see test/wire for what it does to all tests. */
export interface VendorSpec {
  /** What is not as documented in an answer. */
  answerProblems(endpoint: string, reply: Reply): readonly Problem[];
  /** Whether a request body is as documented. */
  acceptsRequest(endpoint: string, body: unknown): boolean;
  /** Whether a parameter of the path or the query is as documented. */
  acceptsParameter(endpoint: string, name: string, value: string | number): boolean;
}

/** Undefined where the document is not at hand. */
export function findVendorSpec(version: "v3" | "v5" = "v3"): VendorSpec | undefined {
  const document = globalThis.wireAuditor?.documents[version];
  return document === undefined ? undefined : specOf(document);
}

function specOf(document: VendorDocument): VendorSpec {
  return {
    answerProblems: (endpoint, { status, text, type }) =>
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
