import type { Behaviour } from "../api/behaviour";
import { contentOf, timestamp, titleOf, typeOf, urlOf } from "../api/document-text";
import type { ListedMemory } from "../api/memories";
import type { StoredDocument } from "../store/documents";
import type { ListInclude } from "./schemas";

type Row = Readonly<Record<string, unknown>>;

/** A row of a list of documents. It contains no namespaces, and content and memory count only when the request asks for them. */
export function listRow(behaviour: Behaviour, document: StoredDocument, include: ListInclude): Row {
  const memoryCount = include.memoryCount === true ? { memoryCount: behaviour.memoriesPerDocument } : {};
  return {
    ...commonFields(document),
    ...(include.content === true ? { content: contentOf(document) } : {}),
    url: urlOf(document),
    system: { ...systemOf(behaviour, document), ...memoryCount },
  };
}

/** The response to GET. */
export function documentRow(behaviour: Behaviour, document: StoredDocument): Row {
  return { ...commonFields(document), content: contentOf(document), system: systemOf(behaviour, document) };
}

/** A row of a list of memories. The emulator has no versions, and never forgets a memory. */
export function memoryRow({ createdAt, id, memory, updatedAt }: ListedMemory): Row {
  const flags = { isStatic: false, isInference: false, isLatest: true, isForgotten: false };
  const system = { createdAt: timestamp(createdAt), updatedAt: timestamp(updatedAt) };
  return { id, memory, metadata: {}, ...flags, version: 1, system };
}

function commonFields(document: StoredDocument): Row {
  return {
    id: document.id,
    title: titleOf(document),
    type: typeOf(document),
    summary: null,
    metadata: document.metadata ?? {},
  };
}

function systemOf({ v5Release }: Behaviour, { status, dreamingStatus, createdAt, updatedAt }: StoredDocument): Row {
  const dreaming = v5Release === "5.0.0" ? {} : { dreamingStatus };
  return { status, ...dreaming, createdAt: timestamp(createdAt), updatedAt: timestamp(updatedAt) };
}
