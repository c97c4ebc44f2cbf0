import type { ApiVersion } from "../api/api-version";
import type { RouteName } from "../api/route-names";

/** One request and the outcome. */
export interface RecordedRequest {
  /** 1 for the first request since the start or the last reset. */
  readonly sequence: number;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Whether the request target had a query string, even an empty one (a lone `?`). */
  readonly hasQuery: boolean;
  /** The API version that the path belongs to; null for other paths. */
  readonly api: ApiVersion | null;
  /** The route that the request matched; null for an unknown one. */
  readonly route: RouteName | null;
  /** The parsed JSON body. Undefined without a body; the text when it was not JSON. */
  readonly body: unknown;
  /** Length of the body in bytes, as it was sent; 0 without a body. */
  readonly bodyBytes: number;
  /** The sent headers that announce a body: content-type, content-length, transfer-encoding and expect. */
  readonly bodyHeaders: Readonly<Record<string, string>>;
  /** First 8 hex digits of the key's SHA-256; null without a key. The log never contains the key. */
  readonly keyId: string | null;
  /** True for a request that can change data: every PATCH and DELETE, also to unknown routes, and every POST that adds. */
  readonly mutating: boolean;
  /** The container tags in the path and the body of the request. A namespace is a container tag. */
  readonly containerTags: readonly string[];
  /** The status of the response; null while it is pending, and when the connection ended without a response. */
  readonly status: number | null;
  /** The name or kind of the fault that hit the request; null without one. */
  readonly fault: string | null;
}

const ANNOUNCE_A_BODY = ["content-type", "content-length", "transfer-encoding", "expect"];

export function bodyHeadersIn(headers: Readonly<Record<string, string | string[] | undefined>>) {
  const sent = ANNOUNCE_A_BODY.map((name) => [name, headers[name]] as const);
  return Object.fromEntries(sent.flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])));
}

type Outcome = Pick<RecordedRequest, "status" | "fault">;

/** The log of requests, in order of arrival. */
export class RequestLog {
  private readonly entries: (RecordedRequest & { -readonly [Field in keyof Outcome]: Outcome[Field] })[] = [];

  get requests(): readonly RecordedRequest[] {
    return this.entries;
  }

  /** Records a request. Call `ended` to record its outcome. */
  arrived(request: Omit<RecordedRequest, "sequence" | keyof Outcome>): {
    readonly sequence: number;
    readonly entry: RecordedRequest;
    readonly ended: (outcome: Partial<Outcome>) => void;
  } {
    const entry = { ...request, sequence: this.entries.length + 1, status: null, fault: null };
    this.entries.push(entry);
    return {
      sequence: entry.sequence,
      entry,
      ended: (outcome) => {
        Object.assign(entry, outcome);
      },
    };
  }
}
