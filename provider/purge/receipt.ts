import { appendFileSync } from "node:fs";
import { resolve } from "node:path";
import type { PurgeEvent, PurgeOutcome } from "./types";

/**
 * What one purge operation did, as one JSON line. Holds no key and nothing of a document, and outlives the stack whose
 * outputs end with it.
 */
export interface Receipt {
  readonly schema: 1;
  /** RFC 3339. */
  readonly time: string;
  readonly urn: string | null;
  readonly result: "complete" | "incomplete" | "refused" | "failed" | "skipped";
  readonly events: readonly PurgeEvent[];
  readonly containerTags: readonly string[];
  /** Documents counted before the first delete; null when nothing was counted. */
  readonly planned: number | null;
  readonly deletedCount: number;
  readonly deletedByTag: Readonly<Record<string, number>>;
  /** A request went unanswered while others wrote, so the numbers are what the lists suggest. */
  readonly estimated: boolean;
  readonly kept: readonly { readonly containerTag: string; readonly reason: string }[];
  readonly pending: readonly { readonly containerTag: string; readonly event: PurgeEvent }[];
  /** Requests sent, repeated ones included. */
  readonly requests: number;
  readonly durationMs: number;
  readonly apiHost: string;
  readonly apiVersion: string;
  readonly packageVersion: string;
  /** Why it did not complete, when it did not. */
  readonly error: string | null;
}

/** The part of a receipt that an outcome tells. Without one, nothing was counted and nothing deleted. */
export function numbersOf(
  outcome: PurgeOutcome | undefined,
): Pick<Receipt, "planned" | "deletedCount" | "deletedByTag" | "estimated" | "requests" | "durationMs"> {
  return {
    planned: outcome?.planned ?? null,
    deletedCount: outcome?.deleted ?? 0,
    deletedByTag: Object.fromEntries((outcome?.tags ?? []).map((tag) => [tag.containerTag, tag.deleted])),
    estimated: outcome?.estimated ?? false,
    requests: outcome?.requests ?? 0,
    durationMs: outcome?.durationMs ?? 0,
  };
}

/** Appends to `file`, a path from `folder`. @throws when it cannot be written */
export function writeReceipt(receipt: Receipt, file: string, folder: string): void {
  appendFileSync(resolve(folder, file), `${JSON.stringify(receipt)}\n`);
}
