import { type Answer, problem } from "../http/answer";
import type { HoldEnd } from "../http/holds";
import type { EffectLimits } from "../v3/call";
import type { Fault, Moment } from "./rules";

/** What a fault may do to a request. */
export interface FaultedRequest {
  /** Lets the request take effect and returns its true answer. */
  effect(limits?: EffectLimits): Answer;
  hold(ms: number | undefined): Promise<HoldEnd>;
  /** Adds documents as some other client would; undefined: to the first tag of the request. */
  writeLate(documents: number, containerTag: string | undefined): void;
}

/** The answer to a request that is hit by a fault. */
export async function applyFault(fault: Fault, request: FaultedRequest): Promise<Answer> {
  switch (fault.kind) {
    case "rateLimit":
      return problem(429, "Too many requests", "rate limit exceeded", retryAfter(fault.retryAfter));
    case "serverError":
      return replaced(fault.when ?? "beforeEffect", request, problem(fault.status ?? 500, "Internal server error"));
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
      return request.effect({ maxDeletions: fault.documents, claims: fault.claims });
    case "lateWriter": {
      const answer = request.effect();
      request.writeLate(fault.documents, fault.containerTag);
      return answer;
    }
    case "listLag":
      return request.effect({ listLag: fault.lists });
  }
}

const NOT_FOUND_PAGE: Answer = {
  kind: "html",
  status: 404,
  body: "<!DOCTYPE html><html><head><title>404 Not Found</title></head><body><h1>Not Found</h1></body></html>",
};

function replaced(when: Moment, request: FaultedRequest, answer: Answer): Answer {
  switch (when) {
    case "beforeEffect":
      return answer;
    case "afterEffect":
      request.effect();
      return answer;
  }
}

async function slow(when: Moment, ms: number | undefined, request: FaultedRequest): Promise<Answer> {
  switch (when) {
    case "beforeEffect":
      return (await request.hold(ms)) === "gone" ? { kind: "reset" } : request.effect();
    case "afterEffect": {
      const answer = request.effect();
      return (await request.hold(ms)) === "gone" ? { kind: "reset" } : answer;
    }
  }
}

function retryAfter(value: number | string | undefined): Readonly<Record<string, string>> {
  return value === undefined ? {} : { "retry-after": String(value) };
}
