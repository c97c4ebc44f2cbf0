import * as z from "zod";
import { ApiError } from "../errors";
import { unlessNotFound } from "./not-found";
import { type Container, type ListQuery, pageSize, type SupermemoryApi } from "./api";
import type { CallContext } from "./call-context";
import type { HttpClient, Route } from "./http";
import {
  containerDeletion,
  containerList,
  deleted,
  documentId,
  documentTags,
  idErrors,
  listOf,
  metadata,
  moment,
  maxEntries,
  pageOf,
  pageRows,
  pagination,
  requireReason,
  tagText,
  timestamp,
  wholeNumber,
} from "./wire";

/**
 * The v3 generation of the API. Source: the vendor's OpenAPI document "supermemory API" 3.0.0, operations
 * postV3DocumentsList, deleteV3DocumentsBulk, deleteV3ContainerTagsByContainerTag and getV3ContainerTagsList (server
 * https://api.supermemory.ai).
 */
export function createV3(http: HttpClient): SupermemoryApi {
  const filter = new ListFilter(http);
  return {
    version: "v3",
    async list(query, context) {
      const { containerTag } = query;
      const answer = await http.call(listRoute(query), context);
      http.key.refuseIn(answer.memories.flatMap(({ containerTags: tags = [], id }) => [id, ...tags]));
      const stranger = answer.memories.find((row) => row.containerTags?.includes(containerTag) === false);
      if (stranger !== undefined) {
        throw new ApiError(
          { kind: "unreadable" },
          `the list of ${containerTag} holds a document that does not carry this tag (${http.key.quoted(stranger.id)}): the API did not apply the filter, so nothing may be deleted by it`,
        );
      }
      if (answer.memories.some((row) => row.containerTags === undefined)) await filter.prove(context);
      const rows = answer.memories.map((row) => ({ ...row, containerTags: row.containerTags, metadata: row.metadata }));
      return pageOf(query, answer.pagination.totalItems, rows);
    },
    async deleteByTag(tag, context) {
      const answer = await bulkDelete(http, { containerTags: [tag] }, context);
      return { deletedCount: answer.deletedCount };
    },
    async deleteIds({ ids }, context) {
      const answer = await bulkDelete(http, { ids }, context);
      return deleted(http, answer.deletedCount, ids, answer.errors);
    },
    async deleteContainer({ container }, context) {
      const path = `/v3/container-tags/${encodeURIComponent(container)}`;
      const route = { ...containerDeletion, method: "DELETE", path, answer: containerAnswer } as const;
      const answer = await unlessNotFound(http.call(route, context));
      return { deletedCount: answer?.deletedDocumentsCount ?? 0, memories: answer?.deletedMemoriesCount };
    },
    listContainers: async (context) => await listContainers(http, context),
    async activityOf({ containerTag }, context) {
      const found = (await listContainers(http, context)).find((container) => container.containerTag === containerTag);
      const { createdAt, isMerging, lastActivityAt } = found ?? { createdAt: undefined, lastActivityAt: undefined };
      return { createdAt, lastActivityAt, ...(isMerging === true ? { isMerging } : {}) };
    },
  };
}

async function listContainers(http: HttpClient, context: CallContext): Promise<readonly Container[]> {
  const path = "/v3/container-tags/list";
  const rows = await http.call({ ...containerList, method: "GET", path, answer: containersAnswer }, context);
  http.key.refuseIn(rows.map(({ containerTag }) => containerTag));
  return rows.map(({ createdAt, lastActivityAt, mergeStatus, ...row }) => {
    const merging = mergeStatus === undefined || mergeStatus === null ? {} : { isMerging: true };
    return { ...row, createdAt, lastActivityAt, ...merging };
  });
}

const documentRow = z.object({
  id: documentId,
  createdAt: timestamp,
  status: z.string(),
  containerTags: documentTags.optional(),
  metadata,
});

const listAnswer = z.object({
  memories: pageRows(documentRow),
  pagination,
});

const bulkDeleteAnswer = z.object({
  success: z.boolean(),
  deletedCount: wholeNumber,
  errors: idErrors,
});

const containerAnswer = z.object({
  success: z.literal(true),
  deletedDocumentsCount: wholeNumber,
  deletedMemoriesCount: wholeNumber,
});

const containersAnswer = listOf(
  z.object({
    containerTag: tagText,
    documentCount: wholeNumber,
    memoryCount: wholeNumber,
    createdAt: moment,
    lastActivityAt: timestamp.nullable().optional().catch(undefined),
    mergeStatus: z.unknown().optional(),
  }),
  maxEntries,
);

function listRoute({ containerTag, order, page }: ListQuery): Route<z.infer<typeof listAnswer>> {
  const body = { containerTags: [containerTag], limit: pageSize, page, order, sort: "createdAt" };
  const path = "/v3/documents/list";
  return { method: "POST", path, body, does: "list documents", mutating: false, answer: listAnswer };
}

/** A tag that no document carries. */
const probeTag = "pulumi-supermemory-filter-check";

/**
 * Makes sure that a list applies its filter where rows do not tell their tags. Both fields are deprecated in the
 * vendor's document, and a list without a filter holds every document of the account.
 */
class ListFilter {
  #isProved = false;

  constructor(private readonly http: HttpClient) {}

  async prove(context: CallContext): Promise<void> {
    if (this.#isProved) return;
    const found = await this.#found(context);
    if (found > 0) {
      throw new ApiError(
        { kind: "unreadable" },
        `a list of ${probeTag}, which no document carries, holds ${found}: the API did not apply the filter, so nothing may be deleted by it`,
      );
    }
    this.#isProved = true;
  }

  /** A scoped key is told that the tag is none of its own, which takes the filter to see. */
  async #found(context: CallContext): Promise<number> {
    try {
      const { pagination } = await this.http.call(
        listRoute({ containerTag: probeTag, page: 1, order: "desc" }),
        context,
      );
      return pagination.totalItems;
    } catch (error) {
      if (error instanceof ApiError && error.failure.kind === "forbidden") return 0;
      throw error;
    }
  }
}

async function bulkDelete(
  http: HttpClient,
  body: unknown,
  context: CallContext,
): Promise<z.infer<typeof bulkDeleteAnswer>> {
  const route = { method: "DELETE", path: "/v3/documents/bulk", does: "delete documents", mutating: true } as const;
  const answer = await unlessNotFound(http.call({ ...route, body, answer: bulkDeleteAnswer }, context));
  if (answer !== undefined) requireReason(answer);
  return answer ?? { success: true, deletedCount: 0 };
}
