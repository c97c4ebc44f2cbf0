import * as z from "zod";
import { ApiError } from "../errors";
import { lastUpdate, type UpdateLists, updateDates, withoutDoubt, withoutDuplicates } from "./activity";
import { type Container, type ListQuery, pageSize, type SupermemoryApi } from "./api";
import type { CallContext } from "./call-context";
import type { HttpClient, Route } from "./http";
import {
  containerDeletion,
  containerList,
  deleted,
  documentDeletion,
  documentId,
  documentList,
  documentTags,
  idErrors,
  listOf,
  maxEntries,
  metadata,
  moment,
  nothingFound,
  pageOf,
  pageRows,
  pagination,
  requireReason,
  tagText,
  timestamp,
  unlessNotFound,
  wholeNumber,
} from "./wire";

/**
 * API v3. Source: the vendor's OpenAPI document "supermemory API" 3.0.0, operations postV3DocumentsList,
 * deleteV3DocumentsBulk, deleteV3ContainerTagsByContainerTag and getV3ContainerTagsList (server
 * https://api.supermemory.ai).
 */
export function createV3(http: HttpClient): SupermemoryApi {
  const filter = new FilterCheck(http);
  return {
    version: "v3",
    unit: async (context, work) => await http.unit(context, work),
    async list(query, context) {
      const { containerTag } = query;
      const page = await unlessNotFound(http.call(listRoute(query), context));
      if (page === undefined) return { total: 0, rows: [] };
      const { memories, pagination: all } = page;
      http.refuseKeyIn(memories.flatMap(({ containerTags: tags = [], id }) => [id, ...tags]));
      const foreignRow = memories.find((row) => row.containerTags?.includes(containerTag) === false);
      if (foreignRow !== undefined) {
        throw unfiltered(
          `the list of ${containerTag} contains a document without this tag (${http.quote(foreignRow.id)})`,
        );
      }
      if (memories.some((row) => row.containerTags === undefined)) await filter.run(context);
      const rows = memories.map((row) => ({ ...row, containerTags: row.containerTags, metadata: row.metadata }));
      return pageOf(query, all.totalItems, rows);
    },
    async deleteByTag(tag, context) {
      const response = await bulkDelete(http, { containerTags: [tag] }, context);
      return response === undefined ? nothingFound : { deletedCount: response.deletedCount };
    },
    async deleteIds({ ids }, context) {
      const response = await bulkDelete(http, { ids }, context);
      return response === undefined ? nothingFound : deleted(http, response.deletedCount, ids, response.errors);
    },
    async deleteContainer({ container }, context) {
      const path = `/v3/container-tags/${encodeURIComponent(container)}`;
      const route = { ...containerDeletion, method: "DELETE", path, response: containerDeleteResponse } as const;
      const response = await unlessNotFound(http.call(route, context));
      if (response === undefined) return nothingFound;
      return { deletedCount: response.deletedDocumentsCount, memories: response.deletedMemoriesCount };
    },
    listContainers: async (context) => await listContainers(http, context),
    async activityOf({ containerTag }, context) {
      const found = (await listContainers(http, context)).find((container) => container.containerTag === containerTag);
      if (found === undefined) return { createdAt: undefined, lastActivityAt: undefined };
      const { createdAt, isDoubtful, isMerging } = found;
      const lastActivityAt = isDoubtful === true ? await this.lastUpdateOf(found, context) : found.lastActivityAt;
      return { createdAt, lastActivityAt, ...(isMerging === true ? { isMerging } : {}) };
    },
    lastUpdateOf: async (query, context) => await lastUpdate(updateLists(http, query.containerTag, context), query),
  };
}

