import type { SupermemoryApi } from "../client/api";
import { Deadline } from "../client/deadline";
import { briefRetryPolicy, defaultRetryPolicy } from "../client/retry";
import type { Settings } from "../config/settings";
import { DeadlineError, StoppedError } from "../errors";
import type { PurgeMethod, PurgeSession } from "../purge/types";
import type { Host } from "./host";
import { waitLine } from "./messages";

/** On whose behalf something runs, and for how long at most. */
export interface Terms {
  readonly settings: Settings;
  readonly urn: string | undefined;
  readonly timeoutMs: number;
}

type Work<T> = (session: PurgeSession) => Promise<T>;

/** Runs something that may delete. @throws ConfigError without a key */
export async function withDeletes<T>(host: Host, terms: Terms, work: Work<T>): Promise<T> {
  return await withTools(host, host.api(terms.settings), terms, work);
}

/** How long counting for a preview or a refresh may take: longer where containers have to be listed whole. */
export function countTimeoutMs({ kind }: PurgeMethod): number {
  return kind === "ids" ? 60_000 : 10_000;
}

/** Runs something that only looks, without ever being able to delete. @throws ConfigError without a key */
export async function withReads<T>(host: Host, terms: Terms, work: Work<T>): Promise<T> {
  return await withTools(host, host.reader(terms.settings), terms, work);
}

/** The same for a look that nobody should have to wait for. */
export async function look<T>(host: Host, terms: Terms, work: Work<T>): Promise<T> {
  return await withReads(host, terms, async (session) => await work({ ...session, policy: briefRetryPolicy }));
}

/**
 * The same as part of an operation, which it does not prolong.
 *
 * @param endsAt when the operation's timeout is over
 * @throws DeadlineError when it is over already
 */
export async function lookBefore<T>(endsAt: number, host: Host, terms: Terms, work: Work<T>): Promise<T> {
  const left = endsAt - host.surroundings.clock.now();
  if (left <= 0) throw new DeadlineError("the operation's timeout is over");
  return await look(host, { ...terms, timeoutMs: Math.min(terms.timeoutMs, left) }, work);
}

async function withTools<T>(host: Host, api: SupermemoryApi, terms: Terms, work: Work<T>): Promise<T> {
  const { settings, timeoutMs, urn } = terms;
  const deadline = new Deadline(timeoutMs, host.surroundings.clock, host.shutdown.signal);
  try {
    return await work(toolsFor(host, api, settings, deadline, urn));
  } finally {
    deadline.end();
    host.log.endStatus(urn);
  }
}

function toolsFor(
  { log }: Host,
  api: SupermemoryApi,
  { concurrency }: Settings,
  deadline: Deadline,
  urn: string | undefined,
): PurgeSession {
  const onStatus = (message: string): void => {
    log.status(urn, message);
  };
  return {
    api,
    deadline,
    policy: defaultRetryPolicy,
    concurrency,
    beforeMutation: async () => {
      if (!(await log.alive())) throw new StoppedError("Pulumi no longer answers, so no further request is sent");
    },
    onAttempt: () => undefined,
    onPlanned: () => undefined,
    onStatus,
    onWait: (wait) => {
      onStatus(waitLine(wait));
    },
  };
}
