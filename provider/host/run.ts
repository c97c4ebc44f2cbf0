import type { ApiVersion } from "../client/api";
import type { Clock } from "../client/deadline";
import type { Settings } from "../config/settings";
import { keyIdIn } from "../config/keys";
import { messageOf, RefusedError, withNothingDeleted } from "../errors";
import { contextOf } from "../purge/context";
import { purge, PurgeIncompleteError } from "../purge/purge";
import type { PurgeOutcome, PurgeSession } from "../purge/types";
import type { Host } from "./host";
import { guardrailsOf, nameOf, type PurgeJob, shortUrn, type Terms } from "./job";
import { argumentsOfOther, deletedLine, keyChanged, memoriesLeftLine, movedToV5, skippedLine } from "./messages";
import type { RunMetrics } from "./receipt";
import { keepReceipt, type ReportedJob, type RunResult } from "./receipts";

/** Runs a job, with its status lines, its final line and its receipt. */
export async function runJob(
  host: Host,
  job: PurgeJob,
  terms: Terms,
  meter = new RunMeter(host.options.clock),
): Promise<PurgeOutcome> {
  const { recheck, targets, method, timeoutMs, urn, verify } = job;
  const { settings } = terms;
  warnOfNewKey(host, job, settings);
  const request = { resource: nameOf(urn), targets, method, verify, recheck, guardrails: guardrailsOf(job, terms) };
  const endsAt = host.options.clock.now() + timeoutMs;
  try {
    refuseBesideUnknown(host, job);
    const outcome = await host.session(
      { mode: "purge", settings, urn, timeoutMs, recorded: job.recorded.apiVersion },
      async (session) => await purge(request, warningOfMove(host, job, meter.measure(session))),
    );
    const note = job.note?.(outcome);
    host.log.info(urn, deletedLine(outcome, job.deletedBefore) + (note === undefined ? "" : `\n${note}`));
    for (const warning of outcome.warnings) host.log.warn(urn, warning);
    keepReceipt(host, job, settings, { result: "complete", outcome, metrics: meter.read() });
    await reportMemoriesLeft(host, job, settings, outcome, endsAt);
    return outcome;
  } catch (error) {
    keepFailure(host, job, settings, error, meter.read());
    throw error;
  }
}

/**
 * A resource whose arguments are not known may manage the tags that this job removes, so that its documents would be
 * deleted. A destroy registers no resource, so it is not affected.
 *
 * @throws RefusedError
 */
function refuseBesideUnknown(host: Host, { targets }: PurgeJob): void {
  if (targets.every(({ event }) => event !== "delete" && event !== "policy")) return;
  const owner = host.claims.unknown();
  if (owner !== undefined) throw argumentsOfOther(shortUrn(owner), targets);
}

/** Writes the receipt of a job that ended with an error. */
export function keepFailure(host: Host, job: PurgeJob, settings: Settings, error: unknown, metrics: RunMetrics): void {
  keepReceipt(host, job, settings, { ...resultOf(error), metrics });
}

/** Reports, in a warning and a receipt, that SUPERMEMORY_PURGE=skip kept everything. */
export function skipJob(host: Host, job: ReportedJob, later: string): void {
  host.log.warn(job.urn, skippedLine("nothing was deleted", job.targets, later));
  try {
    keepReceipt(host, job, host.settings(), { result: "skipped", metrics: nothingMeasured });
  } catch (error) {
    if (host.wantsReceipts) host.log.warn(job.urn, `no receipt was written: ${messageOf(error)}`);
  }
}

/** The same tags may belong to another organization under another key. */
export function warnOfNewKey(
  host: Host,
  { recorded: { keyId }, urn }: Pick<PurgeJob, "recorded" | "urn">,
  settings: Settings,
): void {
  const now = keyIdIn(settings);
  if (keyId !== null && now !== null && now !== keyId) host.log.warn(urn, keyChanged(keyId, now));
}

/** A resource that was last purged on v3, and now is on v5, which cannot make all checks of v3. */
export function warnOfMove(host: Host, { events, recorded, urn }: PurgeJob, now: ApiVersion): void {
  if (recorded.apiVersion === "v3" && now === "v5") host.log.warn(urn, movedToV5(events.includes("policy")));
}

/** The same session, with that warning before a guardrail can refuse the plan. */
function warningOfMove(host: Host, job: PurgeJob, session: PurgeSession): PurgeSession {
  return {
    ...session,
    onPlanned: (total) => {
      session.onPlanned(total);
      warnOfMove(host, job, session.api.version);
    },
  };
}

/** Measures an operation for its receipt, whether or not it comes to an outcome. */
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

export const nothingMeasured: RunMetrics = { planned: null, requests: 0, durationMs: 0 };

/** The most that a purge is prolonged for a line that is only good to know. */
const memoriesTimeoutMs = 2_000;

/** Only the list of containers counts memories, and some keys may not list containers. */
async function reportMemoriesLeft(
  host: Host,
  { urn }: PurgeJob,
  settings: Settings,
  { apiVersion: recorded, deleted, method, tags }: PurgeOutcome,
  endsAt: number,
): Promise<void> {
  if (method.kind === "container" || (deleted === 0 && tags.every(({ event }) => event !== "delete"))) return;
  const containers = await host
    .session(
      { mode: "look", aside: true, settings, urn, timeoutMs: memoriesTimeoutMs, endsAt, recorded },
      async (session) => await session.api.listContainers(contextOf(session)),
    )
    .catch(() => []);
  const line = memoriesLeftLine(
    tags.map(({ containerTag }) => containerTag),
    containers,
  );
  if (line !== undefined) host.log.info(urn, line);
}

function resultOf(error: unknown): Omit<RunResult, "metrics"> {
  if (error instanceof PurgeIncompleteError) {
    return { result: "incomplete", outcome: error.outcome, error: error.message };
  }
  const reason = messageOf(withNothingDeleted(error));
  return { result: error instanceof RefusedError ? "refused" : "failed", error: reason };
}
