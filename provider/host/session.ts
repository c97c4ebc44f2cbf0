import type { SupermemoryApi } from "../client/api";
import { type Clock, Deadline } from "../client/deadline";
import { briefRetryPolicy, defaultRetryPolicy } from "../client/retry";
import type { Settings } from "../config/settings";
import { DeadlineError, StoppedError } from "../errors";
import type { Losses } from "../purge/losses";
import type { PurgeMethod, PurgeSession } from "../purge/types";
import type { EngineLog } from "./engine-log";

/** What a session is for, and for how long at most. */
export interface SessionOptions {
  /**
   * `purge` may delete. `read` cannot delete. `look` cannot either, and gives up early: nobody should have to wait for
   * it.
   */
  readonly mode: "purge" | "read" | "look";
  /** Its requests hold back no others, and are given up if they would. Default false. */
  readonly aside?: boolean;
  readonly settings: Settings;
  readonly urn: string | undefined;
  readonly timeoutMs: number;
  /** The API version that the resource was last purged on, for `apiVersion: auto`; null before. Default null. */
  readonly recorded?: string | null;
  /** When the operation ends that this session is a part of; the session does not prolong it. */
  readonly endsAt?: number | undefined;
}

/** What a session takes from the process. */
export interface SessionSurroundings {
  readonly api: SupermemoryApi;
  readonly clock: Clock;
  readonly log: EngineLog;
  readonly losses: Losses;
  /** Aborts when no further request may be sent. */
  readonly stop: AbortSignal;
}

/** How long counting for a preview or a refresh may take: longer where containers have to be listed whole. */
export function countTimeoutMs({ kind }: PurgeMethod): number {
  return kind === "ids" ? 60_000 : 10_000;
}

/** @throws DeadlineError when the operation that the session is a part of has no time left */
export async function runSession<T>(
  { api, clock, log, losses, stop }: SessionSurroundings,
  { aside = false, endsAt = Infinity, mode, settings, timeoutMs, urn }: SessionOptions,
  work: (session: PurgeSession) => Promise<T>,
): Promise<T> {
  const left = endsAt - clock.now();
  if (left <= 0) throw new DeadlineError("the operation has no time left");
  const deadline = new Deadline(Math.min(timeoutMs, left), clock, stop);
  const session: PurgeSession = {
    api,
    aside,
    losses,
    deadline,
    policy: mode === "look" ? briefRetryPolicy : defaultRetryPolicy,
    concurrency: settings.concurrency,
    beforeMutation: async () => {
      if (!(await log.alive())) throw new StoppedError("the Pulumi engine stopped responding, so no request is sent");
    },
    onAttempt: () => undefined,
    onPlanned: () => undefined,
    onStatus: (text) => {
      log.status(urn, { kind: "phase", text });
    },
    onDeleted: (deleted, planned) => {
      log.status(urn, { kind: "progress", deleted, planned });
    },
    onWait: (wait) => {
      log.status(urn, { kind: "wait", wait });
    },
  };
  try {
    return await work(session);
  } finally {
    deadline.end();
    log.endStatus(urn);
  }
}
