import type { Dispatcher } from "undici";
import { ResponseBody } from "./body";
import type { WaitHeaders } from "./retry";
import { asApiError, neverSent, noConnection, noResponse } from "./transport-errors";

export interface HttpRequest {
  readonly method: "GET" | "POST" | "DELETE";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** Ends the request, whatever became of it. */
  readonly signal: AbortSignal;
  /** Ends the request as long as nothing of it was sent: a delete in flight may still end after a stop. */
  readonly connectSignal?: AbortSignal;
  /** How long the complete response may take. */
  readonly timeoutMs: number;
}

export interface HttpResponse extends WaitHeaders {
  /** When it was sent, by the server's clock (RFC 9110, 6.6.1). */
  readonly date: string | undefined;
  readonly text: string;
}

/**
 * Sends one request and reads its response. It ends as soon as the time is over or a signal aborts, also while a name is
 * looked up, a connection is made or TLS is negotiated. undici by itself would only notice after that.
 *
 * @throws ApiError of the kind "unreachable" if nothing of the request was sent
 */
export function exchange(dispatcher: Dispatcher, request: HttpRequest): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const { body, connectSignal, headers, method, signal, timeoutMs, url } = request;
    const { origin, pathname, search } = new URL(url);
    /** Undefined until there is a connection and the request is written to it. */
    let sending: Dispatcher.DispatchController | undefined;
    let isOver = false;
    let head: Omit<HttpResponse, "text"> = {
      status: 0,
      retryAfter: undefined,
      date: undefined,
    };
    let encoding: string | undefined;
    const received = new ResponseBody();

    const end = (settle: () => void): void => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      connectSignal?.removeEventListener("abort", onConnectAbort);
      settle();
    };
    const fail = (error: Error): void => {
      end(() => {
        reject(error);
      });
      sending?.abort(error);
    };
    const attempt = (read: () => void): void => {
      try {
        read();
      } catch (error) {
        fail(asApiError(error, request));
      }
    };
    const onTimeout = (): void => {
      fail(sending === undefined ? noConnection(request) : noResponse(request));
    };
    const onAbort = (): void => {
      fail(sending === undefined ? noConnection(request) : asApiError(signal.reason, request));
    };
    const onConnectAbort = (): void => {
      if (sending === undefined) fail(noConnection(request));
    };

    const timer = setTimeout(onTimeout, timeoutMs);
    signal.addEventListener("abort", onAbort);
    connectSignal?.addEventListener("abort", onConnectAbort);
    if (signal.aborted || connectSignal?.aborted === true) {
      fail(noConnection(request));
      return;
    }
    dispatcher.dispatch(
      // By default undici closes the connection after each DELETE with a body: a handshake per hundred documents.
      { origin, path: pathname + search, method, headers, body: body ?? null, reset: false },
      {
        onRequestStart(controller) {
          // undici writes nothing of a request that is aborted here.
          if (isOver) controller.abort(noConnection(request));
          else sending = controller;
        },
        onResponseStart(_controller, status, { date, ...headers }) {
          head = {
            status,
            date: firstOf(date),
            retryAfter: firstOf(headers["retry-after"]),
            retryAfterMs: firstOf(headers["retry-after-ms"]),
            rateLimitReset: firstOf(headers["x-ratelimit-reset"]),
          };
          encoding = headers["content-encoding"]?.toString();
        },
        onResponseData(_controller, chunk) {
          attempt(() => {
            received.add(chunk);
          });
        },
        onResponseEnd() {
          attempt(() => {
            const text = received.text(encoding);
            end(() => {
              resolve({ ...head, text });
            });
          });
        },
        onResponseError(_controller, error) {
          fail(sending === undefined ? neverSent(error, request) : asApiError(error, request));
        },
      },
    );
  });
}

function firstOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
