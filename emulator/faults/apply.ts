import type { EffectLimits } from "../api/call";
import { type ApiState, switchedOff } from "../api/generation";
import { type Answer, problem } from "../http/answer";
import type { HoldEnd } from "../http/holds";
import type { Fault, Moment } from "./rules";
import type { DueFault } from "./script";

/** What a fault may do to a request. */
export interface FaultedRequest {
  /** Lets the request take effect and returns its true answer. */
  effect(limits?: EffectLimits): Answer;
  hold(ms: number | undefined): Promise<HoldEnd>;
  /** The container that the request is about, as far as it tells. */
  readonly containerTag: string | undefined;
  /** Adds documents as some other client would; undefined: to the default container. */
  writeLate(documents: number, containerTag: string | undefined): void;
  /** Deletes the first documents in that order, or the container, as some other client would. */
  deleteLate(documents: number | "container", containerTag: string | undefined, from: "oldest" | "newest"): void;
  /** Switches off the generation that the request belongs to. */
  switchOff(state: Exclude<ApiState, "on">): void;
}

/** The answer to a request that is hit by a fault. */
export async function applyFault({ fault, leaves }: DueFault, request: FaultedRequest): Promise<Answer> {
  switch (fault.kind) {
    case "rateLimit":
      return rateLimited(fault);
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
        leaves,
        claims: fault.claims,
        leftBecause: fault.reason,
        success: fault.success,
      });
    case "busy":
      return problem(409, "Conflict", "busy, try again later");
    case "lateWriter": {
      const answer = request.effect();
      request.writeLate(fault.documents, fault.containerTag ?? request.containerTag);
      return answer;
    }
    case "lateDeleter":
      return deletedLate(fault, request);
    case "listLag":
      return request.effect({ listLag: fault.lists });
    case "switchOff":
      return switchOff(fault.as ?? "off", fault.when ?? "beforeEffect", request);
  }
}

function deletedLate(fault: Extract<Fault, { kind: "lateDeleter" }>, request: FaultedRequest): Answer {
  const deleteLate = (): void => {
    request.deleteLate(fault.documents, fault.containerTag ?? request.containerTag, fault.from ?? "oldest");
  };
  if (fault.when === "beforeEffect") deleteLate();
  const answer = request.effect();
  if (fault.when !== "beforeEffect") deleteLate();
  return answer;
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

function switchOff(state: Exclude<ApiState, "on">, when: Moment, request: FaultedRequest): Answer {
  const answer = when === "afterEffect" ? request.effect() : switchedOff(state);
  request.switchOff(state);
  return answer;
}

function serverError({ retryAfter, status = 500 }: Extract<Fault, { kind: "serverError" }>): Answer {
  return problem(status, "Internal server error", undefined, waitHeader(retryAfter));
}

function rateLimited({ retryAfter, shape = "details" }: Extract<Fault, { kind: "rateLimit" }>): Answer {
  const headers = waitHeader(retryAfter);
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
