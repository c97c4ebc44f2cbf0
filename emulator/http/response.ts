/** What the emulator sends back. */
export type HttpResponse =
  | { readonly kind: "json"; readonly status: number; readonly body: unknown; readonly headers?: Headers }
  | { readonly kind: "html"; readonly status: number; readonly body: string; readonly headers?: Headers }
  | { readonly kind: "empty"; readonly status: number; readonly headers?: Headers }
  /** The connection is reset without a response. */
  | { readonly kind: "reset" };

type Headers = Readonly<Record<string, string>>;

export function json(body: unknown, status = 200): HttpResponse {
  return { kind: "json", status, body };
}

export function noContent(): HttpResponse {
  return { kind: "empty", status: 204 };
}

/** An error in the vendor's shape: ErrorResponse {error, details?}. */
export function problem(status: number, error: string, details?: string, headers?: Headers): HttpResponse {
  const body = details === undefined ? { error } : { error, details };
  return { kind: "json", status, body, ...(headers === undefined ? {} : { headers }) };
}

/** A route throws it to return an error response. */
export class HttpProblem extends Error {
  constructor(
    readonly status: number,
    readonly error: string,
    readonly details?: string,
    /** Replaces {error, details} as the body. */
    private readonly body?: unknown,
  ) {
    super(details === undefined ? error : `${error}: ${details}`);
    this.name = "HttpProblem";
  }

  get response(): HttpResponse {
    return this.body === undefined ? problem(this.status, this.error, this.details) : json(this.body, this.status);
  }
}
