import * as z from "zod";
import { ApiError } from "../errors";
import { harmful } from "../util/printable";
import { parseTimestamp } from "../util/timestamp";
import { type DeleteResponse, type DocumentPage, type DocumentRow, type ListQuery, pageSize } from "./api";
import type { HttpClient } from "./http";

/** What both versions of the API have in common on the wire. */

/** The messages of each kind of request. */
export const documentList = {
  action: "list documents",
  forbiddenHint: "use a key that can read these containers",
  mutating: false,
} as const;

export const documentDeletion = {
  action: "delete documents",
  forbiddenHint: "use a key that can delete documents in these containers",
  mutating: true,
} as const;

/**
 * On v3 owners and admins may delete a container (deleteV3ContainerTagsByContainerTag). The v5 document does not name
 * the roles.
 */
export const containerDeletion = {
  action: "delete a whole container",
  forbiddenHint: 'use a key of an owner or admin of the organization, or set scope: "documents"',
  mutating: true,
} as const;

export const containerList = {
  action: "list containers",
  forbiddenHint: "use a key that is not scoped to containers",
  mutating: false,
} as const;

/** A list of at most `max` items. They are counted first: millions of validation issues would not fit into memory. */
export function listOf<T>(item: z.ZodType<T>, max: number): z.ZodType<T[]> {
  return z.array(z.unknown()).max(max).pipe(z.array(item));
}

/** The maximum of a list without pages. More do not fit into the largest response that is read. */
export const maxEntries = 100_000;

/** A page of a list. */
export function pageRows<T>(row: z.ZodType<T>): z.ZodType<T[]> {
  return listOf(row, pageSize);
}

/** A date as text, in milliseconds since the epoch. */
export const timestamp = z.string().transform((text, context) => {
  const time = parseTimestamp(text);
  if (time === undefined) context.addIssue("expected a date with its offset from UTC");
  return time ?? Number.NaN;
});

/** A date that only shows when a container was used. An unreadable one is unknown, so that the container is kept. */
export const moment = timestamp.optional().catch(undefined);

export const wholeNumber = z.int().nonnegative();

export const pagination = z.object({ totalItems: wholeNumber });

/** The documents that a delete by ids did not delete. */
export const idErrors = listOf(z.object({ id: z.string(), error: z.string() }), maxEntries).optional();

/** @throws ApiError if the rows and the total contradict each other */
export function pageOf({ containerTag, page }: ListQuery, total: number, rows: readonly DocumentRow[]): DocumentPage {
  if (rows.length > total || (page === 1 && total > 0 && rows.length === 0)) {
    throw new ApiError(
      { kind: "unreadable" },
      `the list of ${containerTag} contradicts itself: ${total} documents (pagination.totalItems), but ${rows.length} rows`,
    );
  }
  return { total, rows };
}

/** An id as it is kept in memory and sent in a delete: printable, without blanks. */
export const documentId = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[\x21-\x7e]+$/, "expected an id");

/**
 * A container tag that is safe to print. Harmful characters are replaced by one that no tag can contain, so that the
 * result is never the tag of another container.
 */
export const tagText = z
  .string()
  .transform((tag) => (plainTag.test(tag) ? tag : tag.slice(0, 200).replace(harmful, "\ufffd")));

/** The usual form of a tag, which needs no slow search for Unicode categories. */
const plainTag = /^[\w:.-]{1,200}$/;

/** All tags of one document. */
export const documentTags = listOf(tagText, 1_000);

/** An object, or null for a document without metadata. Any other value is not metadata in the vendor's documents. */
export const metadata = z
  .unknown()
  .transform((value) => (isRecord(value) ? value : value === null ? {} : undefined))
  .optional();

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Whether a 404 means that a document, container or namespace does not exist: its JSON error is one of the vendor's
 * documents. Any other 404 may come from a wrong address, a proxy, or a route that was removed.
 *
 * The vendor does not document this response for bulk deletes and lists.
 */
export function isNotFound(error: unknown): boolean {
  return (
    error instanceof ApiError &&
    error.failure.kind === "missing" &&
    error.apiMessage !== undefined &&
    documentedAbsence.test(error.apiMessage)
  );
}

/** Source: the descriptions of 404 in the vendor's OpenAPI documents of v3 and v5. */
const documentedAbsence =
  /^(document|container( tag)?|one or more container tags|namespace|space) not found( for the given containertag)?$/i;

/** The result of a delete whose documents or container do not exist. */
export const nothingFound: DeleteResponse = { deletedCount: 0, notFound: true };

/** The response of a delete; undefined if the documents or the container do not exist. */
export async function unlessNotFound<T>(response: Promise<T>): Promise<T | undefined> {
  try {
    return await response;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** `success: false` is a failure, unless it only repeats `errors` of single ids. @throws ApiError */
export function requireReason(response: {
  readonly success?: boolean | undefined;
  readonly errors?: unknown[] | undefined;
}): void {
  if (response.success !== false || (response.errors ?? []).length > 0) return;
  throw new ApiError({ kind: "unreadable" }, "the API returned success: false for a delete, without a reason");
}

/** The result of a delete by ids. @throws ApiError if it reports more deleted documents than it was sent */
export function deleted(
  http: HttpClient,
  deletedCount: number,
  ids: readonly string[],
  errors: z.infer<typeof idErrors> = [],
): DeleteResponse {
  if (deletedCount > ids.length) {
    throw new ApiError(
      { kind: "unreadable" },
      `the API reported ${deletedCount} deleted documents for a delete of ${ids.length}`,
    );
  }
  const sent = new Set(ids);
  const ours = new Map(errors.filter(({ id }) => sent.has(id)).map(({ error, id }) => [id, error]));
  const refused = [...ours]
    .filter(([, error]) => !/not found|does not exist/i.test(error))
    .map(([id, error]) => ({ id: http.quote(id), reason: http.quote(error) }));
  return { deletedCount, absent: ours.size - refused.length, refused };
}
