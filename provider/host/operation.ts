import type { SupermemoryApi } from "../client/api";
import { Deadline } from "../client/deadline";
import { briefRetryPolicy, defaultRetryPolicy } from "../client/retry";
import { keyIdOf, type Overrides, type Settings } from "../config";
import { messageOf, RefusedError, StoppedError } from "../errors";
import { purge, PurgeIncompleteError } from "../purge/purge";
import { numbersOf, type Receipt, writeReceipt } from "../purge/receipt";
import type { Guardrails, PurgeOutcome, PurgeTools } from "../purge/types";
import { duration } from "../purge/words";
import { parseDuration } from "./duration";
import type { Host } from "./host";
import type { PurgeInputs } from "./inputs";
import type { Lifecycle } from "./lifecycle";
import { deletedLine } from "./messages";
import type { PurgeRecord } from "./state";
import { version } from "./version";

/** A resource's part in one command: what to purge, by which arguments, and what is known of it. */
export interface Operation {
  readonly urn: string | undefined;
  readonly lifecycle: Lifecycle;
  /** The arguments that govern. */
  readonly inputs: PurgeInputs;
  /** Protected tags that removals may purge: the old arguments' and the new ones'. */
  readonly allowRemoved: readonly string[];
  readonly record: PurgeRecord;
}

/** Counting for a preview or a refresh takes no longer than this. */
const lookTimeoutMs = 10_000;

/** Purges what the operation says, with its status lines, its final line and its receipt. */
export async function runPurge(
  host: Host,
  operation: Operation,
  settings: Settings,
  overrides: Overrides,
): Promise<PurgeOutcome> {
  const { inputs, lifecycle, record, urn } = operation;
  const { log } = host;
  warnOfNewKey(host, operation, settings);
  const guardrails = guardrailsFor(operation, settings, overrides);
  const deadline = deadlineFor(host, parseDuration(inputs.timeout) ?? 0);
  try {
    const tools = toolsFor(host, host.api(settings), deadline, urn);
    const resource = nameOf(urn);
    const request = { resource, targets: lifecycle.targets, guardrails, verify: inputs.verify };
    const outcome = await host.interruption.guard(async () => await purge(request, tools));
    log.info(urn, deletedLine(outcome, record.totalDeletedCount));
    receipt(host, operation, settings, { result: "complete", outcome });
    return outcome;
  } catch (error) {
    const outcome = error instanceof PurgeIncompleteError ? error.outcome : undefined;
    const result = outcome !== undefined ? "incomplete" : error instanceof RefusedError ? "refused" : "failed";
    receipt(host, operation, settings, { result, outcome, error: messageOf(error) });
    throw error;
  } finally {
    deadline.end();
  }
}

/** Runs something that only looks, within ten seconds and without ever being able to delete. */
export async function look<T>(
  host: Host,
  settings: Settings,
  urn: string | undefined,
  work: (tools: PurgeTools) => Promise<T>,
): Promise<T> {
  const deadline = deadlineFor(host, lookTimeoutMs);
  try {
    return await work({ ...toolsFor(host, host.reader(settings), deadline, urn), policy: briefRetryPolicy });
  } finally {
    deadline.end();
  }
}

export function guardrailsFor(operation: Operation, settings: Settings, overrides: Overrides): Guardrails {
  const { inputs, lifecycle, record } = operation;
  const deleteOnly = lifecycle.targets.every((target) => target.event === "delete");
  const raised = deleteOnly ? (overrides.maxDeletions ?? 0) : 0;
  return {
    maxDeletions: Math.max(inputs.maxDeletions, raised),
    allowProtectedTags: { managed: inputs.allowProtectedTags, removed: operation.allowRemoved },
    protectedTags: settings.protectedTags,
    allowedTags: settings.allowedTags,
    address: { now: settings.baseUrl, recorded: record.baseUrl, accepted: overrides.acceptBaseUrl },
  };
}

/** Writes the receipt, if one is asked for; one that cannot be written is a warning. */
export function receipt(
  host: Host,
  { lifecycle, urn }: Operation,
  settings: Settings,
  { error, outcome, result }: { result: Receipt["result"]; outcome?: PurgeOutcome | undefined; error?: string },
): void {
  if (settings.receipts === undefined) return;
  const { clock, cwd } = host.surroundings;
  const done = new Set(outcome?.tags.filter((tag) => tag.done).map((tag) => tag.containerTag));
  const pending = result === "complete" ? [] : lifecycle.targets.filter((target) => !done.has(target.containerTag));
  try {
    const line: Receipt = {
      schema: 1,
      time: new Date(clock.now()).toISOString(),
      urn: urn ?? null,
      result,
      events: [...new Set(lifecycle.targets.map((target) => target.event))],
      containerTags: lifecycle.targets.map((target) => target.containerTag),
      ...numbersOf(outcome),
      kept: lifecycle.kept.map(({ claimedBy, containerTag }) => ({ containerTag, reason: `claimed by ${claimedBy}` })),
      pending: pending.map(({ containerTag, event }) => ({ containerTag, event })),
      apiHost: new URL(settings.baseUrl).host,
      apiVersion: settings.apiVersion,
      packageVersion: version,
      error: error ?? null,
    };
    writeReceipt(line, settings.receipts, cwd);
  } catch (problem) {
    host.log.warn(urn, `the receipt could not be written: ${messageOf(problem)}`);
  }
}

/** The name of a resource, from its URN. */
export function nameOf(urn: string | undefined): string {
  return urn?.split("::").at(-1) ?? "this resource";
}

function deadlineFor(host: Host, ms: number): Deadline {
  return new Deadline(ms, host.surroundings.clock, host.interruption.signal);
}

function toolsFor(host: Host, api: SupermemoryApi, deadline: Deadline, urn: string | undefined): PurgeTools {
  const { log } = host;
  return {
    api,
    deadline,
    policy: defaultRetryPolicy,
    beforeMutation: async () => {
      if (!(await log.alive())) throw new StoppedError("Pulumi no longer answers, so no further request is sent");
    },
    onAttempt: () => undefined,
    onStatus: (message) => {
      log.status(urn, message);
    },
    onWait: ({ ms, reason }) => {
      log.status(
        urn,
        reason === "limited"
          ? `rate limited, going on in ${duration(ms)}`
          : `the API failed (${reason}), trying again in ${duration(ms)}`,
      );
    },
  };
}

function warnOfNewKey(host: Host, { record: { keyId }, urn }: Operation, { apiKey }: Settings): void {
  if (keyId === null || apiKey === undefined || keyIdOf(apiKey) === keyId) return;
  host.log.warn(
    urn,
    `the API key is another one (${keyIdOf(apiKey)}) than at the last purge (${keyId}): is it of the same organization?`,
  );
}
