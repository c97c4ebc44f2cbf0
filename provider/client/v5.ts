import * as z from "zod";
import { ApiError } from "../errors";
import { lastUpdate, memoryCount, merged, type UpdateLists, updateDates } from "./activity";
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
  idErrors,
  isNotFound,
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
 * API v5, in which a container tag is a namespace. Source: the vendor's OpenAPI document "supermemory API v5" 5.0.0,
 * operations postNsByNamespaceListByType, deleteNsByNamespaceDocument, deleteNsByNamespace, getNamespaces. It has no
 * bulk delete by tag.
 */
export function createV5(http: HttpClient, memory = new FilterMemory()): SupermemoryApi {
  const namespaces = new NamespaceCheck(http);
  const filter = new ListFilter({
    list: async (query, context) => await listDocuments(http, query, context),
    containerTags: async (context) => (await listContainers(http, context)).map(({ containerTag }) => containerTag),
    quote: (text) => http.quote(text),
    memory: memory.of("v5", ...http.identity),
  });
  return {
    version: "v5",
    unit: async (context, work) => await http.unit(context, work),
    async checkKey(containerTag, context) {
      const path = `${pathOf(containerTag)}/list/documents?page=1&limit=1`;
      const route = { ...documentList, method: "POST", path, body: {}, response: z.unknown() } as const;
      await unlessNotFound(http.call(route, context));
    },
    async list(query, context) {
      try {
        const page = await listDocuments(http, query, context);
        await filter.check(query, page.rows, context);
        return pageOf(query, page.total, page.rows);
      } catch (error) {
        if (isNotFound(error) && (await namespaces.respond(context))) return { total: 0, rows: [] };
        throw error;
      }
    },
    deleteByTag: () => Promise.reject(new Error("API v5 has no delete by tag")),
    async deleteIds({ containerTag, ids }, context) {
      const path = `${pathOf(containerTag)}/document`;
      const route = { ...documentDeletion, method: "DELETE", path, body: { ids } } as const;
      const response = await unlessNotFound(http.call({ ...route, response: deleteResponse }, context));
      if (response === undefined) return nothingFound;
      requireReason(response);
      return deleted(http, response.count ?? response.deletedCount ?? 0, ids, response.errors);
    },
    /** Has neither body nor query: `moveTo` in the query would move the documents, and in the body it is ignored. */
    async deleteContainer({ container }, context) {
      const route = { ...containerDeletion, method: "DELETE", path: pathOf(container) } as const;
      const response = await unlessNotFound(http.call({ ...route, response: namespaceDeleteResponse }, context));
      if (response === undefined) return nothingFound;
      return { deletedCount: response.deletedDocumentsCount, memories: response.deletedMemoriesCount };
    },
    listContainers: async (context) => await listContainers(http, context),
    async activityOf(query, context) {
      return { createdAt: undefined, lastActivityAt: await this.lastUpdateOf(query, context) };
    },
    memoriesIn: async (containerTag, context) => await memoryCount(updateLists(http, containerTag, context, 1)),
    async lastUpdateOf(query, context) {
      try {
        return await lastUpdate(updateLists(http, query.containerTag, context), query);
      } catch (error) {
        if (!isNotFound(error) || !(await namespaces.respond(context))) throw error;
        return undefined;
      }
    },
  };
}

function updateLists(http: HttpClient, containerTag: string, context: CallContext, limit = pageSize): UpdateLists {
  const list =
    <T>(type: "documents" | "memories", response: Route<T>["response"]) =>
    async (page: number): Promise<T> => {
      const path = `${pathOf(containerTag)}/list/${type}?page=${page}&limit=${limit}&sort=updatedAt&order=desc`;
      const route = { ...documentList, action: `list ${type}`, method: "POST", path, body: {} } as const;
      return await http.call({ ...route, response }, context);
    };
  return { documents: list("documents", documentUpdates), memories: list("memories", memoryUpdates) };
}

async function listDocuments(http: HttpClient, query: ListQuery, context: CallContext): Promise<DocumentPage> {
  const { containerTag, order, page } = query;
  const parameters = `page=${page}&limit=${pageSize}&sort=createdAt&order=${order}`;
  const path = `${pathOf(containerTag)}/list/documents?${parameters}`;
  const route = { ...documentList, method: "POST", path, body: {}, response: listResponse } as const;
  const { documents, pagination: all } = await http.call(route, context);
  http.refuseKeyIn(documents.map(({ id }) => id));
  const rows = documents.map(({ id, metadata: attached, system }) => ({
    id,
    ...system,
    containerTags: undefined,
    metadata: attached,
  }));
  return { total: all.totalItems, rows };
}

