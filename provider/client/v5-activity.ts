import * as z from "zod";
import { ApiError } from "../errors";
import type { ActivityQuery } from "./api";
import type { CallContext } from "./call-context";
import type { HttpClient } from "./http";
import { moment, pageRows, pagination } from "./wire";

/**
 * When a namespace was last in use, which v5 does not tell: the newest update of a document or of a memory, which may
 * have been written directly, in two requests. Undefined when one of both is not known, or when there are neither.
 * Source: the vendor's OpenAPI document "supermemory API v5" 5.0.0, operation postNsByNamespaceListByType.
 *
 * @throws ApiError when the documents cannot be listed; memories that cannot be are not known
 */
export async function lastUse(
  http: HttpClient,
  { containerTag, documentCount, memoryCount }: ActivityQuery,
  context: CallContext,
): Promise<number | undefined> {
  const newestOf = async (type: ListType): Promise<Newest> => {
    const path = `/ns/${encodeURIComponent(containerTag)}/list/${type}?page=1&limit=1&sort=updatedAt&order=desc`;
    const route = { method: "POST", path, body: {}, does: `list ${type}`, mutating: false } as const;
    return await http.call({ ...route, answer: answers[type] }, context);
  };
  const document = timeOf(await newestOf("documents"), documentCount);
  if (document === undefined) return undefined;
  const memory = memoryCount === 0 ? null : timeOf(await unlessFailed(newestOf("memories")), memoryCount);
  if (memory === undefined) return undefined;
  const times = [document, memory].filter((time) => time !== null);
  return times.length === 0 ? undefined : Math.max(...times);
}

type ListType = "documents" | "memories";

const rows = pageRows(z.object({ system: z.object({ updatedAt: moment }) }));

interface Newest {
  readonly rows: z.infer<typeof rows>;
  readonly pagination: z.infer<typeof pagination>;
}

const answers: Readonly<Record<ListType, z.ZodType<Newest>>> = {
  documents: z.object({ documents: rows, pagination }).transform((answer) => ({ ...answer, rows: answer.documents })),
  memories: z.object({ memories: rows, pagination }).transform((answer) => ({ ...answer, rows: answer.memories })),
};

/** Null when there is nothing; undefined when it is not told, or when a count says that there must be something. */
function timeOf(newest: Newest | undefined, counted = 0): number | null | undefined {
  const row = newest?.rows[0];
  if (newest === undefined || row !== undefined) return row?.system.updatedAt;
  return counted > 0 || newest.pagination.totalItems > 0 ? undefined : null;
}

/** A container whose memories cannot be asked for stays, and the other containers of a policy are purged all the same. */
async function unlessFailed<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}
