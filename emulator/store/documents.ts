const PROCESSING_STAGES = ["queued", "extracting", "chunking", "embedding", "indexing"] as const;
export type DocumentStatus = (typeof PROCESSING_STAGES)[number] | "done" | "failed" | "unknown";

export const DOCUMENT_TYPES = [
  "text",
  "pdf",
  "tweet",
  "google_doc",
  "google_slide",
  "google_sheet",
  "image",
  "video",
  "audio",
  "notion_doc",
  "webpage",
  "onedrive",
  "github_markdown",
  "granola",
] as const;
/** `dreaming` while the memories of a document's latest content are generated, which may take longer than its processing. */
export type DreamingStatus = "dreaming" | "done";
export type DocumentType = (typeof DOCUMENT_TYPES)[number];

export type MetadataValue = string | number | boolean | readonly string[];
export type Metadata = Readonly<Record<string, MetadataValue>>;

/** The fields of a document besides its tags and times. */
export interface DocumentDetail {
  readonly content?: string | undefined;
  readonly customId?: string | undefined;
  readonly metadata?: Metadata | undefined;
  readonly title?: string | undefined;
  readonly filepath?: string | undefined;
  readonly taskType?: "memory" | "superrag" | undefined;
  readonly type?: DocumentType | undefined;
  /** Its status is "unknown", a status of v3 besides those of processing. */
  readonly statusUnknown?: boolean | undefined;
}

/** The current state of a document. Times are milliseconds since the epoch. */
export interface StoredDocument extends DocumentDetail {
  readonly id: string;
  readonly containerTags: readonly string[];
  readonly status: DocumentStatus;
  readonly dreamingStatus: DreamingStatus;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** When a document is processed. With Infinity as an end only finishProcessing ends it. */
export interface Processing {
  readonly from: number;
  readonly until: number;
  /** When all its memories have been generated. Not before `until`. */
  readonly dreamsUntil: number;
  readonly fails: boolean;
}

/** The status at a time. The five stages of processing take equally long. */
export function statusAt(processing: Processing | undefined, now: number): DocumentStatus {
  if (processing === undefined) return "done";
  if (now >= processing.until) return processing.fails ? "failed" : "done";
  const length = processing.until - processing.from;
  if (!Number.isFinite(length)) return "queued";
  const stage = Math.floor(((now - processing.from) / length) * PROCESSING_STAGES.length);
  return PROCESSING_STAGES[Math.max(0, Math.min(stage, PROCESSING_STAGES.length - 1))] ?? "queued";
}

/** A failed document generates no memories. */
export function dreamingStatusAt(
  processing: Processing | undefined,
  status: DocumentStatus,
  now: number,
): DreamingStatus {
  if (status === "failed") return "done";
  if (isProcessing(status)) return "dreaming";
  return processing !== undefined && now < processing.dreamsUntil ? "dreaming" : "done";
}

export function isProcessing(status: DocumentStatus): boolean {
  return status !== "done" && status !== "failed";
}
