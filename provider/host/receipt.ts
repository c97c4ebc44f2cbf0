import { appendFileSync } from "node:fs";
import { resolve } from "node:path";
import type { PurgeEvent, PurgeOutcome } from "../purge/types";

/**
 * What one purge operation did, as one JSON line; schemas/receipt-1.json says the same to others. Holds no key and
 * nothing of a document, and outlives the stack, with which the outputs end.
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
  /** Documents left of what was counted, by tag; null where that is not known. */
  readonly remainingByTag: Readonly<Record<string, number | null>>;
  /** An answer was lost, so the numbers are what the lists suggest, or the least. */
  readonly estimated: boolean;
  /** Memories that went with containers; null when that is not known, because an answer was lost. */
  readonly deletedMemories: number | null;
  /** Containers that were left alone, and documents that were; `documents` is null for a whole container. */
  readonly kept: readonly {
    readonly containerTag: string;
    readonly reason: string;
    readonly documents: number | null;
  }[];
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

/** What is known of an operation whether or not it came to an outcome. */
export interface RunMetrics {
  readonly planned: number | null;
  readonly requests: number;
  readonly durationMs: number;
}

type Numbers =
  | "planned"
  | "deletedCount"
  | "deletedByTag"
  | "deletedMemories"
  | "remainingByTag"
  | "estimated"
  | "requests"
  | "durationMs";

/** The numbers of a receipt. Without an outcome nothing was deleted. */
export function numbersOf(outcome: PurgeOutcome | undefined, metrics: RunMetrics): Pick<Receipt, Numbers> {
  const tags = outcome?.tags ?? [];
  return {
    ...metrics,
    deletedCount: outcome?.deleted ?? 0,
    deletedByTag: Object.fromEntries(tags.map((tag) => [tag.containerTag, tag.deleted])),
    remainingByTag: Object.fromEntries(tags.map((tag) => [tag.containerTag, tag.remaining ?? null])),
    deletedMemories: tags.reduce<number | null>(
      (sum, { memories }) => (sum === null || memories === undefined ? null : sum + memories),
      0,
    ),
    estimated: outcome?.estimated ?? false,
  };
}

/** Appends to `file`, a path from `folder`. @throws when it cannot be written */
export function writeReceipt(receipt: Receipt, file: string, folder: string): void {
  appendFileSync(resolve(folder, file), `${JSON.stringify(receipt)}\n`);
}
