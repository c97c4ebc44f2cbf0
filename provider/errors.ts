/**
 * The errors of this package; one that also tells what was deleted is in purge/purge.ts. Messages are for people: what
 * was wrong, the value, what is allowed, what to change; lower case, no final period. None ever holds a key or the text
 * of a document.
 */

/** Base of all errors of this package. The message is redacted when the error is made. */
export class SupermemoryError extends Error {
  override readonly name: string = "SupermemoryError";

  /**
   * @param message what happened and what to do, in the user's terms
   * @param secrets values that must not appear in the message, such as the API key
   */
  constructor(message: string, secrets: readonly string[] = []) {
    super(redact(message, secrets));
  }
}

/** A configuration value, an environment variable or a rule of `planCleanup` that cannot be used. */
export class ConfigError extends SupermemoryError {
  override readonly name = "ConfigError";
}

/**
 * What a guardrail stopped: a purge before its first delete, or the rest of one. `property` is the argument that is
 * responsible, or "baseUrl"; empty where none is.
 */
export class RefusedError extends SupermemoryError {
  override readonly name = "RefusedError";

  constructor(
    readonly property: string,
    message: string,
  ) {
    super(message);
  }
}

/** What went wrong with one request; `mayHaveTakenEffect` tells for which kinds a delete may have had its effect. */
export type ApiFailure =
  | {
      readonly kind: "unauthorized" | "forbidden" | "missing" | "gone" | "redirect" | "rejected";
      readonly status: number;
    }
  | { readonly kind: "conflict" | "limited" | "server"; readonly status: number; readonly retryAfterMs?: number }
  | { readonly kind: "unreachable" | "interrupted-answer" | "no-answer" | "unreadable" };

/** A request to the API that failed, or an answer that is not believed. Of a body it quotes at most what `said` holds. */
export class ApiError extends SupermemoryError {
  override readonly name = "ApiError";

  constructor(
    readonly failure: ApiFailure,
    message: string,
    secrets: readonly string[] = [],
    /** What the API said of it, when it was a JSON error in the vendor's shape; at most 100 characters. */
    readonly said?: string,
  ) {
    super(message, secrets);
  }
}

/** An operation that did not end within its `timeout`, or whose wait would have gone beyond it. */
export class DeadlineError extends SupermemoryError {
  override readonly name = "DeadlineError";
}

/** An operation that was stopped from outside: Ctrl-C, or the engine no longer answers. */
export class StoppedError extends SupermemoryError {
  override readonly name = "StoppedError";
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Replaces each secret, also in another case, percent-encoded or in base64, and whatever follows "Bearer", by a mark. */
export function redact(text: string, secrets: readonly string[]): string {
  let result = text.replace(/\bBearer\s+\S+/gi, "Bearer [redacted]");
  for (const form of secrets.flatMap(formsOf)) {
    result = result.replace(new RegExp(form.replace(/[^\w%]/g, "\\$&"), "gi"), "[redacted]");
  }
  return result;
}

function formsOf(secret: string): readonly string[] {
  if (secret === "") return [];
  return [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64").replace(/=+$/, "")];
}
