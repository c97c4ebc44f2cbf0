import type { Container } from "../store/container";
import type { StoredDocument } from "../store/documents";
import type { Store } from "../store/store";

/** The existing documents and containers that a request names. */
export interface Reach {
  /** The documents in its ids. Without ids, those of its containers. Read one by one, on demand. */
  documents(): Iterable<StoredDocument>;
  /** The first tag of the request, or of the first document in its ids. */
  containerTag(): string | undefined;
  container(containerTag: string): Container | undefined;
}

export function reachOf(store: Store, containerTags: readonly string[], body: unknown): Reach {
  const isTagged = (slot: number): boolean =>
    containerTags.length === 0 || store.tagsOf(slot).some((tag) => containerTags.includes(tag));
  const named = (): number[] => idsIn(body).flatMap((id) => store.find(id, isTagged) ?? []);
  return {
    documents: function* () {
      const listed = (): number[] => containerTags.flatMap((tag) => store.containers.get(tag)?.documents.all() ?? []);
      for (const slot of idsIn(body).length > 0 ? named() : listed()) yield store.read(slot);
    },
    containerTag: () => containerTags[0] ?? named().flatMap((slot) => store.tagsOf(slot))[0],
    container: (containerTag) => store.containers.get(containerTag),
  };
}

function idsIn(body: unknown): readonly string[] {
  if (typeof body !== "object" || body === null || !("ids" in body) || !Array.isArray(body.ids)) return [];
  return Array.from<unknown>(body.ids).filter((id) => typeof id === "string");
}
