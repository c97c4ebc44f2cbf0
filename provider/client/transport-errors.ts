import { ApiError } from "../errors";
import { formatDuration } from "./deadline";
import { checkAddress } from "./response";

interface Sent {
  readonly method: string;
  readonly url: string;
  readonly timeoutMs: number;
}

/** A response with more bytes than are read. */
export class OversizedResponse extends Error {}

/** The error of a request whose complete response did not arrive in time. */
export function noResponse({ method, timeoutMs, url }: Sent): ApiError {
  const summary = `${method} ${url}: no complete response within ${formatDuration(timeoutMs)}`;
  return new ApiError({ kind: "no-response" }, summary);
}

/** The error of a request of which nothing was sent, because there was no connection in time. */
export function noConnection({ url }: Pick<Sent, "url">): ApiError {
  return new ApiError({ kind: "unreachable" }, `cannot reach ${new URL(url).origin}: no connection was made`);
}

/** What any other error of undici, or of reading a response, means. */
export function asApiError(error: unknown, { method, url }: Sent): ApiError {
  const where = `${method} ${url}`;
  const code = codeOf(error) ?? "";
  const unreadable = (problem: string): ApiError =>
    new ApiError({ kind: "unreadable" }, `${where} returned ${problem}`, [checkAddress]);
  if (error instanceof OversizedResponse) return unreadable(error.message);
  if (neverSent(error)) {
    const hints = isUntrusted(code) ? [trustHint] : [];
    return new ApiError(
      { kind: "unreachable" },
      `cannot reach ${new URL(url).origin}: ${reasonOf(code) ?? code}`,
      hints,
    );
  }
  if (code === "UND_ERR_HEADERS_OVERFLOW") return unreadable("larger headers than the API sends");
  if (isNoHttp(error)) return unreadable("something that is not HTTP");
  const reason = reasonOf(code) ?? "the connection ended before the response was complete";
  return new ApiError({ kind: "interrupted-response" }, `${where}: ${reason}`);
}

const trustHint =
  "if your own certificate authority issued it, set NODE_EXTRA_CA_CERTS to a file with the certificate of that authority";

function reasonOf(code: string): string | undefined {
  return isUntrusted(code) ? "its certificate is not trusted" : reasons[code];
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: "the connection was refused",
  ENOTFOUND: "the host name is unknown",
  EAI_AGAIN: "the host name could not be looked up",
  UND_ERR_CONNECT_TIMEOUT: "no connection within 10s",
  ECONNRESET: "the connection was reset",
  UND_ERR_SOCKET: "the connection was closed",
  ERR_SSL_WRONG_VERSION_NUMBER: "the server does not use https",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another host",
  CERT_HAS_EXPIRED: "its certificate has expired",
};

function isUntrusted(code: string): boolean {
  return (
    code === "DEPTH_ZERO_SELF_SIGNED_CERT" ||
    code === "SELF_SIGNED_CERT_IN_CHAIN" ||
    code === "UNABLE_TO_GET_ISSUER_CERT_LOCALLY" ||
    code === "UNABLE_TO_VERIFY_LEAF_SIGNATURE"
  );
}

/**
 * Whether the request certainly never left, so that it may be sent again. An error code alone does not show it: the
 * network can become unreachable (EHOSTUNREACH) after a connection has carried the request.
 */
function neverSent(error: unknown): boolean {
  if (!isObject(error)) return false;
  const { errors, syscall } = error;
  if (Array.isArray(errors)) return errors.length > 0 && errors.every(neverSent);
  if (syscall === "connect" || syscall === "getaddrinfo") return true;
  const code = codeOf(error) ?? "";
  return code === "UND_ERR_CONNECT_TIMEOUT" || isHandshakeProblem(code);
}

function isHandshakeProblem(code: string): boolean {
  return (
    isUntrusted(code) || code.includes("CERT") || code.startsWith("ERR_TLS") || code === "ERR_SSL_WRONG_VERSION_NUMBER"
  );
}

/** Errors of undici's parser have no code. One in a body of known length is reported as a wrong length. */
function isNoHttp(error: unknown): boolean {
  return (
    isObject(error) && (error["name"] === "HTTPParserError" || error["code"] === "UND_ERR_RES_CONTENT_LENGTH_MISMATCH")
  );
}

/** The code of an error, or the first code of several connection attempts (IPv4 and IPv6). */
function codeOf(error: unknown): string | undefined {
  if (!isObject(error)) return undefined;
  const { cause, code, errors } = error;
  if (typeof code === "string") return code;
  if (Array.isArray(errors)) return errors.map(codeOf).find((found) => found !== undefined);
  return codeOf(cause);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
