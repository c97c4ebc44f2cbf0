import type { IncomingMessage } from "node:http";
import type { Fault } from "../faults/rules";
import type { RecordedRequest } from "./request-log";

/** A request and its response as they were sent. */
export interface Exchange {
  /** The request's entry in the log. */
  readonly request: RecordedRequest;
  /** Path and query as they were sent. */
  readonly target: string;
  /** The request's headers, by name in lower case. Only the scheme of a key is kept. */
  readonly headers: Readonly<Record<string, string>>;
  /** The fault that hit the request; null without one. */
  readonly fault: Fault | null;
  /** Null when the connection ended without a response. */
  readonly response: SentResponse | null;
}

export interface SentResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The body; empty when there was none. */
  readonly text: string;
}

/** The headers of a request without its key. */
export function headersWithoutKey(headers: IncomingMessage["headers"]): Readonly<Record<string, string>> {
  const all = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value] as const],
  );
  return Object.fromEntries(all.map(([name, value]) => [name, withoutKey(name, value)]));
}

function withoutKey(name: string, value: string): string {
  if (name === "authorization") return `${value.split(" ", 1)[0] ?? ""} ***`;
  return name === "x-api-key" || name === "cookie" ? "***" : value;
}
