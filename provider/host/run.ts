import type { Clock } from "../client/deadline";
import type { Overrides, Settings } from "../config/settings";
import { keyIdIn } from "../config/keys";
import { messageOf, RefusedError } from "../errors";
import { contextOf } from "../purge/context";
import { purge, PurgeIncompleteError } from "../purge/purge";
import type { RunMetrics } from "./receipt";
import type { PurgeOutcome, PurgeRequest, PurgeSession } from "../purge/types";
import { parseDuration } from "../util/duration";
import type { Host } from "./host";
import { nameOf, skippedLine } from "./messages";
import { methodOf } from "../container-purge/method";
import { endOf, guardrailsFor, type Operation } from "../container-purge/operation";
import { deletedLine, memoriesLeftLine } from "../container-purge/messages";
import { type RunResult, keepReceipt } from "./receipts";
import { lookBefore, withDeletes } from "./session";

/** Purges what the operation says, with its status lines, its final line and its receipt. */
export async function runPurge(
  host: Host,
  operation: Operation,
  settings: Settings,
  overrides: Overrides,
  recheck?: PurgeRequest["recheck"],
  meter = new RunMeter(host.surroundings.clock),
): Promise<PurgeOutcome> {
  const { inputs, lifecycle, record, urn } = operation;
  warnOfNewKey(host, operation, settings);
  const request = {
    resource: nameOf(urn),
    targets: lifecycle.targets,
    guardrails: guardrailsFor(operation, settings, overrides),
    method: methodOf(inputs),
    verify: inputs.verify,
    recheck,
  };
  try {
    const timeoutMs = parseDuration(inputs.timeout) ?? 0;
    const endsAt = endOf(operation, host.surroundings.clock.now());
    const outcome = await withDeletes(
      host,
      { settings, urn, timeoutMs },
      async (session) => await purge(request, meter.measure(session)),
    );
    host.log.info(urn, deletedLine(outcome, record.totalDeletedCount));
    keepReceipt(host, operation, settings, { result: "complete", outcome, metrics: meter.read() });
    await tellMemoriesLeft(host, operation, settings, outcome, endsAt);
    return outcome;
  } catch (error) {
    keepFailure(host, operation, settings, error, meter.read());
    throw error;
  }
}

/** The receipt of an operation that ended with an error. */
export function keepFailure(
  host: Host,
  operation: Operation,
  settings: Settings,
  error: unknown,
  metrics: RunMetrics,
): void {
  keepReceipt(host, operation, settings, { ...endingOf(error), metrics });
}

/** Nobody waits longer than this for a line that is only good to know. */
const glanceTimeoutMs = 2_000;

/** The API tells of memories in its list of containers only, which some keys may not see. */
async function tellMemoriesLeft(
  host: Host,
  { urn }: Operation,
  settings: Settings,
  { deleted, method, tags }: PurgeOutcome,
  endsAt: number,
): Promise<void> {
  if (method.kind === "container" || (deleted === 0 && tags.every(({ event }) => event !== "delete"))) return;
  const containers = await lookBefore(
    endsAt,
    host,
    { settings, urn, timeoutMs: glanceTimeoutMs },
    async (session) => await session.api.listContainers(contextOf(session)),
  ).catch(() => []);
  const left = tags.map(({ containerTag }) => containerTag);
  const line = memoriesLeftLine(left, containers);
  if (line !== undefined) host.log.info(urn, line);
}

/** What a receipt tells of an operation, whether or not it came to an outcome. */
export class RunMeter {
  readonly #startedAt: number;
  #planned: number | null = null;
  #requests = 0;

  constructor(private readonly clock: Clock) {
    this.#startedAt = clock.now();
  }

  measure(session: PurgeSession): PurgeSession {
    return {
      ...session,
      onAttempt: (mutating) => {
        this.#requests += 1;
        session.onAttempt(mutating);
      },
      onPlanned: (total) => {
        this.#planned = total;
      },
    };
  }

  read(): RunMetrics {
    return { planned: this.#planned, requests: this.#requests, durationMs: this.clock.now() - this.#startedAt };
  }
}

/** Says loudly, and in a receipt, that SUPERMEMORY_PURGE=skip left everything there. */
export function skipPurge(host: Host, operation: Operation, consequence: string): void {
  host.log.warn(operation.urn, `${skippedLine("nothing was deleted", operation.lifecycle.targets)}${consequence}`);
  const metrics = { planned: null, requests: 0, durationMs: 0 };
  try {
    keepReceipt(host, operation, host.settings(), { result: "skipped", metrics });
  } catch (error) {
    if (host.wantsReceipts) host.log.warn(operation.urn, `there is no receipt of it: ${messageOf(error)}`);
  }
}

/** The same tags under another key may be another organization's. */
export function warnOfNewKey(host: Host, { record: { keyId }, urn }: Operation, settings: Settings): void {
  const now = keyIdIn(settings);
  if (keyId === null || now === null || now === keyId) return;
  host.log.warn(
    urn,
    `the API key is another one (${now}) than at the last purge (${keyId}): is it of the same organization?`,
  );
}

function endingOf(error: unknown): Omit<RunResult, "metrics"> {
  const reason = messageOf(error);
  if (error instanceof PurgeIncompleteError) return { result: "incomplete", outcome: error.outcome, error: reason };
  return { result: error instanceof RefusedError ? "refused" : "failed", error: reason };
}
