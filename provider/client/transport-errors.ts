import { ApiError } from "../errors";
import { OversizedResponse } from "./response-text";
import { formatDuration } from "./deadline";
import type { HttpRequest } from "./transport";

/** What a request comes to whose whole answer did not arrive in time. */
export function noAnswer({ answerTimeoutMs, method, url }: HttpRequest): ApiError {
  const message = `${method} ${url}: no whole answer within ${formatDuration(answerTimeoutMs)}`;
  return new ApiError({ kind: "no-response" }, message);
}

/** What any other error of undici's, or of reading an answer, means. */
export function asApiError(error: unknown, { method, url }: HttpRequest): ApiError {
  const where = `${method} ${url}`;
  if (error instanceof OversizedResponse) {
    return new ApiError(
      { kind: "unreadable" },
      `${where} answered with more than ${error.what}, which no API answer has`,
    );
  }
  const code = codeOf(error) ?? "";
  if (neverSent(error)) {
    return new ApiError({ kind: "unreachable" }, `cannot reach ${new URL(url).origin}: ${words[code] ?? code}`);
  }
  if (code === "UND_ERR_HEADERS_OVERFLOW") {
    return new ApiError({ kind: "unreadable" }, `${where} answered with more headers than any API answer has`);
  }
  if (isNoHttp(error)) {
    return new ApiError(
      { kind: "unreadable" },
      `${where} answered with something that is not HTTP: is this the address of the API?`,
    );
  }
  const reason = words[code] ?? "the connection ended before the answer was whole";
  return new ApiError({ kind: "interrupted-response" }, `${where}: ${reason}`);
}

const untrusted =
  "its certificate is not trusted; for an authority of your own let NODE_EXTRA_CA_CERTS name a file with its certificate";

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: "the connection was refused",
  ENOTFOUND: "the host name is not known",
  EAI_AGAIN: "the host name could not be looked up",
  UND_ERR_CONNECT_TIMEOUT: "no connection within 10s",
  ECONNRESET: "the connection was reset",
  UND_ERR_SOCKET: "the connection was closed",
  ERR_SSL_WRONG_VERSION_NUMBER: "the server does not speak https",
  ERR_TLS_CERT_ALTNAME_INVALID: "the certificate there is for another host",
  CERT_HAS_EXPIRED: "its certificate has expired",
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
};

/**
 * Whether it is certain that the request never left, so that it may be sent again. A code alone does not tell: the
 * network can become unreachable (EHOSTUNREACH) under a connection that has carried the request already.
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
    code.includes("CERT") ||
    code.startsWith("ERR_TLS") ||
    code === "UNABLE_TO_VERIFY_LEAF_SIGNATURE" ||
    code === "ERR_SSL_WRONG_VERSION_NUMBER"
  );
}

/** undici gives its parser's errors no code; one that comes in a body of a stated length it takes for another length. */
function isNoHttp(error: unknown): boolean {
  return (
    isObject(error) && (error["name"] === "HTTPParserError" || error["code"] === "UND_ERR_RES_CONTENT_LENGTH_MISMATCH")
  );
}

/** The code of an error, or the first one of several attempts (IPv4 and IPv6). */
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
