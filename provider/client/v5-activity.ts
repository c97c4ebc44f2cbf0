import * as z from "zod";
import { ApiError } from "../errors";
import type { ActivityQuery } from "./api";
import type { CallContext } from "./call-context";
import type { HttpClient } from "./http";
import { documentList, moment, pageRows, pagination } from "./wire";

/**
 * When a namespace was last used, in two requests: the newest update of a document or of a memory. A memory may have
 * been written directly. Undefined if either is unknown, or if there are neither documents nor memories. Source: the vendor's OpenAPI document "supermemory API v5" 5.0.0, operation postNsByNamespaceListByType.
 *
 * @throws ApiError if the documents cannot be listed; memories that cannot be listed are unknown
 */
export async function lastUse(
  http: HttpClient,
  { containerTag, documentCount, memoryCount }: ActivityQuery,
  context: CallContext,
): Promise<number | undefined> {
  const newestOf = async (type: ListType): Promise<Newest> => {
    const path = `/ns/${encodeURIComponent(containerTag)}/list/${type}?page=1&limit=1&sort=updatedAt&order=desc`;
    const route = { ...documentList, action: `list ${type}`, method: "POST", path, body: {} } as const;
    return await http.call({ ...route, response: responses[type] }, context);
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

const responses: Readonly<Record<ListType, z.ZodType<Newest>>> = {
  documents: z.object({ documents: rows, pagination }).transform((page) => ({ ...page, rows: page.documents })),
  memories: z.object({ memories: rows, pagination }).transform((page) => ({ ...page, rows: page.memories })),
};

/** Null if there is nothing; undefined if it is unknown, or if a count contradicts an empty page. */
function timeOf(newest: Newest | undefined, counted = 0): number | null | undefined {
  const row = newest?.rows[0];
  if (newest === undefined || row !== undefined) return row?.system.updatedAt;
  return counted > 0 || newest.pagination.totalItems > 0 ? undefined : null;
}

/** A container whose memories cannot be listed is kept, and does not stop a policy's purge of other containers. */
async function unlessFailed<T>(response: Promise<T>): Promise<T | undefined> {
  try {
    return await response;
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}
