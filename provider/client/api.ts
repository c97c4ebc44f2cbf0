import type { CallContext } from "./call-context";

/**
 * What the purge needs of an API, whichever its generation. Deletes take only values that the guard has cleared, so
 * that no other code can call them (see `Cleared`).
 */
export interface SupermemoryApi {
  /** The generation that answers; with `auto` it can change once, from v3 to v5. */
  readonly version: ApiVersion;
  /** One page of the documents under one tag. */
  list(query: ListQuery, context: CallContext): Promise<DocumentPage>;
  /**
   * Deletes every document under one tag; the container stays. A generation that has no such request deletes nothing
   * and says so (`unsent`): what is left is then deleted by ids.
   */
  deleteByTag(tag: Cleared<string>, context: CallContext): Promise<DeleteResponse>;
  /** Deletes exactly these documents of one tag, at most 100. */
  deleteIds(documents: Cleared<DocumentIds>, context: CallContext): Promise<DeleteResponse>;
  /** Deletes one container with its documents and memories. */
  deleteContainer(container: Cleared<WholeContainer>, context: CallContext): Promise<DeleteResponse>;
  /** Every container that the key may see. A scoped key may not ask (403). */
  listContainers(context: CallContext): Promise<readonly Container[]>;
  /** What the API tells of one container's activity now; nothing of one that is not there. */
  activityOf(query: ActivityQuery, context: CallContext): Promise<Activity>;
}

/** The two generations of the vendor's API. */
export type ApiVersion = "v3" | "v5";

export interface DocumentIds {
  readonly containerTag: string;
  readonly ids: readonly string[];
}

/** Unlike a tag alone, which clears the documents under it, this clears the container itself. */
export interface WholeContainer {
  readonly container: string;
}

/** Which container is asked for its activity, with what lists have counted in it lately; undefined is not known. */
export interface ActivityQuery {
  readonly containerTag: string;
  readonly documentCount?: number | undefined;
  /** Memories are not asked for where there are none. */
  readonly memoryCount?: number | undefined;
}

/** When a container was in use, in milliseconds since the epoch; undefined is what the API does not tell. */
export interface Activity {
  readonly createdAt: number | undefined;
  /** The newest change of a document or memory in it; null when there was none, which v5 does not tell. */
  readonly lastActivityAt: number | null | undefined;
  /** Whether it is a source or the target of a merge that runs. v5 does not tell. */
  readonly isMerging?: boolean;
}

export interface Container extends Activity {
  readonly containerTag: string;
  readonly documentCount: number;
  /** Memories that recall can find, those written directly included. */
  readonly memoryCount: number;
}

export interface ListQuery {
  readonly containerTag: string;
  /** From 1. */
  readonly page: number;
  /** `desc` is newest first, by createdAt. */
  readonly order: "asc" | "desc";
}

/** Rows per page, and ids per delete. Source: the vendor's OpenAPI document v3, deleteV3DocumentsBulk, ids. */
export const pageSize = 100;

export interface DocumentPage {
  /** Documents under the tag, on all pages. */
  readonly total: number;
  readonly rows: readonly DocumentRow[];
}

/** The few fields of a document that a purge looks at; never its content. */
export interface DocumentRow {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly status: string;
  /** All tags the document carries, when the API tells. */
  readonly containerTags: readonly string[] | undefined;
  /** What its writer attached to it, when the API tells. */
  readonly metadata: Readonly<Record<string, unknown>> | undefined;
}

export interface DeleteResponse {
  readonly deletedCount: number;
  /** Ids that were gone already. Default 0. */
  readonly absent?: number;
  /** The ids that the API did not delete although they are there. Default none. */
  readonly refused?: readonly RefusedId[];
  /** Memories that went with a container; none given when it was not there. */
  readonly memories?: number | undefined;
  /** There was nothing to send, so this says nothing of the documents. */
  readonly unsent?: boolean;
}

export interface RefusedId {
  /** As a message may show it. */
  readonly id: string;
  /** In the API's words, at most 100 characters. */
  readonly reason: string;
}

declare const cleared: unique symbol;

/** A value that passed the guard. Only `clear` makes one, and a lint rule lets only purge/gate.ts import that. */
export type Cleared<T> = T & { readonly [cleared]: true };

/** Marks a value as cleared for deletion. For purge/gate.ts alone. */
export function clear<T>(value: T): Cleared<T> {
  return value as Cleared<T>;
}
