import type { ZodType } from "zod";
import { ApiError, type ApiFailure, DeadlineError, SupermemoryError } from "../errors";
import { printable } from "../util/printable";
import { keyFinder, redact } from "../util/redact";
import type { CallContext } from "./call-context";
import { type Deadline, formatDuration } from "./deadline";
import type { HttpResponse } from "./exchange";
import type { Limiter } from "./limiter";
import { Place, RepeatUnit } from "./place";
import type { Attempt, Cause, Waiter } from "./rate-limit-pause";
import {
  apiMessageOf,
  checkAddress,
  describeStatus,
  failureOf,
  isMarkup,
  parseJson,
  type Problem,
  requestedWaitMs,
  type RouteWords,
  shortReason,
} from "./response";
import {
  backoff,
  type Backoff,
  dateOf,
  holdsAllBack,
  isLasting,
  longerWait,
  mayHaveTakenEffect,
  Retries,
} from "./retry";
import type { Transport } from "./transport";

/** One documented request. */
export interface Route<T> extends RouteWords {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly body?: unknown;
  readonly mutating: boolean;
  readonly response: ZodType<T>;
}

export interface HttpClientOptions {
  readonly baseUrl: string;
  readonly apiKey: string;
  /** What to do if the API rejects the key. Default "set the right key". */
  readonly keyHint?: string;
  readonly userAgent: string;
  /** Further headers of each request, with names in lower case. Default none. */
  readonly customHeaders?: Readonly<Record<string, string>>;
  /** Values that no message may contain, in addition to the key. Default none. */
  readonly secrets?: readonly string[];
  readonly transport: Transport;
  readonly limiter: Limiter;
  /** The addresses that have responded in this process. */
  readonly responded: Set<string>;
  /** A number from 0 to 1. Default `Math.random`. */
  readonly random?: () => number;
}

const maxResponseMs = 60_000;

/** Sends routes with the retry policy, the limiter of the process and the deadline of the operation. */
export class HttpClient {
  readonly #secrets: readonly string[];
  readonly #containsKey: (text: string) => boolean;

  constructor(private readonly options: HttpClientOptions) {
    this.#secrets = [options.apiKey, ...(options.secrets ?? [])];
    this.#containsKey = keyFinder(this.#secrets);
  }

