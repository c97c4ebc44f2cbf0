import * as z from "zod";
import { type HttpResponse, HttpProblem, json } from "../http/response";
import { requireTags } from "../http/keys";
import type { DocumentDetail } from "../store/documents";
import { type Call, param, parseBody } from "../api/call";
import { processingLength } from "../api/processing";
import { canAccess, requireDocument } from "./access";
import { addBody, batchBody, containerTag, metadata, updateBody, uploadForm } from "./schemas";

/** The tag of documents that are added without one. */
export const DEFAULT_CONTAINER_TAG = "sm_project_default";

type Fields = Omit<ReturnType<typeof updateBody.parse>, "content"> & {
  readonly content?: string | null | undefined;
  readonly title?: string | undefined;
  readonly dreaming?: string | undefined;
};

/** POST /v3/documents: adds a document, or updates the one with the same customId. */
export function addDocument(call: Call): HttpResponse {
  return json(add(call, parseBody(addBody, call.body)));
}

/** POST /v3/documents/batch: the fields of the batch are the defaults of its documents. */
export function batchAddDocuments(call: Call): HttpResponse {
  const { documents, ...shared } = parseBody(batchBody, call.body);
  let failed = 0;
  const results = documents.map((document) => {
    const own = typeof document === "string" ? { content: document } : document;
    try {
      const tagged = own.containerTag !== undefined || own.containerTags !== undefined;
      const inherited = tagged ? { ...shared, containerTag: undefined, containerTags: undefined } : shared;
      return add(call, { ...inherited, ...own });
    } catch (error) {
      if (!(error instanceof HttpProblem)) throw error;
      failed += 1;
      return { id: "", status: "error", error: error.error, details: error.details ?? "" };
    }
  });
  return json({ results, failed, success: results.length - failed });
}

/** POST /v3/documents/file: the text of the file is the content, and its name is the title. */
export function uploadFile(call: Call): HttpResponse {
  const { file, containerTags, metadata: metadataJson, ...fields } = parseBody(uploadForm, call.body);
  const document = {
    ...fields,
    content: file.text,
    title: file.name,
    ...(containerTags === undefined ? {} : { containerTags: tagList(containerTags) }),
    ...(metadataJson === undefined ? {} : { metadata: parseBody(metadata, fromJson("metadata", metadataJson)) }),
  };
  return json(add(call, document));
}

/** PATCH /v3/documents/{id}: by id or customId. */
export function updateDocument(call: Call): HttpResponse {
  const { store, behaviour } = call.world;
  const slot = requireDocument(call, param(call, "id"));
  const body = parseBody(updateBody, call.body);
  const tags = tagsOf(body);
  requireTags(call.key, tags);
  const owner = body.customId === undefined ? undefined : store.findCustomId(body.customId);
  if (owner !== undefined && owner !== slot)
    throw new HttpProblem(400, "Invalid request parameters", "customId: another document has it");
  const processed = body.content === undefined ? {} : processingLength(behaviour, body);
  store.change(slot, { ...detailOf(body), ...processed, ...(tags.length > 0 ? { containerTags: tags } : {}) });
  return json({ id: store.idOf(slot), status: "queued" });
}

/** Adds a document, or updates the one with the same customId. The tags of the request, if any, replace its tags. */
function add(call: Call, document: Fields): { readonly id: string; readonly status: string } {
  const { store, behaviour } = call.world;
  const given = tagsOf(document);
  const fallback = call.key.containerTags?.[0] ?? DEFAULT_CONTAINER_TAG;
  const tags = given.length > 0 ? given : [fallback];
  requireTags(call.key, tags);
  const detail = { ...detailOf(document), ...processingLength(behaviour, document) };
  const known = document.customId === undefined ? undefined : ownerOf(call, document.customId, tags);
  if (known === undefined) return { id: store.idOf(store.add({ ...detail, containerTags: tags })), status: "queued" };
  if (!canAccess(call, known))
    throw new HttpProblem(403, "Forbidden", "customId: a document outside the scope of the key has it");
  store.change(known, given.length > 0 ? { ...detail, containerTags: given } : detail);
  return { id: store.idOf(known), status: "queued" };
}

/** Two v5 namespaces may each have a document with this customId. Then it is the one with a tag of the request. */
function ownerOf({ world: { store } }: Call, customId: string, tags: readonly string[]): number | undefined {
  const isTagged = (slot: number): boolean => store.tagsOf(slot).some((tag) => tags.includes(tag));
  return store.findCustomId(customId, isTagged) ?? store.findCustomId(customId);
}

function tagsOf({ containerTag, containerTags }: Fields): string[] {
  return [...(containerTag === undefined ? [] : [containerTag]), ...(containerTags ?? [])];
}

/** Only the fields of the request, so that an update does not change the others. */
function detailOf({ content, customId, metadata, filepath, taskType, title }: Fields): DocumentDetail {
  return {
    ...(content === undefined || content === null ? {} : { content }),
    ...(customId === undefined ? {} : { customId }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(filepath === undefined ? {} : { filepath }),
    ...(taskType === undefined ? {} : { taskType }),
    ...(title === undefined ? {} : { title }),
  };
}

/** A JSON array, or a single tag. */
function tagList(text: string): string[] {
  return parseBody(z.array(containerTag), text.startsWith("[") ? fromJson("containerTags", text) : [text]);
}

function fromJson(field: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpProblem(400, "Invalid request parameters", `${field}: not JSON`);
  }
}
