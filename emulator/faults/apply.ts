import type { EffectLimits } from "../api/call";
import { type ApiEnd, switchedOff } from "../api/api-version";
import { type HttpResponse, problem } from "../http/response";
import type { HoldEnd } from "../http/held-responses";
import type { Fault, Meanwhile, Moment } from "./rules";
import type { DueFault } from "./script";

/** What a fault can do to a request. */
export interface FaultedRequest {
  /** Makes the request take effect and returns its real response. */
  effect(limits?: EffectLimits): HttpResponse;
  hold(ms: number | undefined): Promise<HoldEnd>;
  /** The container that the request is about, if it names one. */
  readonly containerTag: string | undefined;
  /** Adds documents as another client would. Without a tag: to the default container. */
  writeLate(documents: number, containerTag: string | undefined): void;
  /** Deletes the first documents in that order, or the container, as another client would. */
  deleteLate(documents: number | "container", containerTag: string | undefined, from: "oldest" | "newest"): void;
  /** Adds a tag to the first documents that the request is about, or moves them to it, as another client would. */
  retagLate(documents: number, to: string, move: boolean): void;
  /** Switches off the API version of the request, for a time or permanently. */
  switchOff(end: ApiEnd, forMs: number): void;
}

/** The response to a request that a fault hits. */
export async function applyFault({ fault, keeps }: DueFault, request: FaultedRequest): Promise<HttpResponse> {
  switch (fault.kind) {
    case "rateLimit":
      return refused(fault, request, rateLimited(fault));
    case "serverError":
      return replaced(fault.when ?? "beforeEffect", request, serverError(fault));
    case "reset":
      return replaced(fault.when, request, { kind: "reset" });
    case "slow":
      return slow(fault.when ?? "beforeEffect", fault.ms, request);
    case "notFound":
      return fault.as === "html" ? NOT_FOUND_PAGE : problem(404, "Not Found");
    case "notJson":
      return replaced(fault.when ?? "afterEffect", request, {
        kind: "html",
        status: 200,
        body: fault.body ?? "<html><body>It works!</body></html>",
      });
    case "wrongShape":
      return replaced(fault.when ?? "afterEffect", request, {
        kind: "json",
        status: fault.status ?? 200,
        body: fault.body,
      });
    case "partial":
      return request.effect({
        maxDeletions: fault.documents,
        keeps,
        claims: fault.claims,
        keptReason: fault.reason,
        success: fault.success,
      });
    case "busy":
      return refused(fault, request, problem(409, "Conflict", "busy, try again later"), fault.documents);
    case "refusal":
      return replaced(fault.when, request, refusal(fault));
    case "lateWriter": {
      const response = request.effect();
      request.writeLate(fault.documents, fault.containerTag ?? request.containerTag);
      return response;
    }
    case "lateDeleter":
      return lateDeletion(fault, request);
    case "listLag":
      return request.effect({ listLag: fault.lists, listFlickers: fault.flickers });
    case "switchOff":
      return switchOff(fault, request);
  }
}

/** A refusal, whatever the request did. Then another client does something. */
function refused(
  { meanwhile, when }: { readonly when?: Moment; readonly meanwhile?: Meanwhile },
  request: FaultedRequest,
  response: HttpResponse,
  documents?: number,
): HttpResponse {
  if (when === "afterEffect") request.effect({ maxDeletions: documents });
  if (meanwhile?.kind === "write") request.writeLate(meanwhile.documents, request.containerTag);
  else if (meanwhile !== undefined) {
    request.retagLate(meanwhile.documents, meanwhile.containerTag, meanwhile.kind === "move");
  }
  return response;
}

function refusal({ as, status }: Extract<Fault, { kind: "refusal" }>): HttpResponse {
  if (as === "json") return problem(status, "Refused");
  const body = `<!DOCTYPE html><html><head><title>${status}</title></head><body><h1>${status}</h1></body></html>`;
  return { kind: "html", status, body };
}

function lateDeletion(fault: Extract<Fault, { kind: "lateDeleter" }>, request: FaultedRequest): HttpResponse {
  const deleteLate = (): void => {
    request.deleteLate(fault.documents, fault.containerTag ?? request.containerTag, fault.from ?? "oldest");
  };
  if (fault.when === "beforeEffect") deleteLate();
  const response = request.effect();
  if (fault.when !== "beforeEffect") deleteLate();
  return response;
}

const NOT_FOUND_PAGE: HttpResponse = {
  kind: "html",
  status: 404,
  body: "<!DOCTYPE html><html><head><title>404 Not Found</title></head><body><h1>Not Found</h1></body></html>",
};

function replaced(when: Moment, request: FaultedRequest, response: HttpResponse): HttpResponse {
  switch (when) {
    case "beforeEffect":
      return response;
    case "afterEffect":
      request.effect();
      return response;
  }
}

async function slow(when: Moment, ms: number | undefined, request: FaultedRequest): Promise<HttpResponse> {
  switch (when) {
    case "beforeEffect":
      return (await request.hold(ms)) === "dropped" ? { kind: "reset" } : request.effect();
    case "afterEffect": {
      const response = request.effect();
      return (await request.hold(ms)) === "dropped" ? { kind: "reset" } : response;
    }
  }
}

function switchOff(
  { as = "off", forMs = Infinity, when }: Extract<Fault, { kind: "switchOff" }>,
  request: FaultedRequest,
): HttpResponse {
  const response = when === "afterEffect" ? request.effect() : switchedOff(as);
  request.switchOff(as, forMs);
  return response;
}

function serverError({ retryAfter, status = 500 }: Extract<Fault, { kind: "serverError" }>): HttpResponse {
  return problem(status, "Internal server error", undefined, waitHeader(retryAfter));
}

function rateLimited(fault: Extract<Fault, { kind: "rateLimit" }>): HttpResponse {
  const { retryAfter, shape = "details" } = fault;
  const headers = { ...waitHeader(retryAfter), ...fault.headers };
  switch (shape) {
    case "details":
      return problem(429, "Too many requests", "rate limit exceeded", headers);
    case "code": {
      const seconds = typeof retryAfter === "number" ? { retryAfterSeconds: retryAfter } : {};
      const body = { error: "Too Many Requests", code: "RATE_LIMITED", ...seconds };
      return { kind: "json", status: 429, body, headers };
    }
  }
}

function waitHeader(retryAfter: number | string | undefined): Readonly<Record<string, string>> {
  return retryAfter === undefined ? {} : { "retry-after": String(retryAfter) };
}