/** Source: the vendor's OpenAPI document "supermemory API" 3.0.0, operations postV3DocumentsList and postV4MemoriesList. */
function updateLists(http: HttpClient, containerTag: string, context: CallContext): UpdateLists {
  const list =
    <T>(action: string, path: string, response: Route<T>["response"]) =>
    async (page: number): Promise<T> => {
      const body = { containerTags: [containerTag], limit: pageSize, page, order: "desc", sort: "updatedAt" };
      return await http.call({ ...documentList, action, method: "POST", path, body, response }, context);
    };
  return {
    documents: list("list documents", "/v3/documents/list", documentUpdates),
    memories: list("list memories", "/v4/memories/list", memoryUpdates),
  };
}

async function listContainers(http: HttpClient, context: CallContext): Promise<readonly Container[]> {
  const path = "/v3/container-tags/list";
  const rows = await http.call({ ...containerList, method: "GET", path, response: containersResponse }, context);
  http.refuseKeyIn(rows.map(({ containerTag }) => containerTag));
  const containers = rows.map(({ createdAt, lastActivityAt, mergeStatus, ...row }) => {
    const merging = mergeStatus === undefined || mergeStatus === null ? {} : { isMerging: true };
    return withoutDoubt({ ...row, createdAt, lastActivityAt, ...merging });
  });
  return withoutDuplicates(containers);
}

const documentRow = z.object({
  id: documentId,
  createdAt: timestamp,
  status: z.string(),
  containerTags: documentTags.optional(),
  metadata,
});

const listResponse = z.object({
  memories: pageRows(documentRow),
  pagination,
});

const documentUpdates = z
  .object({ memories: pageRows(updateDates), pagination })
  .transform((page) => ({ rows: page.memories, total: page.pagination.totalItems }));

const memoryUpdates = z
  .object({ memoryEntries: pageRows(updateDates), pagination })
  .transform((page) => ({ rows: page.memoryEntries, total: page.pagination.totalItems }));

const bulkDeleteResponse = z.object({
  success: z.boolean(),
  deletedCount: wholeNumber,
  errors: idErrors,
});

const containerDeleteResponse = z.object({
  success: z.literal(true),
  deletedDocumentsCount: wholeNumber,
  deletedMemoriesCount: wholeNumber,
});

const containersResponse = listOf(
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

function listRoute({ containerTag, order, page }: ListQuery): Route<z.infer<typeof listResponse>> {
  const body = { containerTags: [containerTag], limit: pageSize, page, order, sort: "createdAt" };
  return { ...documentList, method: "POST", path: "/v3/documents/list", body, response: listResponse };
}

/** A tag that no document carries. */
export const probeTag = "pulumi-supermemory-filter-check";

/**
 * Checks once that a list applies its filter, for rows without tags. Both fields are deprecated in the vendor's
 * document, and a list without a filter contains every document of the account.
 */
class FilterCheck {
  #isPassed = false;

  constructor(private readonly http: HttpClient) {}

  async run(context: CallContext): Promise<void> {
    if (this.#isPassed) return;
    const found = await this.#found(context);
    if (found > 0)
      throw unfiltered(`the list of ${probeTag}, a tag that no document carries, contains ${found} documents`);
    this.#isPassed = true;
  }

  /** A 403 for a scoped key also proves the filter: the API looked at the tag. */
  async #found(context: CallContext): Promise<number> {
    try {
      const query = { containerTag: probeTag, page: 1, order: "desc" } as const;
      return (await this.http.call(listRoute(query), context)).pagination.totalItems;
    } catch (error) {
      if (error instanceof ApiError && error.failure.kind === "forbidden") return 0;
      throw error;
    }
  }
}

function unfiltered(evidence: string): ApiError {
  return new ApiError({ kind: "unreadable" }, `${evidence}: the API did not apply the filter`);
}

async function bulkDelete(
  http: HttpClient,
  body: unknown,
  context: CallContext,
): Promise<z.infer<typeof bulkDeleteResponse> | undefined> {
  const route = { ...documentDeletion, method: "DELETE", path: "/v3/documents/bulk" } as const;
  const response = await unlessNotFound(http.call({ ...route, body, response: bulkDeleteResponse }, context));
  if (response !== undefined) requireReason(response);
  return response;
}
