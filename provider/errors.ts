import { redact } from "./util/redact";

/**
 * The errors of this package. purge/purge.ts adds one that carries the outcome of an incomplete purge.
 *
 * Every error contains what happened (`summary`) and what to do (`hints`). Its `message` contains all of them, one per
 * line. Summaries start in lower case and have no final period. No error contains a key or the text of a document.
 */
export class SupermemoryError extends Error {
  override readonly name: string = "SupermemoryError";
  /** What happened, in one line. */
  readonly summary: string;
  /** What to do, in the imperative, one line each. Details of what happened may precede it. */
  readonly hints: readonly string[];

  /**
   * @param summary lines after the first count as hints
   * @param secrets values that must not appear in the message, such as the API key
   */
  constructor(summary: string, hints: readonly string[] = [], secrets: readonly string[] = []) {
    const text = redact([summary, ...hints].join("\n"), secrets);
    super(text);
    [this.summary = "", ...this.hints] = text.split("\n");
  }
}

/**
 * Ends the first line of an error's message with "nothing was deleted". Only the code that knows that no delete was sent
 * calls this, once.
 *
 * @returns the same error
 */
export function withNothingDeleted(error: unknown): unknown {
  if (error instanceof SupermemoryError) {
    error.message = [`${error.summary}; nothing was deleted`, ...error.hints].join("\n");
  }
  return error;
}

/** The failure of a request for one of several containers, with the name of the container. Any other error as it is. */
export function withTag(error: unknown, containerTag: string): unknown {
  if (!(error instanceof ApiError) || error.summary.includes(containerTag)) return error;
  if (!/^(GET|POST|DELETE) |^the key may not /.test(error.summary)) return error;
  const { apiMessage, failure, hints, summary } = error;
  return new ApiError(failure, `${summary} (${containerTag})`, hints, [], apiMessage);
}

/** The way out of a refusal that no argument changes. It works at destroy too. */
export const keepDocuments = "to keep all documents, set SUPERMEMORY_PURGE=skip for this command";

/** A configuration value, an environment variable or a rule of `planCleanup` that cannot be used. */
export class ConfigError extends SupermemoryError {
  override readonly name = "ConfigError";
}

/** An API key that is not set, or that cannot be one. The message does not contain it. */
export class KeyError extends ConfigError {}

/** A guardrail that stopped a purge, before its first delete or later. */
export class RefusedError extends SupermemoryError {
  override readonly name = "RefusedError";

  /** @param property the responsible argument, or "baseUrl"; empty if there is none */
  constructor(
    readonly property: string,
    summary: string,
    hints: readonly string[] = [],
  ) {
    super(summary, hints);
  }
}

/** The stored state of a resource is damaged, or a newer version wrote it. */
export class StateError extends SupermemoryError {
  override readonly name = "StateError";
}

/** Why one request failed. `mayHaveTakenEffect` lists the kinds after which a delete may have had its effect. */
export type ApiFailure =
  | ({
      readonly kind: "unauthorized" | "forbidden" | "missing" | "gone" | "redirect" | "rejected";
      readonly status: number;
    } & Foreign)
  | ({
      readonly kind: "conflict" | "limited" | "server";
      readonly status: number;
      readonly retryAfterMs?: number;
    } & Foreign)
  | { readonly kind: "interrupted-response" | "no-response" }
  /** Nothing was sent. `lasting`: it is no outage, so that a retry cannot help, such as a proxy that asks for a login. */
  | { readonly kind: "unreachable"; readonly problem?: string; readonly lasting?: boolean }
  | ({ readonly kind: "unreadable" } & Foreign);

/** The response is not the API's: an HTML page, such as that of a proxy, or with a status of 2xx anything but JSON. */
interface Foreign {
  readonly foreign?: true;
}

/** A request to the API that failed, or a response that cannot be trusted. */
export class ApiError extends SupermemoryError {
  override readonly name = "ApiError";

  constructor(
    readonly failure: ApiFailure,
    summary: string,
    hints: readonly string[] = [],
    secrets: readonly string[] = [],
    /** The API's own message, if the response was a JSON error in the vendor's shape; at most 100 characters. */
    readonly apiMessage?: string,
  ) {
    super(summary, hints, secrets);
  }
}

/** Whether another key may help: the key is not set, cannot be one, or the API itself refused it. */
export function concernsKey(error: unknown): boolean {
  if (error instanceof KeyError) return true;
  return error instanceof ApiError && refusesKey(error.failure);
}

/** A 401 or 403 that is not the page of a firewall or proxy. */
export function refusesKey(failure: ApiFailure | undefined): boolean {
  if (failure?.kind !== "unauthorized" && failure?.kind !== "forbidden") return false;
  return failure.foreign !== true;
}

/** An operation that did not end within its `timeout`, or whose next wait would have ended after it. */
export class DeadlineError extends SupermemoryError {
  override readonly name = "DeadlineError";
}

/** An operation that was stopped from outside: Ctrl-C, or the engine no longer responds. */
export class StoppedError extends SupermemoryError {
  override readonly name = "StoppedError";
}

/** The whole message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What happened, without hints and without "nothing was deleted": for use inside a longer sentence. */
export function summaryOf(error: unknown): string {
  return error instanceof SupermemoryError ? error.summary : messageOf(error);
}

/** What to do about anything that was thrown. */
export function hintsOf(error: unknown): readonly string[] {
  return error instanceof SupermemoryError ? error.hints : [];
}
