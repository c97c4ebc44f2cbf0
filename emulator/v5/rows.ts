import { contentOf, timestamp, titleOf, typeOf, urlOf } from "../api/document-text";
import type { ListedMemory } from "../api/memories";
import type { StoredDocument } from "../store/documents";

type Row = Readonly<Record<string, unknown>>;

/** A document as a list shows it: without its content, and without the namespaces that hold it. */
export function listRow(document: StoredDocument): Row {
  return { ...commonFields(document), url: urlOf(document), system: systemOf(document) };
}

/** A document as GET shows it. */
export function documentRow(document: StoredDocument): Row {
  return { ...commonFields(document), content: contentOf(document), system: systemOf(document) };
}

/** A memory as a list shows it; the emulator has no versions, and forgets none. */
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

function systemOf({ status, createdAt, updatedAt }: StoredDocument): Row {
  return { status, createdAt: timestamp(createdAt), updatedAt: timestamp(updatedAt) };
}
