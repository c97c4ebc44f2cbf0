import type { Exchange } from "../../emulator/index";
import type { Problem, WireRequest } from "./vendor-document";

/** Deviations from the vendor's documents that tests may have, and why. tolerated.test.ts has a case for each row. */
export const tolerated = {
  "a bad request that is refused": request(
    ["test"],
    "tests send bad requests on purpose to see them refused",
    (_problem, { response, fault }) => response !== null && response.status >= 400 && fault === null,
  ),
  "a bad request to an API version that is switched off": request(
    ["test"],
    "a version that is switched off responds to every request in the same way",
    (_problem, { fault }) => fault?.kind === "switchOff",
  ),
  "a body that is ignored": request(
    ["test"],
    "v5 document, conflict note 2: DELETE /ns/{namespace} ignores a body, which tests prove",
    ({ place }, { endpoint }) => endpoint === "DELETE /ns/{namespace}" && place === "body",
  ),
  "an unknown query parameter": request(
    ["test"],
    "any query is accepted, and tests check how the log shows it",
    ({ place }) => place === "query",
  ),
  "a route that only the command line uses": request(
    ["official command line", "test"],
    "the vendor's command line 4.25.4 calls them, and the document has neither",
    ({ place }, { request }) =>
      place === "endpoint" && ["/v3/session", "/v3/documents/documents"].includes(request.path),
  ),
  "a key in x-api-key": request(
    ["official command line"],
    "the vendor's command line 4.25.4 sends it, and the document has only bearer tokens",
    ({ place }) => place === "headers/authorization",
  ),
  "400 where v3 lists none": response(
    "the v3 document lists 400 for some routes with a body only; an invalid body needs a response",
    undocumented(400),
  ),
  "403 where v3 lists none": response(
    "scoped keys and roles exist, but the v3 document lists 403 only for the deletion of a container",
    undocumented(403),
  ),
  "404 that names a container": response(
    "the status for an unknown tag or namespace is not documented: 200 or 404, and the emulator has both",
    (problem, exchange) =>
      undocumented(404)(problem, exchange) &&
      /"details":"[^"]*(container|namespace)/i.test(exchange.response?.text ?? ""),
  ),
  "409 where none is listed": response(
    "v5 document, conflict note 3: 409 for a document in processing is documented without a route; v3 does the same",
    (problem, { response }) => problem.place === "status" && response?.status === 409,
  ),
  "429": response(
    "v5 document, conflict note 4: no operation lists 429, and other pages state it for all",
    (problem, { response }) => problem.place === "status" && response?.status === 429,
  ),
  "404 and 501 for what is not emulated": response(
    "the emulator reports what it does not support instead of inventing a response",
    (problem, exchange) =>
      undocumented(501)(problem, exchange) || (undocumented(404)(problem, exchange) && exchange.request.route === null),
  ),
  "an API version that is switched off": response(
    "the vendor will end v3, presumably with 410 or a 404 that names nothing, but in any form",
    ({ place }, { response }) =>
      response?.text.includes("this version of the API has been retired") === true ||
      (place === "status" && response?.text === JSON.stringify({ error: "Not Found" })),
  ),
  "deletedCount in place of count": response(
    "v5 document, conflict note 1: other pages have deletedCount",
    ({ place, reason }, { endpoint }) =>
      endpoint === "DELETE /ns/{namespace}/document" && place === "body" && /'count'|: deletedCount$/.test(reason),
  ),
  "success in a deletion of v5": response(
    "v5 document, conflict note 2: some pages add success: true",
    ({ place, reason }, { endpoint }) =>
      endpoint?.startsWith("DELETE /ns/") === true && place === "body" && reason.endsWith(": success"),
  ),
  "the fault serverError": response(
    "scripted: the status of a gateway, which no document lists",
    ({ place }, { fault }) => fault?.kind === "serverError" && place === "status",
  ),
  "the fault notFound": response(
    "scripted: a proxy without such a route",
    (_problem, { fault }) => fault?.kind === "notFound",
  ),
  "the fault notJson": response(
    "scripted: a page in place of the API",
    ({ place }, { fault }) => fault?.kind === "notJson" && place === "content-type",
  ),
  "the fault refusal": response(
    "a server or a proxy can respond with any status",
    (_problem, { fault }) => fault?.kind === "refusal",
  ),
  "the fault wrongShape": response(
    "scripted: the test sets the response",
    (_problem, { fault }) => fault?.kind === "wrongShape",
  ),
} satisfies Readonly<Record<string, Tolerated>>;

/** The sender of a request: this package, the official client or command line, or a test itself. */
export type Sender = "package" | "official client" | "official command line" | "test";

/** By the user agent. The command line has none, but sends the key in a header of its own. */
export function senderOf({ headers }: Pick<WireRequest, "headers">): Sender {
  const agent = headers["user-agent"] ?? "";
  if (agent.startsWith("pulumi-supermemory/")) return "package";
  if (agent.startsWith("Supermemory/JS ")) return "official client";
  return "x-api-key" in headers ? "official command line" : "test";
}

export type ToleratedName = keyof typeof tolerated;

/** A deviation, why it is tolerated, and for a request the senders that may send it. */
export interface Tolerated {
  readonly part: Problem["part"];
  readonly senders: readonly Exclude<Sender, "package">[];
  readonly reason: string;
  readonly fits: (problem: Problem, exchange: Heard) => boolean;
}

function request(senders: Tolerated["senders"], reason: string, fits: Tolerated["fits"]): Tolerated {
  return { part: "request", senders, reason, fits };
}

function response(reason: string, fits: Tolerated["fits"]): Tolerated {
  return { part: "response", senders: [], reason, fits };
}

export interface Heard extends Pick<Exchange, "fault" | "response"> {
  /** Method and path as the vendor's document writes them. Undefined when it has no such operation. */
  readonly endpoint: string | undefined;
  readonly request: Exchange["request"];
}

const responding: readonly string[] = ["slow", "partial", "lateWriter", "lateDeleter", "listLag", "switchOff"];

/** A status that the document does not list and that no fault caused. */
function undocumented(status: number): Tolerated["fits"] {
  return ({ place }, { response, fault }) =>
    place === "status" && response?.status === status && (fault === null || responding.includes(fault.kind));
}
