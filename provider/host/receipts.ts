import { resolve } from "node:path";
import type { ReceiptTarget, Settings } from "../config/settings";
import { ConfigError, messageOf } from "../errors";
import type { PurgeOutcome } from "../purge/types";
import { type RunMetrics, numbersOf, type Receipt, writeReceipt } from "./receipt";
import { writeSummary } from "./receipt-summary";
import type { Host } from "./host";
import type { PurgeJob } from "./job";
import { version } from "./version";

/** How a job ended; without an outcome nothing was deleted. */
export interface RunResult {
  readonly result: Receipt["result"];
  readonly outcome?: PurgeOutcome | undefined;
  readonly metrics: RunMetrics;
  readonly error?: string;
}

/** Writes the receipt, where one is configured. A receipt that cannot be written is a warning. */
export function keepReceipt(host: Host, job: PurgeJob, settings: Settings, ending: RunResult): void {
  if (settings.receipts === undefined) return;
  try {
    write(receiptOf(host, job, settings, ending), settings.receipts, host.options.cwd);
  } catch (problem) {
    host.log.warn(job.urn, `the receipt could not be written: ${messageOf(problem)}`);
  }
}

function write(receipt: Receipt, target: ReceiptTarget, folder: string): void {
  if (target.kind === "file") {
    writeReceipt(receipt, target.path, folder);
    return;
  }
  if (target.path === undefined) {
    throw new ConfigError('receipts is "github", but GITHUB_STEP_SUMMARY is not set', [
      "run this in a step of GitHub Actions, or set receipts to a file",
    ]);
  }
  writeSummary(receipt, resolve(folder, target.path));
}

function receiptOf(
  host: Host,
  job: PurgeJob,
  settings: Settings,
  { error, metrics, outcome, result }: RunResult,
): Receipt {
  const tags = outcome?.tags ?? [];
  const done = new Set(tags.filter((tag) => tag.done).map((tag) => tag.containerTag));
  const pending = result === "complete" ? [] : job.targets.filter((target) => !done.has(target.containerTag));
  return {
    schema: 1,
    time: new Date(host.options.clock.now()).toISOString(),
    urn: job.urn ?? null,
    result,
    events: job.events,
    containerTags: job.targets.map((target) => target.containerTag),
    ...numbersOf(outcome, metrics),
    kept: [
      ...job.kept.map((container) => ({ ...container, documents: null })),
      ...tags.flatMap(({ containerTag, skipped: reason }) =>
        reason === undefined ? [] : [{ containerTag, reason, documents: null }],
      ),
      ...tags.flatMap(({ containerTag, kept }) => kept.map((some) => ({ containerTag, ...some }))),
    ],
    pending: pending.map(({ containerTag, event }) => ({ containerTag, event })),
    apiHost: new URL(settings.baseUrl).host,
    apiVersion: outcome?.apiVersion ?? host.apiVersion(settings),
    packageVersion: version,
    error: error ?? null,
  };
}
