import type { ZodType } from "zod";
import { ApiError, type ApiFailure, SupermemoryError } from "../errors";
import { askedMs, causeOf, describeStatus, failureOf, parseJson, type RouteWords, saidBy } from "./response";
import type { CallContext } from "./call-context";
import type { Deadline } from "./deadline";
import { KeyWatch } from "./key-watch";
import type { Limiter } from "./limiter";
import type { Waiter } from "./pause";
import { backoff, dateOf, holdsAllBack, mayRetry } from "./retry";
import type { HttpResponse, Transport } from "./transport";

/** One documented request. */
export interface Route<T> extends RouteWords {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly body?: unknown;
  readonly mutating: boolean;
  readonly answer: ZodType<T>;
}

export interface HttpClientOptions {
  readonly baseUrl: string;
  readonly apiKey: string;
  /** What to do about a key that the API does not know. Default "set the right one". */
  readonly keyHint?: string;
  readonly userAgent: string;
  readonly transport: Transport;
  readonly limiter: Limiter;
  /** A number from 0 to 1. Default `Math.random`. */
  readonly random?: () => number;
}

const maxResponseMs = 60_000;

/** Sends routes with the retry policy, the process-wide limiter and the operation's deadline. */
export class HttpClient {
  readonly key: KeyWatch;

  constructor(private readonly options: HttpClientOptions) {
    this.key = new KeyWatch(options.apiKey);
  }

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
    const attempt = {
      prepare: async () => {
        if (route.mutating) await context.beforeMutation?.();
      },
      send: async () => {
        deadline.check("no request could be sent");
        context.onAttempt?.(route.mutating);
        const sent = await this.#send(route, deadline);
        this.#heed(sent, deadline.clock.now());
        tellTime(sent, context);
        return sent;
      },
    };
    // Whoever waits for the end of a pause holds a place: nobody else could use it.
    const answer = await limiter
      .run(() => limiter.pause.pass(attempt, waiterFor(context)), deadline.waitSignal)
      .catch((error: unknown) => {
        const leftTheLine = !(error instanceof SupermemoryError);
        if (leftTheLine) deadline.check(limiter.pause.isOn ? heldBack : "the API gave no answer");
        // A deleting request that the deadline cut off may have had its effect, so its own error has to pass.
        if (error instanceof ApiError && !route.mutating) deadline.check("the API gave no answer");
        throw error;
      });
    return this.#read(route, answer, deadline.clock.now());
  }

  /** A wish to wait holds everybody back, so it is heeded before the next in line gets this request's place. */
  #heed(answer: HttpResponse, now: number): void {
    if (!holdsAllBack(answer.status)) return;
    const failure = failureOf(answer, now);
    const asked = askedMs(failure);
    if (asked !== undefined) this.options.limiter.pause.extendTo(now + asked, causeOf(failure));
  }

  async #send(route: Route<unknown>, deadline: Deadline): Promise<HttpResponse> {
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
      signal: deadline.sendSignal,
      answerTimeoutMs: answerTimeout(deadline, route.mutating),
    });
  }

  async #wait(error: ApiError, attempt: number, { deadline, onWait, policy }: CallContext): Promise<void> {
    const { failure } = error;
    const asked = askedMs(failure);
    // "Retry-After: 0" would otherwise be obeyed by asking without a pause.
    const ms = asked || backoff(policy, attempt, (this.options.random ?? Math.random)());
    const cause = causeOf(failure);
    onWait?.({ ...cause, ms });
    const told = cause.status === undefined ? error.message : `the API answered ${cause.status}`;
    await deadline.sleep(ms, asked ? askedToWait(asked) : told);
  }

  #said({ text }: HttpResponse): string | undefined {
    const said = saidBy(text);
    return said === undefined ? undefined : this.key.quoted(said);
  }

  #read<T>(route: Route<T>, answer: HttpResponse, now: number): T {
    const where = `${route.method} ${this.options.baseUrl}${route.path}`;
    const fail = (failure: ApiFailure, message: string, said?: string): ApiError =>
      new ApiError(
        failure,
        said === undefined ? message : `${message} (it says: ${said})`,
        [],
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
    throw fail(
      failureOf(answer, now),
      describeStatus(answer.status, { ...this.options, ...route }, where),
      this.#said(answer),
    );
  }
}

const heldBack = "the API asked to wait (Retry-After) and has let nobody go on";

function tellTime({ date }: HttpResponse, { onServerTime }: CallContext): void {
  if (onServerTime === undefined) return;
  const time = dateOf(date);
  if (time !== undefined) onServerTime(time);
}

/** Who is held back by the answer to another request tells of it as if the answer had been its own. */
function waiterFor({ deadline, onWait }: CallContext): Waiter {
  return {
    now: () => deadline.clock.now(),
    sleep: async (ms, cause) => {
      onWait?.({ ...cause, ms });
      await deadline.sleep(ms, askedToWait(ms));
    },
    until: (event) => deadline.until(event, heldBack),
  };
}

/** A delete gives up half-way to the deadline at the latest, so that there is time to list what it did. */
function answerTimeout(deadline: Deadline, mutating: boolean): number {
  const remaining = mutating ? deadline.remaining() / 2 : deadline.remaining();
  return Math.ceil(Math.min(maxResponseMs, Math.max(1, remaining)));
}

/** No timeout is longer than a day, so what is beyond needs no number, of which a header can hold any. */
function askedToWait(ms: number): string {
  const time = ms > 86_400_000 ? "more than a day" : `${Math.ceil(ms / 1000)}s`;
  return `the API asked to wait ${time} (Retry-After), which is not over`;
}
