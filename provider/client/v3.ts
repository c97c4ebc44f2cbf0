import * as z from "zod";
import { lastUpdate, memoryCount, type UpdateLists, updateDates, withoutDoubt, withoutDuplicates } from "./activity";
import { type Container, type DocumentPage, type ListQuery, pageSize, type SupermemoryApi } from "./api";
import type { CallContext } from "./call-context";
import type { HttpClient, Route } from "./http";
import { FilterMemory, ListFilter } from "./list-filter";
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
export function createV3(http: HttpClient, memory = new FilterMemory()): SupermemoryApi {
  const filter = new ListFilter({
    list: async (query, context) => await listDocuments(http, query, context),
    containerTags: async (context) => (await listContainers(http, context)).map(({ containerTag }) => containerTag),
    quote: (text) => http.quote(text),
    memory: memory.of("v3", ...http.identity),
  });
  return {
    version: "v3",
    unit: async (context, work) => await http.unit(context, work),
    async checkKey(containerTag, context) {
      const body = { containerTags: [containerTag], limit: 1, page: 1 };
      const route = {
        ...documentList,
        method: "POST",
        path: "/v3/documents/list",
        body,
        response: z.unknown(),
      } as const;
      await unlessNotFound(http.call(route, context));
    },
    async list(query, context) {
      const page = await unlessNotFound(listDocuments(http, query, context));
      if (page === undefined) return { total: 0, rows: [] };
      await filter.check(query, page.rows, context);
      return pageOf(query, page.total, page.rows);
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
    async tagsOf(id, context) {
      const path = `/v3/documents/${encodeURIComponent(id)}`;
      // The API also looks for a customId with this text.
      const response = z.object({ id: z.literal(id), containerTags: documentTags.optional() });
      return (await unlessNotFound(http.call({ ...documentRead, method: "GET", path, response }, context)))
        ?.containerTags;
    },
    listContainers: async (context) => await listContainers(http, context),
    async activityOf({ containerTag }, context, share = (list) => list()) {
      const containers = await share(() => listContainers(http, context));
      const found = containers.find((container) => container.containerTag === containerTag);
      if (found === undefined) return { createdAt: undefined, lastActivityAt: undefined };
      const { createdAt, isDoubtful, isMerging } = found;
      const lastActivityAt = isDoubtful === true ? await this.lastUpdateOf(found, context) : found.lastActivityAt;
      return { createdAt, lastActivityAt, ...(isMerging === true ? { isMerging } : {}) };
    },
    memoriesIn: async (containerTag, context) => await memoryCount(updateLists(http, containerTag, context, 1)),
    lastUpdateOf: async (query, context) => await lastUpdate(updateLists(http, query.containerTag, context), query),
  };
}

/** Source: the vendor's OpenAPI document "supermemory API" 3.0.0, operation getV3DocumentsById. */
const documentRead = {
  action: "read documents",
  forbiddenHint: "use a key that can read these containers",
  mutating: false,
} as const;

/** Source: the vendor's OpenAPI document "supermemory API" 3.0.0, operations postV3DocumentsList and postV4MemoriesList. */
function updateLists(http: HttpClient, containerTag: string, context: CallContext, limit = pageSize): UpdateLists {
  const list =
    <T>(action: string, path: string, response: Route<T>["response"]) =>
    async (page: number): Promise<T> => {
      const body = { containerTags: [containerTag], limit, page, order: "desc", sort: "updatedAt" };
      return await http.call({ ...documentList, action, method: "POST", path, body, response }, context);
    };
  return {
    documents: list("list documents", "/v3/documents/list", documentUpdates),
    memories: list("list memories", "/v4/memories/list", memoryUpdates),
  };
}

async function listDocuments(http: HttpClient, query: ListQuery, context: CallContext): Promise<DocumentPage> {
  const { memories, pagination: all } = await http.call(listRoute(query), context);
  http.refuseKeyIn(memories.flatMap(({ containerTags: tags = [], id }) => [id, ...tags]));
  const rows = memories.map((row) => ({ ...row, containerTags: row.containerTags, metadata: row.metadata }));
  return { total: all.totalItems, rows };
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
