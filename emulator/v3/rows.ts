import type { Behaviour } from "../api/behaviour";
import { contentOf, timestamp, titleOf, typeOf, urlOf } from "../api/document-text";
import type { ListedMemory } from "../api/memories";
import type { StoredDocument } from "../store/documents";
import { slotOfId } from "../store/ids";

/** A row of a list. */
export function listRow(
  behaviour: Behaviour,
  document: StoredDocument,
  includeContent: boolean,
): Readonly<Record<string, unknown>> {
  return {
    connectionId: null,
    ...(omitsTags(behaviour, document) ? {} : { containerTags: document.containerTags }),
    createdAt: timestamp(document.createdAt),
    customId: document.customId ?? null,
    filepath: document.filepath ?? null,
    id: document.id,
    metadata: document.metadata ?? null,
    status: document.status,
    summary: null,
    title: titleOf(document),
    type: typeOf(document),
    updatedAt: timestamp(document.updatedAt),
    url: urlOf(document),
    ...(includeContent ? { content: contentOf(document) } : {}),
  };
}

/** The response to GET. */
export function documentRow(behaviour: Behaviour, document: StoredDocument): Readonly<Record<string, unknown>> {
  return {
    ...listRow(behaviour, document, true),
    dreamingStatus: document.dreamingStatus,
    ogImage: null,
    raw: contentOf(document),
    source: "api",
    taskType: document.taskType ?? "memory",
  };
}

/** A row of the list of processing documents. */
export function processingRow(behaviour: Behaviour, document: StoredDocument): Readonly<Record<string, unknown>> {
  const row = { ...listRow(behaviour, document, false) };
  delete row["filepath"];
  delete row["url"];
  return row;
}

/** A row of the list of memories. The emulator has no versions, and never forgets a memory. */
export function memoryEntry({ createdAt, id, memory, updatedAt }: ListedMemory): Readonly<Record<string, unknown>> {
  return {
    ...{ id, memory, version: 1, isLatest: true, isForgotten: false, isStatic: false, isInference: false },
    ...{ createdAt: timestamp(createdAt), updatedAt: timestamp(updatedAt), spaceId: "space", orgId: "org" },
    ...{ sourceCount: 0, parentMemoryId: null, rootMemoryId: null, forgetAfter: null, forgetReason: null },
    ...{ metadata: null, memoryRelations: null, temporalContext: null, history: [], documentIds: [] },
  };
}

function omitsTags({ omitContainerTags }: Behaviour, { id }: StoredDocument): boolean {
  switch (omitContainerTags) {
    case "never":
      return false;
    case "always":
      return true;
    case "some":
      return (slotOfId(id) ?? 0) % 2 === 1;
  }
}
