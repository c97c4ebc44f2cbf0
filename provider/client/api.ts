import type { CallContext } from "./call-context";
import type { Place } from "./place";

/**
 * What the purge needs of the API, in either version. Deletes only take values that the guard has cleared, so that no
 * other code can call them (see `Cleared`).
 */
export interface SupermemoryApi {
  /** The API version of this session. With `auto` it is fixed by the first list, and a default before. */
  readonly version: ApiVersion;
  /** A look chose v5 without the wait that makes sure that v3 has ended. Default false. */
  readonly isProvisional?: boolean;
  /**
   * Runs requests that belong together in one place of the limiter, with nothing in between. Their contexts contain the
   * place. Starts again after a wait if `work` throws `RepeatUnit`, and if a list in it fails.
   */
  unit<T>(context: CallContext, work: (place: Place) => Promise<T>): Promise<T>;
  /** Asks for as little as possible of one container, to see whether the API accepts the key. @throws ApiError */
  checkKey(containerTag: string, context: CallContext): Promise<void>;
  /** One page of the documents under one tag. */
  list(query: ListQuery, context: CallContext): Promise<DocumentPage>;
  /** Deletes every document under one tag, and keeps the container. v3 only: v5 has no such request, and throws. */
  deleteByTag(tag: Cleared<string>, context: CallContext): Promise<DeleteResponse>;
  /** Deletes exactly these documents of one tag, at most 100. */
  deleteIds(documents: Cleared<DocumentIds>, context: CallContext): Promise<DeleteResponse>;
  /** Deletes one container with its documents and memories. */
  deleteContainer(container: Cleared<WholeContainer>, context: CallContext): Promise<DeleteResponse>;
  /** All tags of a document, in whatever container; undefined if it does not exist or they are not known. v3 only. */
  tagsOf?(id: string, context: CallContext): Promise<readonly string[] | undefined>;
  /** Every container that the key may read. A scoped key may not list them (403). */
  listContainers(context: CallContext): Promise<readonly Container[]>;
  /** The current activity of one container; nothing is known of a container that does not exist. */
  activityOf(query: ActivityQuery, context: CallContext): Promise<Activity>;
  /** The newest update of a document or memory in one container; undefined if it is not known. */
  lastUpdateOf(query: ActivityQuery, context: CallContext): Promise<number | undefined>;
}

/** The two versions of the vendor's API. */
export type ApiVersion = "v3" | "v5";

export interface DocumentIds {
  readonly containerTag: string;
  readonly ids: readonly string[];
}

/** A container as a whole. A tag alone stands for the documents under it. */
export interface WholeContainer {
  readonly container: string;
}

/** A container, with the numbers of its last list; undefined if unknown. */
export interface ActivityQuery {
  readonly containerTag: string;
  readonly documentCount?: number | undefined;
  /** With 0 the memories are not listed. */
  readonly memoryCount?: number | undefined;
}

/** When a container was used, in milliseconds since the epoch; undefined if the API does not return it. */
export interface Activity {
  readonly createdAt: number | undefined;
  /** The newest change of a document or memory in it; null if there was none (v3 only). */
  readonly lastActivityAt: number | null | undefined;
  /** Whether it is the source or the target of a running merge (v3 only). */
  readonly isMerging?: boolean;
  /** The API returned a last activity that cannot be right, so that it is not known (v3 only). */
  readonly isDoubtful?: boolean;
}

export interface Container extends Activity {
  readonly containerTag: string;
  readonly documentCount: number;
  /** Memories that recall can find, including those written directly. */
  readonly memoryCount: number;
}

export interface ListQuery {
  readonly containerTag: string;
  /** From 1. */
  readonly page: number;
  /** By createdAt; `desc` is newest first. */
  readonly order: "asc" | "desc";
}

/** Rows per page, and ids per delete. Source: the vendor's OpenAPI document v3, deleteV3DocumentsBulk, ids. */
export const pageSize = 100;

export interface DocumentPage {
  /** Documents on all pages. */
  readonly total: number;
  readonly rows: readonly DocumentRow[];
}

/** The fields of a document that a purge reads; never its content. */
export interface DocumentRow {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly status: string;
  /** All tags of the document, if the API returns them. */
  readonly containerTags: readonly string[] | undefined;
  /** The metadata of its writer, if the API returns it. */
  readonly metadata: Readonly<Record<string, unknown>> | undefined;
}

export interface DeleteResponse {
  readonly deletedCount: number;
  /** Ids that did not exist any more. Default 0. */
  readonly absent?: number;
  /** The API returned that the documents or the container do not exist. Default false. */
  readonly notFound?: boolean;
  /** Existing documents that the API did not delete. Default none. */
  readonly refused?: readonly RefusedId[];
  /** Memories deleted with a container; undefined if it did not exist. */
  readonly memories?: number | undefined;
}

export interface RefusedId {
  /** Safe to show in a message. */
  readonly id: string;
  /** The API's message, at most 100 characters. */
  readonly reason: string;
}

declare const cleared: unique symbol;

/** A value that passed the guard. Only `clear` makes one, and a lint rule allows only purge/gate.ts to import it. */
export type Cleared<T> = T & { readonly [cleared]: true };

/** Marks a value as cleared for deletion. For purge/gate.ts only. */
export function clear<T>(value: T): Cleared<T> {
  return value as Cleared<T>;
}