  /** Whether the address can be reached in principle, so that it is an outage if it cannot. */
  get #hasResponded(): boolean {
    return this.options.responded.has(this.options.baseUrl);
  }

  /** The address and the key, by which clients of one process are told apart. */
  get identity(): readonly string[] {
    return [this.options.baseUrl, this.options.apiKey];
  }

  /** A delete is sent once at most. @throws ApiError, DeadlineError, StoppedError */
  async call<T>(route: Route<T>, context: CallContext): Promise<T> {
    if (context.aside === true) return await this.#callAside(route, context);
    const { deadline, policy } = context;
    const startedAt = deadline.clock.now();
    const retries = new Retries(policy);
    for (;;) {
      try {
        return await this.#attempt(route, context);
      } catch (error) {
        if (!(error instanceof ApiError) || route.mutating) throw error;
        const now = deadline.clock.now();
        const next = retries.after(error.failure, this.#hasResponded, now);
        if (next === undefined || isLasting(policy, error.failure, next.attempt, now - startedAt)) throw error;
        // In a place nothing waits: the whole unit starts again.
        if (context.place !== undefined) throw new RepeatUnit(error);
        await this.#waitToRetry(error, next, context);
      }
    }
  }

  /** See `SupermemoryApi.unit`. The wait before `work` starts again grows. */
  async unit<T>(context: CallContext, work: (place: Place) => Promise<T>): Promise<T> {
    const retries = new Retries(context.policy);
    for (let isRepeated = false; ; isRepeated = true) {
      try {
        return await this.#occupy(context, isRepeated, work);
      } catch (error) {
        if (!(error instanceof RepeatUnit)) throw error;
        const next = retries.after(error.cause.failure, this.#hasResponded, context.deadline.clock.now());
        if (next === undefined) throw error.cause;
        await this.#waitToRetry(error.cause, next, context);
      }
    }
  }

  /** A text of the API as a message may quote it: one line of at most 100 characters, without the key. */
  quote(text: string): string {
    return printable(redact(text, this.#secrets), 100);
  }

  /** Messages name ids and tags, and the state may keep them, so they must not contain the key. @throws ApiError */
  refuseKeyIn(names: readonly string[]): void {
    if (!names.some(this.#containsKey)) return;
    throw new ApiError({ kind: "unreadable" }, "the API returned the key or a custom header as an id or a tag");
  }

  async #callAside<T>(route: Route<T>, { deadline, onAttempt }: CallContext): Promise<T> {
    const response = await this.options.limiter.runAside(async (signal) => {
      deadline.check(noResponse);
      onAttempt?.(route.mutating);
      return await this.#send(route, deadline, signal);
    });
    return this.#read(route, response, deadline.clock.now());
  }

  async #attempt<T>(route: Route<T>, context: CallContext): Promise<T> {
    const { deadline, place } = context;
    const send = async (): Promise<HttpResponse> => {
      deadline.check("no request could be sent");
      if (route.mutating && place !== undefined) place.deleteSent = true;
      context.onAttempt?.(route.mutating);
      const response = await this.#send(route, deadline);
      if (place !== undefined) place.responded = true;
      this.#pauseIfAsked(response, deadline.clock.now());
      reportServerTime(response, context);
      return response;
    };
    const prepare = async (): Promise<void> => {
      if (route.mutating) await context.beforeMutation?.();
    };
    const response = await (
      place === undefined
        ? this.#inTurn(context, new Waiting(context), { prepare, send })
        : sendIn(place, { prepare, send })
    ).catch((error: unknown) => {
      const isHarmless = error instanceof ApiError && (!route.mutating || !mayHaveTakenEffect(error.failure));
      // A delete that the deadline cut off may have had its effect, so its own error has to be thrown.
      if (isHarmless) {
        if (route.mutating && place !== undefined) place.deleteSent = false;
        deadline.check(error.failure.kind === "unreachable" ? error.summary : noResponse);
      }
      throw error;
    });
    return this.#read(route, response, deadline.clock.now());
  }

  async #occupy<T>(context: CallContext, repeated: boolean, work: (place: Place) => Promise<T>): Promise<T> {
    const waiting = new Waiting(context);
    const ended = await this.#inTurn(context, waiting, {
      prepare: () => Promise.resolve(),
      send: async (isUndisturbed) => {
        const place = new Place(repeated || waiting.waited, isUndisturbed);
        try {
          return { value: await work(place) };
        } catch (error) {
          // With any response the API can be reached again, which ends a probe.
          if (place.responded) return { error };
          throw error;
        }
      },
    });
    if ("error" in ended) throw ended.error;
    return ended.value;
  }

  /** A request that waits for the end of a pause keeps its place in the limiter: no other request could use it. */
  async #inTurn<T>({ deadline }: CallContext, waiting: Waiting, attempt: Attempt<T>): Promise<T> {
    const { limiter } = this.options;
    try {
      return await limiter.run(() => limiter.pause.pass(attempt, waiting), deadline.waitSignal);
    } catch (error) {
      const leftTheLine = !(error instanceof SupermemoryError || error instanceof RepeatUnit);
      if (leftTheLine) deadline.check(limiter.pause.isOpen ? noResponse : heldBack);
      throw error;
    }
  }

  /** Runs before the next request in line gets this request's place. */
  #pauseIfAsked(response: HttpResponse, now: number): void {
    if (!holdsAllBack(response.status)) return;
    const failure = failureOf(response, now);
    const ms = requestedWaitMs(failure);
    if (ms !== undefined) this.options.limiter.pause.extendTo(now + ms, causeOf(failure));
  }

  async #send(route: Route<unknown>, deadline: Deadline, aside?: AbortSignal): Promise<HttpResponse> {
    const { apiKey, baseUrl, customHeaders, responded, transport, userAgent } = this.options;
    const body = route.body === undefined ? undefined : JSON.stringify(route.body);
    const signal = route.mutating ? deadline.sendSignal : deadline.waitSignal;
    const response = await transport.send({
      method: route.method,
      url: baseUrl + route.path,
      headers: {
        ...customHeaders,
        authorization: `Bearer ${apiKey}`,
        accept: "application/json",
        "accept-encoding": "identity",
        "user-agent": userAgent,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      body,
      signal: aside === undefined ? signal : AbortSignal.any([signal, aside]),
      connectSignal: deadline.waitSignal,
      timeoutMs: responseTimeoutMs(deadline, route.mutating),
    });
    responded.add(baseUrl);
    return response;
  }

  async #waitToRetry(error: ApiError, { attempt, maxMs }: Backoff, context: CallContext): Promise<void> {
    const { deadline, onWait, policy } = context;
    const { failure } = error;
    const own = Math.min(maxMs, backoff(policy, attempt, (this.options.random ?? Math.random)()));
    const { isRequested, ms } = longerWait(requestedWaitMs(failure), own);
    const cause = causeOf(failure);
    onWait?.({ ...cause, ms, ...(isRequested && holdsAllBack(cause.status ?? 0) ? { holdsAllBack: true } : {}) });
    if (isRequested) await waitAsRequested(deadline, ms);
    else await deadline.sleep(ms, shortReason(error));
  }

  #read<T>(route: Route<T>, response: HttpResponse, now: number): T {
    const { baseUrl, keyHint = "set the right key" } = this.options;
    const where = `${route.method} ${baseUrl}${route.path}`;
    const fail = (failure: ApiFailure, { hints, summary }: Problem, apiMessage?: string): ApiError => {
      const quoted = apiMessage === undefined ? "" : `: "${apiMessage}"`;
      return new ApiError(failure, `${summary}${quoted}`, hints, this.#secrets, apiMessage);
    };
    const { status, text } = response;
    if (status < 200 || status >= 300) {
      const apiMessage = apiMessageOf(text);
      const deletesWithBody = route.method === "DELETE" && route.body !== undefined;
      const problem = describeStatus(response, { ...route, keyHint, deletesWithBody }, where);
      throw fail(failureOf(response, now), problem, apiMessage === undefined ? undefined : this.quote(apiMessage));
    }
    const value = parseJson(text);
    if (value === undefined) {
      const summary = `${where} returned ${status} with ${isMarkup(text) ? "HTML" : "a body that is not JSON"}`;
      throw fail({ kind: "unreadable", foreign: true }, { summary, hints: [checkAddress] });
    }
    const parsed = route.response.safeParse(value);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    const field = issue === undefined || issue.path.length === 0 ? "" : `${issue.path.join(".")}: `;
    const summary = `${where} returned an unexpected response: ${field}${issue?.message ?? "not as documented"}`;
    throw fail({ kind: "unreadable" }, { summary, hints: [] });
  }
}

