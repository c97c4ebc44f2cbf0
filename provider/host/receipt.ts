import { resolve } from "node:path";
import type { PurgeEvent, PurgeOutcome } from "../purge/types";
import { appendLine } from "../util/append";

/**
 * What one purge did, as one JSON line; see schemas/receipt-1.json. It outlives the stack and its outputs, and contains no
 * key and nothing of a document.
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
  /** Counted documents that are gone although no response reported that they were deleted. */
  readonly goneWithoutResponse: number;
  /** Counted documents that are not deleted, by tag; null where the number is not known. */
  readonly remainingByTag: Readonly<Record<string, number | null>>;
  /** A response was missing, so the numbers are estimates from lists, or minimums. */
  readonly estimated: boolean;
  /** Memories deleted with containers; null when the number is not known, because a response was lost. */
  readonly deletedMemories: number | null;
  /** Containers and documents that were kept; `documents` is null for a whole container. */
  readonly kept: readonly {
    readonly containerTag: string;
    readonly reason: string;
    readonly documents: number | null;
  }[];
  readonly pending: readonly { readonly containerTag: string; readonly event: PurgeEvent }[];
  /** Requests sent, including retries. */
  readonly requests: number;
  readonly durationMs: number;
  readonly apiHost: string;
  readonly apiVersion: string;
  readonly packageVersion: string;
  /** Why it did not complete, when it did not. */
  readonly error: string | null;
}

/** What is measured of an operation, whether or not it comes to an outcome. */
export interface RunMetrics {
  readonly planned: number | null;
  readonly requests: number;
  readonly durationMs: number;
}

type Numbers =
  | "planned"
  | "deletedCount"
  | "deletedByTag"
  | "goneWithoutResponse"
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
    goneWithoutResponse: tags.reduce((sum, tag) => sum + tag.goneWithoutResponse, 0),
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
  appendLine(resolve(folder, file), JSON.stringify(receipt));
}
