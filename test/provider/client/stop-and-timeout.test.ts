import { clear } from "../../../provider/client/api";
import { Deadline, systemClock } from "../../../provider/client/deadline";
import { defaultRetryPolicy } from "../../../provider/client/retry";
import { connect } from "../support/connect";
import { atEnd } from "../support/ends";
import { firstPage, startHostile } from "../support/hostile";
import { errorOf } from "../support/world";

test("a stop ends a list without a response", async () => {
  const stop = new AbortController();
  const { api, context } = await startSilent(stop, {
    onRequest: () => {
      stop.abort();
    },
  });
  const error = await errorOf(api.list(firstPage, context));
  expect(error).toMatchObject({ name: "StoppedError", message: "the operation was stopped" });
  expect(context.deadline.sendSignal.aborted).toBe(false);
});

test.each(["list", "delete"] as const)("a stop ends a %s that has no connection", async (what) => {
  const stop = new AbortController();
  const { context, requests, send } = await startSilent(stop, {
    onLookup: () => {
      stop.abort();
    },
  });
  const error = await errorOf(send(what));
  expect(error).toMatchObject({ name: "StoppedError", message: "the operation was stopped" });
  expect(requests).toEqual([]);
  expect(context.deadline.sendSignal.aborted).toBe(false);
});

test.each([
  ["list", "DeadlineError", "no connection was made until the timeout (0.1s)"],
  // It gives up halfway, and whoever sent it decides what to do with the rest of the time.
  ["delete", "ApiError", "no connection was made"],
] as const)("the timeout ends a %s that has no connection", async (what, name, reason) => {
  const { requests, send, url } = await startSilent(new AbortController(), { timeoutMs: 100 });
  const error = await errorOf(send(what));
  expect(error).toMatchObject({ name, message: expect.stringContaining(`cannot reach ${url}: ${reason}`) as unknown });
  expect(requests).toEqual([]);
});

interface Silence {
  readonly timeoutMs?: number;
  readonly onRequest?: () => void;
  /** The name lookup of the connection never ends. */
  readonly onLookup?: () => void;
}

/** A server that never responds. Unless requests are expected, its name is never resolved either. */
async function startSilent(stop: AbortController, { onLookup, onRequest, timeoutMs = 600_000 }: Silence) {
  const { requests, url } = await startHostile(() => onRequest?.());
  const lookup = onRequest === undefined ? () => onLookup?.() : undefined;
  const name = onRequest === undefined ? url.replace("127.0.0.1", "api.example") : url;
  const { api, close } = connect(name, { lookup });
  const deadline = new Deadline(timeoutMs, systemClock, stop.signal);
  atEnd(async () => {
    deadline.end();
    await close();
  });
  const context = { deadline, policy: defaultRetryPolicy };
  const send = async (what: "list" | "delete"): Promise<unknown> =>
    what === "list" ? await api.list(firstPage, context) : await api.deleteByTag(clear("pr-42"), context);
  return { api, context, requests, send, url: name };
}
