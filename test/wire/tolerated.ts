import type { Exchange } from "../../emulator/index";
import type { Sender } from "./sender";
import type { Problem } from "./vendor-document";

/** What may deviate from the vendor's documents in tests, and why. Each row has a case in tolerated.test.ts that needs it. */
export const tolerated = {
  "a bad request that is refused": {
    part: "request",
    senders: ["test"],
    reason: "tests send bad requests on purpose to see them refused",
    fits: (_problem, { response, fault }) => response !== null && response.status >= 400 && fault === null,
  },
  "a bad request to an API that goes away": {
    part: "request",
    senders: ["test"],
    reason: "a generation that is switched off answers all requests alike, whatever they are",
    fits: (_problem, { fault }) => fault?.kind === "switchOff",
  },
  "a body that is ignored": {
    part: "request",
    senders: ["test"],
    reason: "v5 document, conflict note 2: DELETE /ns/{namespace} ignores a body, and tests prove that it does",
    fits: ({ place }, { endpoint }) => endpoint === "DELETE /ns/{namespace}" && place === "body",
  },
  "a query parameter that nobody knows": {
    part: "request",
    senders: ["test"],
    reason: "queries are open, and tests look at how the log shows one",
    fits: ({ place }) => place === "query",
  },
  "a route of the command line's own": {
    part: "request",
    senders: ["official command line", "test"],
    reason: "the vendor's command line 4.25.4 calls them; the document has neither",
    fits: ({ place }, { request }) =>
      place === "endpoint" && ["/v3/session", "/v3/documents/documents"].includes(request.path),
  },
  "a key in x-api-key": {
    part: "request",
    senders: ["official command line"],
    reason: "the vendor's command line 4.25.4 sends it so; the document knows bearer tokens only",
    fits: ({ place }) => place === "headers/authorization",
  },
  "400 where v3 lists none": {
    part: "answer",
    reason: "the v3 document gives 400 to some routes with a body and not to others; an invalid body needs an answer",
    fits: undocumented(400),
  },
  "403 where v3 lists none": {
    part: "answer",
    reason: "scoped keys and roles exist, and the v3 document gives 403 to the deletion of a container only",
    fits: undocumented(403),
  },
  "404 that names a container": {
    part: "answer",
    reason: "what a tag or namespace that is unknown answers is not documented: 200 or 404, and the emulator does both",
    fits: (problem, exchange) =>
      undocumented(404)(problem, exchange) &&
      /"details":"[^"]*(container|namespace)/i.test(exchange.response?.text ?? ""),
  },
  "409 where none is listed": {
    part: "answer",
    reason: "v5 document, conflict note 3: 409 for a document that processes is listed without a route; v3 is like it",
    fits: (problem, { response }) => problem.place === "status" && response?.status === 409,
  },
  "429": {
    part: "answer",
    reason: "v5 document, conflict note 4: 429 is stated for no operation, and on other pages for all",
    fits: (problem, { response }) => problem.place === "status" && response?.status === 429,
  },
  "404 and 501 of what is not emulated": {
    part: "answer",
    reason: "the emulator says what it cannot do instead of inventing an answer",
    fits: (problem, exchange) =>
      undocumented(501)(problem, exchange) || (undocumented(404)(problem, exchange) && exchange.request.route === null),
  },
  "a generation that is switched off": {
    part: "answer",
    reason: "the vendor will end v3; 404 that names nothing and 410 are what such an end looks like",
    fits: ({ place }, { response }) =>
      place === "status" && (response?.status === 410 || response?.text === JSON.stringify({ error: "Not Found" })),
  },
  "deletedCount in place of count": {
    part: "answer",
    reason: "v5 document, conflict note 1: other pages say deletedCount",
    fits: ({ place, reason }, { endpoint }) =>
      endpoint === "DELETE /ns/{namespace}/document" && place === "body" && /'count'|: deletedCount$/.test(reason),
  },
  "success in a deletion of v5": {
    part: "answer",
    reason: "v5 document, conflict note 2: some pages add success: true",
    fits: ({ place, reason }, { endpoint }) =>
      endpoint?.startsWith("DELETE /ns/") === true && place === "body" && reason.endsWith(": success"),
  },
  "the fault serverError": {
    part: "answer",
    reason: "scripted: a gateway answers with statuses that no document lists",
    fits: ({ place }, { fault }) => fault?.kind === "serverError" && place === "status",
  },
  "the fault notFound": {
    part: "answer",
    reason: "scripted: a proxy that knows no such route",
    fits: (_problem, { fault }) => fault?.kind === "notFound",
  },
  "the fault notJson": {
    part: "answer",
    reason: "scripted: a page in place of the API",
    fits: ({ place }, { fault }) => fault?.kind === "notJson" && place === "content-type",
  },
  "the fault wrongShape": {
    part: "answer",
    reason: "scripted: a test says what is answered",
    fits: (_problem, { fault }) => fault?.kind === "wrongShape",
  },
} satisfies Readonly<Record<string, Tolerated>>;

export type ToleratedName = keyof typeof tolerated;

/** No row can name a request of the package. */
export type Tolerated = ToleratedRequest | ToleratedAnswer;

interface ToleratedRequest {
  readonly part: "request";
  readonly senders: readonly Exclude<Sender, "package">[];
  readonly reason: string;
  readonly fits: (problem: Problem, exchange: Heard) => boolean;
}

interface ToleratedAnswer {
  readonly part: "answer";
  readonly reason: string;
  readonly fits: (problem: Problem, exchange: Heard) => boolean;
}

/** What a row can look at. */
export interface Heard extends Pick<Exchange, "fault" | "response"> {
  /** Method and path as the vendor's document writes them; undefined where it has no such operation. */
  readonly endpoint: string | undefined;
  readonly request: Exchange["request"];
}

/** Faults that let a request have its own answer. */
const answering: readonly string[] = ["slow", "partial", "lateWriter", "lateDeleter", "listLag", "switchOff"];

/** A status that the document does not list and that no fault made. */
function undocumented(status: number): Tolerated["fits"] {
  return ({ place }, { response, fault }) =>
    place === "status" && response?.status === status && (fault === null || answering.includes(fault.kind));
}