/** Complete "... until the timeout". */
const noResponse = "the API sent no response";
const heldBack = "the API's Retry-After held back this request";

/** Why a request waits, for status lines. */
function causeOf(failure: ApiFailure): Cause {
  if (!("status" in failure)) {
    const cause = { reason: failure.kind, status: undefined };
    return failure.kind === "unreachable" && failure.problem !== undefined
      ? { ...cause, problem: failure.problem }
      : cause;
  }
  const { foreign, kind: reason, status } = failure;
  return { reason, status, ...(foreign === undefined ? {} : { foreign }) };
}

function reportServerTime({ date }: HttpResponse, { onServerTime }: CallContext): void {
  if (onServerTime === undefined) return;
  const time = dateOf(date);
  if (time !== undefined) onServerTime(time);
}

/** Sends a delete only if nothing has come between it and the list before it. */
async function sendIn(place: Place, { prepare, send }: Attempt<HttpResponse>): Promise<HttpResponse> {
  await prepare();
  if (!place.isUndisturbed()) {
    throw new RepeatUnit(new ApiError({ kind: "limited", status: 429 }, "the API asked other requests to wait"));
  }
  return await send(place.isUndisturbed);
}

/** A request that another request's response holds back reports the wait as its own. */
class Waiting implements Waiter {
  waited = false;

  constructor(private readonly context: CallContext) {}

  now(): number {
    return this.context.deadline.clock.now();
  }

  async sleep(ms: number, cause: Cause): Promise<void> {
    this.waited = true;
    this.context.onWait?.({ ...cause, ms, holdsAllBack: true });
    await waitAsRequested(this.context.deadline, ms);
  }

  async until(event: Promise<void>): Promise<void> {
    this.waited = true;
    await this.context.deadline.until(event, heldBack);
  }
}

async function waitAsRequested(deadline: Deadline, ms: number): Promise<void> {
  deadline.check(heldBack);
  if (ms < deadline.remaining()) {
    await deadline.sleep(ms, heldBack);
    return;
  }
  // A header can contain any number. No timeout is longer than a day.
  const wait = ms > 86_400_000 ? "wait of more than a day" : `${Math.ceil(ms / 1000)} s wait`;
  throw new DeadlineError(
    `the API asked for a ${wait} (Retry-After), longer than the time left (timeout ${formatDuration(deadline.timeoutMs)})`,
  );
}

/** A delete gives up half-way to the deadline at the latest, so that there is time to list what it did. */
function responseTimeoutMs(deadline: Deadline, mutating: boolean): number {
  const remaining = mutating ? deadline.remaining() / 2 : deadline.remaining();
  return Math.ceil(Math.min(maxResponseMs, Math.max(1, remaining)));
}
