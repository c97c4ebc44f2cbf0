import * as z from "zod";
import { ApiError } from "../errors";
import { harmful } from "../util/foreign-text";
import { parseTimestamp } from "../util/timestamp";
import { type DeleteResponse, type DocumentPage, type DocumentRow, type ListQuery, pageSize } from "./api";
import type { HttpClient } from "./http";

/** What the two generations of the API have in common on the wire. */

/**
 * What messages say of a request for a whole container. In v3 owners and admins may, by
 * deleteV3ContainerTagsByContainerTag; who may in v5 is not settled.
 */
export const containerDeletion = {
  does: "delete a whole container",
  forbidden: 'owners and admins of the organization have it; use such a key, or set scope: "documents"',
  mutating: true,
} as const;

/** The same of the list of containers. */
export const containerList = {
  does: "list containers",
  forbidden: "use a key that is not scoped to containers",
  mutating: false,
} as const;

/**
 * A list of at most so many items, which are counted before they are looked at: each that does not fit is a complaint
 * of its own, and millions of them would not fit into memory.
 */
export function listOf<T>(item: z.ZodType<T>, most: number): z.ZodType<T[]> {
  return z.array(z.unknown()).max(most).pipe(z.array(item));
}

/** Of what the API does not page: more do not fit into the largest answer that is read. */
export const maxEntries = 300_000;

/** A page of a list, of which as many rows were asked for. */
export function pageRows<T>(row: z.ZodType<T>): z.ZodType<T[]> {
  return listOf(row, pageSize);
}

/** A date as text, read as milliseconds since the epoch. */
export const timestamp = z.string().transform((text, context) => {
  const time = parseTimestamp(text);
  if (time === undefined) context.addIssue("expected a date with its offset from UTC");
  return time ?? Number.NaN;
});

/** A date that only says how a container is used: one that cannot be read is unknown, which keeps the container. */
export const moment = timestamp.optional().catch(undefined);

export const wholeNumber = z.int().nonnegative();

export const pagination = z.object({ totalItems: wholeNumber });

/** The documents of a delete by ids that were not deleted. */
export const idErrors = listOf(z.object({ id: z.string(), error: z.string() }), maxEntries).optional();

/** A page whose rows and total agree. @throws ApiError when they cannot both be true */
export function pageOf({ containerTag, page }: ListQuery, total: number, rows: readonly DocumentRow[]): DocumentPage {
  if (rows.length > total || (page === 1 && total > 0 && rows.length === 0)) {
    throw new ApiError(
      { kind: "unreadable" },
      `the list of ${containerTag} says ${total} documents (pagination.totalItems) and shows ${rows.length}`,
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
 * A container tag as the API tells it, fit for a message. What could do something to a terminal or a log is replaced by a
 * character that no tag can have, so that what is shown is never the tag of another container.
 */
export const tagText = z
  .string()
  .transform((tag) => (plainTag.test(tag) ? tag : tag.slice(0, 200).replace(harmful, "\ufffd")));

/** As good as every tag is, and then nothing of Unicode has to be looked up. */
const plainTag = /^[\w:.-]{1,200}$/;

/** All tags of one document. */
export const documentTags = listOf(tagText, 1_000);

/** Null for a document without; anything else than an object is not what the vendor's documents call metadata. */
export const metadata = z
  .unknown()
  .transform((value) => (isRecord(value) ? value : value === null ? {} : undefined))
  .optional();

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `success: false` is a failure unless it only repeats what `errors` says of single ids. @throws ApiError */
export function requireReason(answer: {
  readonly success?: boolean | undefined;
  readonly errors?: unknown[] | undefined;
}): void {
  if (answer.success !== false || (answer.errors ?? []).length > 0) return;
  throw new ApiError({ kind: "unreadable" }, "the API answered a delete with success: false and no reason");
}

/** What a delete of single documents did. @throws ApiError when it says that it deleted more than it was asked to */
export function deleted(
  http: HttpClient,
  deletedCount: number,
  ids: readonly string[],
  errors: z.infer<typeof idErrors> = [],
): DeleteResponse {
  if (deletedCount > ids.length) {
    throw new ApiError({ kind: "unreadable" }, `the API says it deleted ${deletedCount} of ${ids.length} documents`);
  }
  const asked = new Set(ids);
  const ours = new Map(errors.filter(({ id }) => asked.has(id)).map(({ error, id }) => [id, error]));
  const refused = [...ours]
    .filter(([, error]) => !/not found|does not exist/i.test(error))
    .map(([id, error]) => ({ id: http.key.quoted(id), reason: http.key.quoted(error) }));
  return { deletedCount, absent: ours.size - refused.length, refused };
}