/** A list that reports more is not believed, nor kept in memory. */
const maxNamespaces = 1_000_000;

async function listContainers(http: HttpClient, context: CallContext): Promise<readonly Container[]> {
  const containers = new Map<string, Container>();
  for (let [page, listed] = [1, 0]; ; page += 1) {
    const { namespaces: rows, pagination: all } = await http.call(namespacesRoute(page, pageSize), context);
    http.refuseKeyIn(rows.map(({ namespace }) => namespace));
    listed += rows.length;
    const before = containers.size;
    for (const row of rows) {
      const [container, known] = [containerOf(row), containers.get(row.namespace)];
      containers.set(row.namespace, known === undefined ? container : merged(known, container));
    }
    const repeats = rows.length > 0 && containers.size === before;
    if (all.totalItems > maxNamespaces || (repeats && listed < all.totalItems)) {
      throw new ApiError(
        { kind: "unreadable" },
        `the list of namespaces does not end: page ${page} ${repeats ? "repeats the pages before it" : `contains ${rows.length}`} of ${all.totalItems} (pagination.totalItems)`,
      );
    }
    if (rows.length === 0 || listed >= all.totalItems) return [...containers.values()];
  }
}

/** This list of v5 does not contain the last activity. */
function containerOf(row: z.infer<typeof namespacesResponse>["namespaces"][number]): Container {
  const { namespace: containerTag, documentCount, memoryCount, system } = row;
  return { containerTag, documentCount, memoryCount, createdAt: system?.createdAt, lastActivityAt: undefined };
}

function pathOf(containerTag: string): string {
  return `/ns/${encodeURIComponent(containerTag)}`;
}

function namespacesRoute(page: number, limit: number): Route<z.infer<typeof namespacesResponse>> {
  const path = `/namespaces?page=${page}&limit=${limit}`;
  return { ...containerList, method: "GET", path, response: namespacesResponse };
}

/**
 * Distinguishes an unknown namespace from a wrong address. Both may return 404 for a list of documents. Only the API responds to
 * a list of namespaces, with 200, or with 403 for a scoped key.
 */
class NamespaceCheck {
  #responded = false;

  constructor(private readonly http: HttpClient) {}

  async respond(context: CallContext): Promise<boolean> {
    if (this.#responded) return true;
    try {
      await this.http.call(namespacesRoute(1, 1), context);
      this.#responded = true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#responded = error.failure.kind === "forbidden" && error.apiMessage !== undefined;
    }
    return this.#responded;
  }
}

const listResponse = z.object({
  documents: pageRows(
    z.object({
      id: documentId,
      metadata,
      system: z.object({
        status: z.string(),
        createdAt: timestamp,
      }),
    }),
  ),
  pagination,
});

const updateRows = pageRows(z.object({ system: updateDates }).transform(({ system }) => system));

const documentUpdates = z
  .object({ documents: updateRows, pagination })
  .transform((page) => ({ rows: page.documents, total: page.pagination.totalItems }));

const memoryUpdates = z
  .object({ memories: updateRows, pagination })
  .transform((page) => ({ rows: page.memories, total: page.pagination.totalItems }));

/** The field is `count` in the vendor's document, and `deletedCount` on other pages of the vendor. Some add `success`. */
const deleteResponse = z
  .object({
    count: wholeNumber.optional(),
    deletedCount: wholeNumber.optional(),
    success: z.boolean().optional(),
    errors: idErrors,
  })
  .refine((response) => (response.count ?? response.deletedCount) !== undefined, {
    path: ["count"],
    error: "expected number",
  });

const namespacesResponse = z.object({
  namespaces: pageRows(
    z.object({
      namespace: tagText,
      documentCount: wholeNumber,
      memoryCount: wholeNumber,
      system: z.object({ createdAt: moment }).optional(),
    }),
  ),
  pagination,
});

/** `status: "queued"` would mean a move. */
const namespaceDeleteResponse = z.object({
  status: z.literal("deleted"),
  deletedDocumentsCount: wholeNumber,
  deletedMemoriesCount: wholeNumber,
});
