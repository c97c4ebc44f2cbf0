/** What the emulator sends back. */
export type Answer =
  | { readonly kind: "json"; readonly status: number; readonly body: unknown; readonly headers?: Headers }
  | { readonly kind: "html"; readonly status: number; readonly body: string; readonly headers?: Headers }
  | { readonly kind: "empty"; readonly status: number; readonly headers?: Headers }
  /** The connection is reset without an answer. */
  | { readonly kind: "reset" };

type Headers = Readonly<Record<string, string>>;

export function json(body: unknown, status = 200): Answer {
  return { kind: "json", status, body };
}

export function noContent(): Answer {
  return { kind: "empty", status: 204 };
}

/** An error in the vendor's shape: ErrorResponse {error, details?}. */
export function problem(status: number, error: string, details?: string, headers?: Headers): Answer {
  const body = details === undefined ? { error } : { error, details };
  return { kind: "json", status, body, ...(headers === undefined ? {} : { headers }) };
}

/** Thrown by a route to answer with an error. */
export class HttpProblem extends Error {
  constructor(
    readonly status: number,
    readonly error: string,
    readonly details?: string,
    /** What is sent instead of {error, details}. */
    private readonly body?: unknown,
  ) {
    super(details === undefined ? error : `${error}: ${details}`);
    this.name = "HttpProblem";
  }

  get answer(): Answer {
    return this.body === undefined ? problem(this.status, this.error, this.details) : json(this.body, this.status);
  }
}
