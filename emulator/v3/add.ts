import { type Answer, HttpProblem, json } from "../http/answer";
import { requireTags } from "../http/keys";
import type { DocumentDetail } from "../store/documents";
import { type Call, param, parseBody } from "../api/call";
import { processingLength } from "../api/processing";
import { addBody, batchBody, updateBody } from "./schemas";
import { maySee, requireDocument } from "../api/visibility";

/** Where documents without a tag go. */
export const DEFAULT_CONTAINER_TAG = "sm_project_default";

type Fields = Omit<ReturnType<typeof updateBody.parse>, "content"> & {
  readonly content?: string | null | undefined;
  readonly title?: string | undefined;
  readonly dreaming?: string | undefined;
};

/** POST /v3/documents: adds a document, or updates the one with the same customId. */
export function addDocument(call: Call): Answer {
  return json(add(call, parseBody(addBody, call.body)));
}

/** POST /v3/documents/batch: fields of the batch apply to documents that do not set their own. */
export function batchAddDocuments(call: Call): Answer {
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

/** PATCH /v3/documents/{id}: by id or customId. */
export function updateDocument(call: Call): Answer {
  const { store, behaviour } = call.world;
  const slot = requireDocument(call, param(call, "id"));
  const body = parseBody(updateBody, call.body);
  const tags = tagsOf(body);
  requireTags(call.key, tags);
  const holder = body.customId === undefined ? undefined : store.findCustomId(body.customId);
  if (holder !== undefined && holder !== slot)
    throw new HttpProblem(400, "Invalid request parameters", "customId: taken by another document");
  const processed = body.content === undefined ? {} : processingLength(behaviour, body);
  store.change(slot, { ...detailOf(body), ...processed, ...(tags.length > 0 ? { containerTags: tags } : {}) });
  return json({ id: store.idOf(slot), status: "queued" });
}

/** Adds one document, or updates the one with the same customId; tags that are given replace its tags. */
export function add(call: Call, document: Fields): { readonly id: string; readonly status: string } {
  const { store, behaviour } = call.world;
  const given = tagsOf(document);
  const fallback = call.key.containerTags?.[0] ?? DEFAULT_CONTAINER_TAG;
  const tags = given.length > 0 ? given : [fallback];
  requireTags(call.key, tags);
  const detail = { ...detailOf(document), ...processingLength(behaviour, document) };
  const known = document.customId === undefined ? undefined : ownerOf(call, document.customId, tags);
  if (known === undefined) return { id: store.idOf(store.add({ ...detail, containerTags: tags })), status: "queued" };
  if (!maySee(call, known))
    throw new HttpProblem(403, "Forbidden", "customId: taken by a document outside the key's scope");
  store.change(known, given.length > 0 ? { ...detail, containerTags: given } : detail);
  return { id: store.idOf(known), status: "queued" };
}

/** Two namespaces of v5 may have a document of the same customId; then the one that carries a tag of the request is meant. */
function ownerOf({ world: { store } }: Call, customId: string, tags: readonly string[]): number | undefined {
  const isTagged = (slot: number): boolean => store.tagsOf(slot).some((tag) => tags.includes(tag));
  return store.findCustomId(customId, isTagged) ?? store.findCustomId(customId);
}

function tagsOf({ containerTag, containerTags }: Fields): string[] {
  return [...(containerTag === undefined ? [] : [containerTag]), ...(containerTags ?? [])];
}

/** Only the fields that were sent, so that an update leaves the others. */
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
