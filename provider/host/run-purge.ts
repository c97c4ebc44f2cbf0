import type { Clock } from "../client/deadline";
import type { Overrides, Settings } from "../config";
import { keyIdIn } from "../keys";
import { messageOf, RefusedError } from "../errors";
import { contextOf } from "../purge/context";
import { purge, PurgeIncompleteError } from "../purge/purge";
import type { Effort } from "../purge/receipt";
import type { PurgeOutcome, PurgeRequest, PurgeTools } from "../purge/types";
import { parseDuration } from "../duration";
import type { Host } from "./host";
import { nameOf, skippedLine } from "./messages";
import { methodOf } from "./method";
import { endOf, guardrailsFor, type Operation } from "./operation";
import { deletedLine, memoriesLeftLine } from "./purge-lines";
import { type Ending, keepReceipt } from "./receipts";
import { lookBefore, withDeletes } from "./tools";

/** Purges what the operation says, with its status lines, its final line and its receipt. */
export async function runPurge(
  host: Host,
  operation: Operation,
  settings: Settings,
  overrides: Overrides,
  keepBack?: PurgeRequest["keepBack"],
  effort = new EffortMeter(host.surroundings.clock),
): Promise<PurgeOutcome> {
  const { inputs, lifecycle, record, urn } = operation;
  warnOfNewKey(host, operation, settings);
  const request = {
    resource: nameOf(urn),
    targets: lifecycle.targets,
    guardrails: guardrailsFor(operation, settings, overrides),
    method: methodOf(inputs),
    verify: inputs.verify,
    keepBack,
  };
  try {
    const timeoutMs = parseDuration(inputs.timeout) ?? 0;
    const endsAt = endOf(operation, host.surroundings.clock.now());
    const outcome = await withDeletes(
      host,
      { settings, urn, timeoutMs },
      async (tools) => await purge(request, effort.measure(tools)),
    );
    host.log.info(urn, deletedLine(outcome, record.totalDeletedCount));
    keepReceipt(host, operation, settings, { result: "complete", outcome, effort: effort.read() });
    await tellMemoriesLeft(host, operation, settings, outcome, endsAt);
    return outcome;
  } catch (error) {
    keepFailure(host, operation, settings, error, effort.read());
    throw error;
  }
}

/** The receipt of an operation that ended with an error. */
export function keepFailure(
  host: Host,
  operation: Operation,
  settings: Settings,
  error: unknown,
  effort: Effort,
): void {
  keepReceipt(host, operation, settings, { ...endingOf(error), effort });
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
    async (tools) => await tools.api.listContainers(contextOf(tools)),
  ).catch(() => []);
  const left = tags.map(({ containerTag }) => containerTag);
  const line = memoriesLeftLine(left, containers);
  if (line !== undefined) host.log.info(urn, line);
}

/** What a receipt tells of an operation, whether or not it came to an outcome. */
export class EffortMeter {
  readonly #startedAt: number;
  #planned: number | null = null;
  #requests = 0;

  constructor(private readonly clock: Clock) {
    this.#startedAt = clock.now();
  }

  measure(tools: PurgeTools): PurgeTools {
    return {
      ...tools,
      onAttempt: (mutating) => {
        this.#requests += 1;
        tools.onAttempt(mutating);
      },
      onPlanned: (total) => {
        this.#planned = total;
      },
    };
  }

  read(): Effort {
    return { planned: this.#planned, requests: this.#requests, durationMs: this.clock.now() - this.#startedAt };
  }
}

/** Says loudly, and in a receipt, that SUPERMEMORY_PURGE=skip left everything there. */
export function skipPurge(host: Host, operation: Operation, consequence: string): void {
  host.log.warn(operation.urn, `${skippedLine("nothing was deleted", operation.lifecycle.targets)}${consequence}`);
  const effort = { planned: null, requests: 0, durationMs: 0 };
  try {
    keepReceipt(host, operation, host.settings(), { result: "skipped", effort });
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

function endingOf(error: unknown): Omit<Ending, "effort"> {
  const reason = messageOf(error);
  if (error instanceof PurgeIncompleteError) return { result: "incomplete", outcome: error.outcome, error: reason };
  return { result: error instanceof RefusedError ? "refused" : "failed", error: reason };
}
