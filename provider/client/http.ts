import type { ZodType } from "zod";
import { ApiError, type ApiFailure, SupermemoryError } from "../errors";
import type { Deadline } from "./deadline";
import type { Limiter } from "./limiter";
import { backoff, mayRetry, type RetryPolicy, retryAfter } from "./retry";
import type { HttpAnswer, Transport } from "./transport";

/** One documented request. `does` completes "the key has no right to ...". */
export interface Route<T> {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly body?: unknown;
  readonly does: string;
  readonly mutating: boolean;
  readonly answer: ZodType<T>;
}

/** What one operation brings to each of its requests. */
export interface CallContext {
  readonly deadline: Deadline;
  readonly policy: RetryPolicy;
  /** Asked right before each attempt of a deleting request; throws to stop it. */
  readonly beforeMutation?: () => Promise<void>;
  /** Told of each attempt, to count them. */
  readonly onAttempt?: () => void;
  /** Told of each wait, for a status line. */
  readonly onWait?: (wait: Wait) => void;
}

export interface Wait {
  readonly reason: ApiFailure["kind"];
  readonly ms: number;
}

export interface HttpClientOptions {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly userAgent: string;
  readonly transport: Transport;
  readonly limiter: Limiter;
  /** A number from 0 to 1. Default `Math.random`. */
  readonly random?: () => number;
}

/** Sends routes with the retry policy, the process-wide limiter and the operation's deadline. */
export class HttpClient {
  constructor(private readonly options: HttpClientOptions) {}

  /** @throws ApiError, DeadlineError, StoppedError */
  async call<T>(route: Route<T>, context: CallContext): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#attempt(route, context);
      } catch (error) {
        if (!(error instanceof ApiError) || !mayRetry(context.policy, error.failure, attempt, route.mutating))
          throw error;
        await this.#wait(error, attempt, context);
      }
    }
  }

  async #attempt<T>(route: Route<T>, context: CallContext): Promise<T> {
    const { deadline } = context;
    const { limiter } = this.options;
    const paused = limiter.pausedFor(deadline.clock.now());
    if (paused > 0) await deadline.sleep(paused, "the API asked to wait");
    const answer = await limiter
      .run(async () => {
        deadline.check("no request could be sent");
        if (route.mutating) await context.beforeMutation?.();
        context.onAttempt?.();
        return await this.#send(route, deadline.sendSignal);
      }, deadline.waitSignal)
      .catch((error: unknown) => {
        // A deleting request that the deadline cut off may have had its effect, so its own error has to pass.
        if (!(error instanceof SupermemoryError) || !route.mutating) deadline.check("the API gave no answer");
        throw error;
      });
    return this.#read(route, answer, deadline.clock.now());
  }

  async #send(route: Route<unknown>, signal: AbortSignal): Promise<HttpAnswer> {
    const { apiKey, baseUrl, transport, userAgent } = this.options;
    const body = route.body === undefined ? undefined : JSON.stringify(route.body);
    return await transport.send({
      method: route.method,
      url: baseUrl + route.path,
      headers: {
        authorization: `Bearer ${apiKey}`,
        accept: "application/json",
        "user-agent": userAgent,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      body,
      signal,
    });
  }

  async #wait(error: ApiError, attempt: number, { deadline, onWait, policy }: CallContext): Promise<void> {
    const { failure } = error;
    const asked = "retryAfterMs" in failure ? failure.retryAfterMs : undefined;
    const ms = asked ?? backoff(policy, attempt, (this.options.random ?? Math.random)());
    if (asked !== undefined) {
      if (failure.kind === "limited") this.options.limiter.pauseUntil(deadline.clock.now() + asked);
      if (asked >= deadline.remaining()) {
        const seconds = Math.ceil(asked / 1000);
        throw deadline.exceeded(`the API asked to wait ${seconds}s (Retry-After), which is not over`);
      }
    }
    onWait?.({ reason: failure.kind, ms });
    await deadline.sleep(ms, "status" in failure ? `the API answered ${failure.status}` : error.message);
  }

  #read<T>(route: Route<T>, answer: HttpAnswer, now: number): T {
    const where = `${route.method} ${this.options.baseUrl}${route.path}`;
    const fail = (failure: ApiFailure, message: string, said?: string): ApiError =>
      new ApiError(
        failure,
        said === undefined ? message : `${message} (it says: ${said})`,
        [this.options.apiKey],
        said,
      );
    if (answer.status >= 200 && answer.status < 300) {
      const value = parseJson(answer.text);
      if (value === undefined) {
        const like = answer.text.trimStart().startsWith("<") ? "HTML" : "not JSON";
        throw fail(
          { kind: "unreadable" },
          `${where} answered ${answer.status} with ${like}: is this the address of the API?`,
        );
      }
      const parsed = route.answer.safeParse(value);
      if (parsed.success) return parsed.data;
      const [issue] = parsed.error.issues;
      const field = issue === undefined || issue.path.length === 0 ? "the whole answer" : issue.path.join(".");
      throw fail(
        { kind: "unreadable" },
        `${where} answered in another shape than the API documents: ${field}: ${issue?.message ?? "unexpected"}`,
      );
    }
    throw fail(failureOf(answer, now), describeStatus(answer.status, route, where), saidBy(answer.text));
  }
}

function failureOf({ status, retryAfter: header }: HttpAnswer, now: number): ApiFailure {
  if (status === 401) return { kind: "unauthorized", status };
  if (status === 403) return { kind: "forbidden", status };
  if (status === 404) return { kind: "missing", status };
  if (status === 410) return { kind: "gone", status };
  if (status >= 300 && status < 400) return { kind: "redirect", status };
  const asked = retryAfter(header, now);
  const wait = asked === undefined ? {} : { retryAfterMs: asked };
  if (status === 409) return { kind: "conflict", status, ...wait };
  if (status === 429) return { kind: "limited", status, ...wait };
  return status >= 500 || status === 408 ? { kind: "server", status, ...wait } : { kind: "rejected", status };
}

function describeStatus(status: number, route: Route<unknown>, where: string): string {
  if (status === 401) {
    return "the API does not know the key (401): check SUPERMEMORY_PURGE_API_KEY, supermemory:apiKey and SUPERMEMORY_API_KEY, the first that is set counts";
  }
  if (status === 403) {
    return `the key has no right to ${route.does} (403): use a key that is not read-only and not scoped to other containers`;
  }
  if (status === 404 || status === 410) return `${where} answered ${status}: is this the address of the API?`;
  if (status >= 300 && status < 400) {
    return `${where} answered with a redirect (${status}), which is never followed: set supermemory:baseUrl to the address it leads to`;
  }
  return `${where} answered ${status}`;
}

/** The vendor's ErrorResponse is `{error: string}`; anything else is not quoted. */
function saidBy(text: string): string | undefined {
  const value = parseJson(text);
  if (typeof value !== "object" || value === null || !("error" in value) || typeof value.error !== "string")
    return undefined;
  return value.error.replace(/\s+/g, " ").slice(0, 100);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
