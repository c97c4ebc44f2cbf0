import type { Proxy } from "../config/proxy";
import { ApiError, type ApiFailure } from "../errors";
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
  const problem = "no connection was made";
  return new ApiError(unreachable(problem, false), `cannot reach ${new URL(url).origin}: ${problem}`);
}

/** The error of a request of which nothing was sent, because the connection failed. It may be sent again. */
export function neverSent(error: unknown, { url }: Pick<Sent, "url">): ApiError {
  if (error instanceof ProxyError) return proxyProblem(error, url);
  const code = codeOf(error) ?? "";
  const problem = reasonOf(code);
  const hints = isUntrusted(code) ? [trustHint] : [];
  const failure = unreachable(problem, isCertificateProblem(code));
  return new ApiError(failure, `cannot reach ${new URL(url).origin}: ${problem}`, hints);
}

/** What a proxy did with a request to connect to the API. */
export class ProxyError extends Error {
  override readonly name = "ProxyError";

  constructor(
    readonly proxy: Proxy,
    /** The host and port that it was asked for. */
    readonly target: string,
    /** The status of its response; undefined if there was none. */
    readonly status: number | undefined,
    override readonly cause?: unknown,
  ) {
    super("no tunnel");
  }
}

function proxyProblem({ cause, proxy, status, target }: ProxyError, url: string): ApiError {
  const { token, url: address, variable } = proxy;
  const name = `${address} (${variable})`;
  const { hostname } = new URL(url);
  if (status === undefined) {
    const code = codeOf(cause) ?? "";
    const reason = reasonOf(code);
    return new ApiError(
      unreachable(`the proxy: ${reason}`, isCertificateProblem(code)),
      `cannot reach the proxy ${name}: ${reason}`,
      [`check ${variable}, or add ${hostname} to NO_PROXY if it can be reached without the proxy`],
    );
  }
  // Other statuses come from a proxy that cannot reach the API now.
  const isRefusal = status < 500 && status !== 408 && status !== 429;
  const failure = unreachable(`the proxy returned ${status}`, isRefusal);
  if (status !== 407) {
    return new ApiError(failure, `the proxy ${name} refused to connect to ${target} (${status})`, [
      `allow this address in the proxy, or add ${hostname} to NO_PROXY if it can be reached without the proxy`,
    ]);
  }
  if (token !== undefined) {
    return new ApiError(failure, `the proxy ${name} rejected the login (407)`, [
      `check the user and password in ${variable}`,
    ]);
  }
  const withLogin = address.replace("://", "://<user>:<password>@");
  return new ApiError(failure, `the proxy ${name} asks for a login (407)`, [`set ${variable} to ${withLogin}`]);
}

function unreachable(problem: string, lasting: boolean): ApiFailure {
  return { kind: "unreachable", problem, lasting };
}

/** What any other error of undici, or of reading a response, means. */
export function asApiError(error: unknown, { method, url }: Sent): ApiError {
  const where = `${method} ${url}`;
  const code = codeOf(error) ?? "";
  const unreadable = (problem: string): ApiError =>
    new ApiError({ kind: "unreadable" }, `${where} returned ${problem}`, [checkAddress]);
  if (error instanceof OversizedResponse) return unreadable(error.message);
  if (code === "UND_ERR_HEADERS_OVERFLOW") return unreadable("larger headers than the API sends");
  if (isNoHttp(error)) return unreadable("something that is not HTTP");
  const reason = reasons[code] ?? "the connection ended before the response was complete";
  return new ApiError({ kind: "interrupted-response" }, `${where}: ${reason}`);
}

const trustHint =
  "if your own certificate authority issued it, set NODE_EXTRA_CA_CERTS to a file with the certificate of that authority";

/** Why there is no connection. */
function reasonOf(code: string): string {
  if (isUntrusted(code)) return "its certificate is not trusted";
  return reasons[code] ?? (code === "" ? "the connection was closed" : code);
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: "the connection was refused",
  ENOTFOUND: "the host name is unknown",
  EAI_AGAIN: "the host name could not be looked up",
  UND_ERR_CONNECT_TIMEOUT: "no connection within 10s",
  UND_ERR_HEADERS_TIMEOUT: "no response within 10s",
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

/** Problems of TLS that no retry repairs. */
function isCertificateProblem(code: string): boolean {
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
