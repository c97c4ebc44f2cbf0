import { z } from "zod";
import { ApiError } from "../errors";
import { type DeleteAnswer, pageSize, type SupermemoryApi } from "./api";
import { absentIn } from "./absence";
import type { CallContext, HttpClient, Route } from "./http";
import { deleted, idErrors, pageOf, pagination, timestamp, wholeNumber } from "./shapes";

/**
 * The v3 generation of the API. Source: the vendor's OpenAPI document "supermemory API" 3.0.0, operations
 * postV3DocumentsList and deleteV3DocumentsBulk (server https://api.supermemory.ai).
 */
export function createV3(http: HttpClient): SupermemoryApi {
  return {
    version: "v3",
    async list(query, context) {
      const { containerTag, order, page } = query;
      const answer = await http.call(
        post("/v3/documents/list", { containerTags: [containerTag], limit: pageSize, page, order, sort: "createdAt" }),
        context,
      );
      const stranger = answer.memories.find((row) => row.containerTags?.includes(containerTag) === false);
      if (stranger !== undefined) {
        throw new ApiError(
          { kind: "unreadable" },
          `the list of ${containerTag} holds a document that does not carry this tag (${stranger.id}): the API did not apply the filter, so nothing may be deleted by it`,
        );
      }
      const rows = answer.memories.map((row) => ({ ...row, containerTags: row.containerTags }));
      return pageOf(query, answer.pagination.totalItems, rows);
    },
    async deleteByTag(tag, context) {
      return await bulkDelete(http, { containerTags: [tag] }, Number.POSITIVE_INFINITY, context);
    },
    async deleteIds({ ids }, context) {
      return await bulkDelete(http, { ids }, ids.length, context);
    },
  };
}

const documentRow = z.object({
  id: z.string().min(1),
  createdAt: timestamp,
  status: z.string(),
  containerTags: z.array(z.string()).optional(),
});

const listAnswer = z.object({
  memories: z.array(documentRow),
  pagination,
});

const bulkDeleteAnswer = z.object({
  success: z.boolean(),
  deletedCount: wholeNumber,
  errors: idErrors,
});

function post(path: string, body: unknown): Route<z.infer<typeof listAnswer>> {
  return { method: "POST", path, body, does: "list documents", mutating: false, answer: listAnswer };
}

async function bulkDelete(http: HttpClient, body: unknown, most: number, context: CallContext): Promise<DeleteAnswer> {
  const path = "/v3/documents/bulk";
  const does = "delete documents";
  try {
    const answer = await http.call(
      { method: "DELETE", path, body, does, mutating: true, answer: bulkDeleteAnswer },
      context,
    );
    // `success: false` is a failure unless it only repeats what `errors` says of single ids.
    if (!answer.success && (answer.errors ?? []).length === 0) {
      throw new ApiError({ kind: "unreadable" }, "the API answered a delete with success: false and no reason");
    }
    return deleted(http, answer.deletedCount, most, answer.errors);
  } catch (error) {
    if (absentIn(error)) return { deletedCount: 0 };
    throw error;
  }
}
