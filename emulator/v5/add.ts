import type { Call } from "../api/call";
import { processingLength } from "../api/processing";
import { type HttpResponse, json } from "../http/response";
import { findIn, requireNamespace } from "./namespace";
import { parseInput } from "./parse";
import { type AddBody, addBody, batchBody } from "./schemas";

/** POST /ns/{namespace}/document: adds a document, or appends to the document with this id in the namespace. */
export function addDocument(call: Call): HttpResponse {
  const namespace = requireNamespace(call);
  return json(add(call, namespace, parseInput(call, addBody, call.body)));
}

/** POST /ns/{namespace}/document/batch: every document that passes validation is added. */
export function batchAddDocuments(call: Call): HttpResponse {
  const namespace = requireNamespace(call);
  const { documents, taskType, dreaming } = parseInput(call, batchBody, call.body);
  const results = documents.map((document) => add(call, namespace, { ...document, taskType, dreaming }));
  return json({ results, count: results.length, failed: 0 });
}

/** New text starts the processing again. An unchanged document keeps its status. */
function add(call: Call, namespace: string, document: AddBody): { readonly id: string; readonly status: string } {
  const { store, behaviour } = call.world;
  const { id, content, metadata, taskType } = document;
  const detail = {
    ...(metadata === undefined ? {} : { metadata }),
    ...(taskType === undefined ? {} : { taskType }),
  };
  const length = processingLength(behaviour, document);
  const slot = id === undefined ? undefined : findIn(call, namespace, id);
  if (slot === undefined) {
    const added = store.add({ ...detail, content, customId: id, containerTags: [namespace], ...length });
    return { id: store.idOf(added), status: "queued" };
  }
  const before = store.read(slot);
  if (before.content !== content) {
    const text = before.content === undefined ? content : `${before.content}\n${content}`;
    store.change(slot, { ...detail, content: text, ...length });
    return { id: before.id, status: "queued" };
  }
  if (Object.keys(detail).length > 0) store.change(slot, detail);
  return { id: before.id, status: before.status };
}
