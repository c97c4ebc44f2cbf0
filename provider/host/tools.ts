import type { SupermemoryApi } from "../client/api";
import { Deadline } from "../client/deadline";
import { briefRetryPolicy, defaultRetryPolicy } from "../client/retry";
import type { Settings } from "../config";
import { DeadlineError, StoppedError } from "../errors";
import type { Method, PurgeTools } from "../purge/types";
import type { Host } from "./host";
import { waitLine } from "./messages";

/** Runs something that may delete, for at most `timeoutMs`. @throws ConfigError without a key */
export async function withDeletes<T>(
  host: Host,
  settings: Settings,
  urn: string | undefined,
  timeoutMs: number,
  work: (tools: PurgeTools) => Promise<T>,
): Promise<T> {
  return await withDeadline(host, urn, timeoutMs, async (deadline) =>
    work(toolsFor(host, host.api(settings), settings, deadline, urn)),
  );
}

/** How long counting for a preview or a refresh may take: longer where containers have to be listed whole. */
export function countTimeoutMs({ kind }: Method): number {
  return kind === "ids" ? 60_000 : 10_000;
}

/**
 * Runs something that only looks, for at most `timeoutMs`, without ever being able to delete.
 *
 * @throws ConfigError without a key
 */
export async function withReads<T>(
  host: Host,
  settings: Settings,
  urn: string | undefined,
  timeoutMs: number,
  work: (tools: PurgeTools) => Promise<T>,
): Promise<T> {
  return await withDeadline(host, urn, timeoutMs, async (deadline) =>
    work(toolsFor(host, host.reader(settings), settings, deadline, urn)),
  );
}

/** The same for a look that nobody should have to wait for. */
export async function look<T>(
  host: Host,
  settings: Settings,
  urn: string | undefined,
  timeoutMs: number,
  work: (tools: PurgeTools) => Promise<T>,
): Promise<T> {
  const briefly = async (tools: PurgeTools): Promise<T> => await work({ ...tools, policy: briefRetryPolicy });
  return await withReads(host, settings, urn, timeoutMs, briefly);
}

/**
 * The same as part of an operation, which it does not prolong.
 *
 * @param endsAt when the operation's timeout is over
 * @throws DeadlineError when it is over already
 */
export async function lookBefore<T>(
  endsAt: number,
  host: Host,
  settings: Settings,
  urn: string | undefined,
  timeoutMs: number,
  work: (tools: PurgeTools) => Promise<T>,
): Promise<T> {
  const left = endsAt - host.surroundings.clock.now();
  if (left <= 0) throw new DeadlineError("the operation's timeout is over");
  return await look(host, settings, urn, Math.min(timeoutMs, left), work);
}

async function withDeadline<T>(
  host: Host,
  urn: string | undefined,
  ms: number,
  work: (deadline: Deadline) => Promise<T>,
): Promise<T> {
  const deadline = new Deadline(ms, host.surroundings.clock, host.interruption.signal);
  try {
    return await work(deadline);
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
): PurgeTools {
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
