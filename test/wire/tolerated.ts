import type { Exchange } from "../../emulator/index";
import type { Sender } from "./sender";
import type { Problem } from "./vendor-document";

/** Deviations from the vendor's documents that tests may have, and why. tolerated.test.ts has a case for each row. */
export const tolerated = {
  "a bad request that is refused": {
    part: "request",
    senders: ["test"],
    reason: "tests send bad requests on purpose to see them refused",
    fits: (_problem, { response, fault }) => response !== null && response.status >= 400 && fault === null,
  },
  "a bad request to an API version that is switched off": {
    part: "request",
    senders: ["test"],
    reason: "a version that is switched off responds to every request in the same way",
    fits: (_problem, { fault }) => fault?.kind === "switchOff",
  },
  "a body that is ignored": {
    part: "request",
    senders: ["test"],
    reason: "v5 document, conflict note 2: DELETE /ns/{namespace} ignores a body, which tests prove",
    fits: ({ place }, { endpoint }) => endpoint === "DELETE /ns/{namespace}" && place === "body",
  },
  "an unknown query parameter": {
    part: "request",
    senders: ["test"],
    reason: "any query is accepted, and tests check how the log shows it",
    fits: ({ place }) => place === "query",
  },
  "a route that only the command line uses": {
    part: "request",
    senders: ["official command line", "test"],
    reason: "the vendor's command line 4.25.4 calls them, and the document has neither",
    fits: ({ place }, { request }) =>
      place === "endpoint" && ["/v3/session", "/v3/documents/documents"].includes(request.path),
  },
  "a key in x-api-key": {
    part: "request",
    senders: ["official command line"],
    reason: "the vendor's command line 4.25.4 sends it, and the document has only bearer tokens",
    fits: ({ place }) => place === "headers/authorization",
  },
  "400 where v3 lists none": {
    part: "response",
    reason: "the v3 document lists 400 for some routes with a body only; an invalid body needs a response",
    fits: undocumented(400),
  },
  "403 where v3 lists none": {
    part: "response",
    reason: "scoped keys and roles exist, but the v3 document lists 403 only for the deletion of a container",
    fits: undocumented(403),
  },
  "404 that names a container": {
    part: "response",
    reason: "the status for an unknown tag or namespace is not documented: 200 or 404, and the emulator has both",
    fits: (problem, exchange) =>
      undocumented(404)(problem, exchange) &&
      /"details":"[^"]*(container|namespace)/i.test(exchange.response?.text ?? ""),
  },
  "409 where none is listed": {
    part: "response",
    reason:
      "v5 document, conflict note 3: 409 for a document in processing is documented without a route; v3 does the same",
    fits: (problem, { response }) => problem.place === "status" && response?.status === 409,
  },
  "429": {
    part: "response",
    reason: "v5 document, conflict note 4: no operation lists 429, and other pages state it for all",
    fits: (problem, { response }) => problem.place === "status" && response?.status === 429,
  },
  "404 and 501 for what is not emulated": {
    part: "response",
    reason: "the emulator reports what it does not support instead of inventing a response",
    fits: (problem, exchange) =>
      undocumented(501)(problem, exchange) || (undocumented(404)(problem, exchange) && exchange.request.route === null),
  },
  "an API version that is switched off": {
    part: "response",
    reason: "the vendor will end v3, presumably with 410 or a 404 that names nothing",
    fits: ({ place }, { response }) =>
      place === "status" && (response?.status === 410 || response?.text === JSON.stringify({ error: "Not Found" })),
  },
  "deletedCount in place of count": {
    part: "response",
    reason: "v5 document, conflict note 1: other pages have deletedCount",
    fits: ({ place, reason }, { endpoint }) =>
      endpoint === "DELETE /ns/{namespace}/document" && place === "body" && /'count'|: deletedCount$/.test(reason),
  },
  "success in a deletion of v5": {
    part: "response",
    reason: "v5 document, conflict note 2: some pages add success: true",
    fits: ({ place, reason }, { endpoint }) =>
      endpoint?.startsWith("DELETE /ns/") === true && place === "body" && reason.endsWith(": success"),
  },
  "the fault serverError": {
    part: "response",
    reason: "scripted: the status of a gateway, which no document lists",
    fits: ({ place }, { fault }) => fault?.kind === "serverError" && place === "status",
  },
  "the fault notFound": {
    part: "response",
    reason: "scripted: a proxy without such a route",
    fits: (_problem, { fault }) => fault?.kind === "notFound",
  },
  "the fault notJson": {
    part: "response",
    reason: "scripted: a page in place of the API",
    fits: ({ place }, { fault }) => fault?.kind === "notJson" && place === "content-type",
  },
  "the fault wrongShape": {
    part: "response",
    reason: "scripted: the test sets the response",
    fits: (_problem, { fault }) => fault?.kind === "wrongShape",
  },
} satisfies Readonly<Record<string, Tolerated>>;

export type ToleratedName = keyof typeof tolerated;

/** No row can tolerate a request of this package. */
export type Tolerated = ToleratedRequest | ToleratedResponse;

interface ToleratedRequest {
  readonly part: "request";
  readonly senders: readonly Exclude<Sender, "package">[];
  readonly reason: string;
  readonly fits: (problem: Problem, exchange: Heard) => boolean;
}

interface ToleratedResponse {
  readonly part: "response";
  readonly reason: string;
  readonly fits: (problem: Problem, exchange: Heard) => boolean;
}

/** What a row can check. */
export interface Heard extends Pick<Exchange, "fault" | "response"> {
  /** Method and path as the vendor's document writes them. Undefined when it has no such operation. */
  readonly endpoint: string | undefined;
  readonly request: Exchange["request"];
}

/** Faults that leave a request its own response. */
const responding: readonly string[] = ["slow", "partial", "lateWriter", "lateDeleter", "listLag", "switchOff"];

/** A status that the document does not list and that no fault caused. */
function undocumented(status: number): Tolerated["fits"] {
  return ({ place }, { response, fault }) =>
    place === "status" && response?.status === status && (fault === null || responding.includes(fault.kind));
}
