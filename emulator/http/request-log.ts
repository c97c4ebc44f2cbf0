import type { Api } from "../api/generation";
import type { RouteName } from "../api/route-names";

/** One request as it arrived, and what it got. */
export interface RecordedRequest {
  /** 1 for the first request since the start or the last reset. */
  readonly sequence: number;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Whether the request target had a query string, be it an empty one: a lone `?`. */
  readonly hasQuery: boolean;
  /** The generation of the API that the path belongs to; null for a path of neither. */
  readonly api: Api | null;
  /** The route that the request matched; null for an unknown one. */
  readonly route: RouteName | null;
  /** The body as parsed from JSON; undefined when there was none; its text when it was not JSON. */
  readonly body: unknown;
  /** Length of the body in bytes, as it was sent; 0 when there was none. */
  readonly bodyBytes: number;
  /** Of the headers that announce a body, content-type, content-length, transfer-encoding and expect, those that were sent. */
  readonly bodyHeaders: Readonly<Record<string, string>>;
  /** First 8 hex digits of the key's SHA-256; null without a key. The key itself is never kept. */
  readonly keyId: string | null;
  /** True for a request that can change something: every PATCH and DELETE, routes of the API or not, and every POST that adds. */
  readonly mutating: boolean;
  /** The container tags that the request names, in body or path; a namespace is one. */
  readonly containerTags: readonly string[];
  /** The status answered; null while it is pending and when the connection ended without an answer. */
  readonly status: number | null;
  /** The name or kind of the fault that changed the answer; null without one. */
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

  /** Notes an arrival and returns what notes its end. */
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
