import { resolve } from "node:path";
import type { ReceiptTarget, Settings } from "../config/settings";
import { ConfigError, messageOf } from "../errors";
import type { PurgeOutcome } from "../purge/types";
import { type RunMetrics, numbersOf, type Receipt, writeReceipt } from "./receipt";
import { writeSummary } from "./receipt-summary";
import type { Host } from "./host";
import type { Operation } from "../container-purge/operation";
import { version } from "./version";

/** How an operation ended; without an outcome nothing was deleted. */
export interface RunResult {
  readonly result: Receipt["result"];
  readonly outcome?: PurgeOutcome | undefined;
  readonly metrics: RunMetrics;
  readonly error?: string;
}

/** Writes the receipt, if one is asked for; one that cannot be written is a warning. */
export function keepReceipt(host: Host, operation: Operation, settings: Settings, ending: RunResult): void {
  if (settings.receipts === undefined) return;
  try {
    write(receiptOf(host, operation, settings, ending), settings.receipts, host.surroundings.cwd);
  } catch (problem) {
    host.log.warn(operation.urn, `the receipt could not be written: ${messageOf(problem)}`);
  }
}

function write(receipt: Receipt, target: ReceiptTarget, folder: string): void {
  if (target.kind === "file") {
    writeReceipt(receipt, target.path, folder);
    return;
  }
  if (target.path === undefined) {
    throw new ConfigError(
      'receipts is "github", and GITHUB_STEP_SUMMARY, which a step of GitHub Actions sets, is not there; name a file instead',
    );
  }
  writeSummary(receipt, resolve(folder, target.path));
}

function receiptOf(host: Host, { lifecycle, urn }: Operation, settings: Settings, ending: RunResult): Receipt {
  const { metrics, error, outcome, result } = ending;
  const done = new Set(outcome?.tags.filter((tag) => tag.done).map((tag) => tag.containerTag));
  const pending = result === "complete" ? [] : lifecycle.targets.filter((target) => !done.has(target.containerTag));
  return {
    schema: 1,
    time: new Date(host.surroundings.clock.now()).toISOString(),
    urn: urn ?? null,
    result,
    events: lifecycle.changed === undefined ? eventsOf(lifecycle) : ["policy"],
    containerTags: lifecycle.targets.map((target) => target.containerTag),
    ...numbersOf(outcome, metrics),
    kept: [
      ...lifecycle.kept.map(({ claimedBy, containerTag }) => ({
        containerTag,
        reason: `claimed by ${claimedBy}`,
        documents: null,
      })),
      ...(lifecycle.changed ?? []).map((left) => ({ ...left, documents: null })),
      ...(outcome?.tags ?? []).flatMap(({ containerTag, skipped: reason }) =>
        reason === undefined ? [] : [{ containerTag, reason, documents: null }],
      ),
      ...(outcome?.tags ?? []).flatMap(({ containerTag, kept }) => kept.map((some) => ({ containerTag, ...some }))),
    ],
    pending: pending.map(({ containerTag, event }) => ({ containerTag, event })),
    apiHost: new URL(settings.baseUrl).host,
    apiVersion: host.apiVersion(settings),
    packageVersion: version,
    error: error ?? null,
  };
}

function eventsOf({ targets }: Operation["lifecycle"]): Receipt["events"] {
  return [...new Set(targets.map((target) => target.event))];
}
