import * as z from "zod";
import { ApiError } from "../errors";
import { isNotFound, unlessNotFound } from "./not-found";
import { type Container, type DocumentPage, type ListQuery, pageSize, type SupermemoryApi } from "./api";
import type { CallContext } from "./call-context";
import type { HttpClient, Route } from "./http";
import {
  containerDeletion,
  containerList,
  deleted,
  documentId,
  idErrors,
  metadata,
  moment,
  pageOf,
  pageRows,
  pagination,
  requireReason,
  tagText,
  timestamp,
  wholeNumber,
} from "./wire";
import { lastUse } from "./v5-activity";

/**
 * The v5 generation of the API, in which a container tag is a namespace. Source: the vendor's OpenAPI document
 * "supermemory API v5" 5.0.0, operations postNsByNamespaceListByType, deleteNsByNamespaceDocument,
 * deleteNsByNamespace, getNamespaces. It has no bulk delete by tag.
 */
export function createV5(http: HttpClient): SupermemoryApi {
  const namespaces = new Namespaces(http);
  return {
    version: "v5",
    async list(query, context) {
      try {
        return await listDocuments(http, query, context);
      } catch (error) {
        if (isNotFound(error) && (await namespaces.answer(context))) return { total: 0, rows: [] };
        throw error;
      }
    },
    deleteByTag: () => Promise.resolve({ deletedCount: 0, unsent: true }),
    async deleteIds({ containerTag, ids }, context) {
      const path = `${pathOf(containerTag)}/document`;
      const route = { method: "DELETE", path, body: { ids }, does: "delete documents", mutating: true } as const;
      const answer = await unlessNotFound(http.call({ ...route, answer: deleteAnswer }, context));
      if (answer !== undefined) requireReason(answer);
      return deleted(http, answer?.count ?? answer?.deletedCount ?? 0, ids, answer?.errors);
    },
    /** Sent with neither body nor query: a `moveTo` in the one is ignored, in the other it would move the documents. */
    async deleteContainer({ container }, context) {
      const route = { ...containerDeletion, method: "DELETE", path: pathOf(container) } as const;
      const answer = await unlessNotFound(http.call({ ...route, answer: namespaceAnswer }, context));
      return { deletedCount: answer?.deletedDocumentsCount ?? 0, memories: answer?.deletedMemoriesCount };
    },
    listContainers: async (context) => await listContainers(http, context),
    async activityOf(query, context) {
      try {
        return { createdAt: undefined, lastActivityAt: await lastUse(http, query, context) };
      } catch (error) {
        if (!isNotFound(error) || !(await namespaces.answer(context))) throw error;
        return { createdAt: undefined, lastActivityAt: undefined };
      }
    },
  };
}

async function listDocuments(http: HttpClient, query: ListQuery, context: CallContext): Promise<DocumentPage> {
  const { containerTag, order, page } = query;
  const parameters = `page=${page}&limit=${pageSize}&sort=createdAt&order=${order}`;
  const path = `${pathOf(containerTag)}/list/documents?${parameters}`;
  const answer = await http.call(
    { method: "POST", path, body: {}, does: "list documents", mutating: false, answer: listAnswer },
    context,
  );
  http.key.refuseIn(answer.documents.map(({ id }) => id));
  const rows = answer.documents.map(({ id, metadata: attached, system }) => ({
    id,
    ...system,
    containerTags: undefined,
    metadata: attached,
  }));
  return pageOf(query, answer.pagination.totalItems, rows);
}

/** More are not believed, nor kept in memory. */
const maxNamespaces = 1_000_000;

async function listContainers(http: HttpClient, context: CallContext): Promise<readonly Container[]> {
  const containers = new Map<string, Container>();
  for (let [page, listed] = [1, 0]; ; page += 1) {
    const { namespaces: rows, pagination: all } = await http.call(namespacesRoute(page, pageSize), context);
    http.key.refuseIn(rows.map(({ namespace }) => namespace));
    listed += rows.length;
    const before = containers.size;
    for (const row of rows) containers.set(row.namespace, containerOf(row));
    const repeats = rows.length > 0 && containers.size === before;
    if (all.totalItems > maxNamespaces || (repeats && listed < all.totalItems)) {
      throw new ApiError(
        { kind: "unreadable" },
        `the list of namespaces does not end: it says ${all.totalItems} (pagination.totalItems), and page ${page} shows ${repeats ? "those of the pages before" : rows.length}`,
      );
    }
    if (rows.length === 0 || listed >= all.totalItems) return [...containers.values()];
  }
}

/** v5 does not tell the last activity here. */
function containerOf(row: z.infer<typeof namespacesAnswer>["namespaces"][number]): Container {
  const { namespace: containerTag, documentCount, memoryCount, system } = row;
  return { containerTag, documentCount, memoryCount, createdAt: system?.createdAt, lastActivityAt: undefined };
}

function pathOf(containerTag: string): string {
  return `/ns/${encodeURIComponent(containerTag)}`;
}

function namespacesRoute(page: number, limit: number): Route<z.infer<typeof namespacesAnswer>> {
  const path = `/namespaces?page=${page}&limit=${limit}`;
  return { ...containerList, method: "GET", path, answer: namespacesAnswer };
}

/**
 * Tells an unknown namespace from a wrong address: both may answer a list with 404, but only the API answers the list
 * of namespaces, with 200 or, to a scoped key, 403.
 */
class Namespaces {
  #answered = false;

  constructor(private readonly http: HttpClient) {}

  async answer(context: CallContext): Promise<boolean> {
    if (this.#answered) return true;
    try {
      await this.http.call(namespacesRoute(1, 1), context);
      this.#answered = true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#answered = error.failure.kind === "forbidden" && error.apiMessage !== undefined;
    }
    return this.#answered;
  }
}

const listAnswer = z.object({
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

/** The field is `count` in the document and `deletedCount` on other pages of the vendor; some add `success`. */
const deleteAnswer = z
  .object({
    count: wholeNumber.optional(),
    deletedCount: wholeNumber.optional(),
    success: z.boolean().optional(),
    errors: idErrors,
  })
  .refine((answer) => (answer.count ?? answer.deletedCount) !== undefined, {
    path: ["count"],
    error: "expected number",
  });

const namespacesAnswer = z.object({
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

/** `status: "queued"` would be a move, which nobody asked for. */
const namespaceAnswer = z.object({
  status: z.literal("deleted"),
  deletedDocumentsCount: wholeNumber,
  deletedMemoriesCount: wholeNumber,
});
