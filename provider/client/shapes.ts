import { z } from "zod";
import { ApiError } from "../errors";
import type { DeleteAnswer, DocumentPage, DocumentRow, ListQuery } from "./api";
import type { HttpClient } from "./http";

/** What the two generations of the API have in common on the wire. */

/** A date as text, read as milliseconds since the epoch. */
export const timestamp = z.string().transform((text, context) => {
  const time = Date.parse(text);
  if (Number.isNaN(time)) context.addIssue("expected a date");
  return time;
});

export const wholeNumber = z.int().nonnegative();

export const pagination = z.object({ totalItems: wholeNumber });

/** The documents of a delete by ids that were not deleted. */
export const idErrors = z.array(z.object({ id: z.string(), error: z.string() })).optional();

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

/** What a delete did. @throws ApiError when it says that it deleted more than the `most` it was asked to */
export function deleted(
  http: HttpClient,
  deletedCount: number,
  most: number,
  errors: z.infer<typeof idErrors> = [],
): DeleteAnswer {
  if (deletedCount > most) {
    throw new ApiError({ kind: "unreadable" }, `the API says it deleted ${deletedCount} of ${most} documents`);
  }
  const refused = errors.find(({ error }) => !/not found|does not exist/i.test(error));
  return { deletedCount, refusal: refused === undefined ? undefined : http.quoted(refused.error) };
}
