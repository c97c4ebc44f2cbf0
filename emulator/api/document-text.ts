import type { StoredDocument } from "../store/documents";

/** Seeded documents without content get a distinct one. */
export function contentOf(document: StoredDocument): string {
  return document.content ?? `Document ${document.id} of ${document.containerTags.join(", ")}.`;
}

export function titleOf(document: StoredDocument): string {
  return document.title ?? (contentOf(document).split("\n", 1)[0] ?? "").slice(0, 80);
}

export function urlOf({ content }: StoredDocument): string | null {
  return content !== undefined && /^https?:\/\/\S+$/.test(content) ? content : null;
}

export function typeOf(document: StoredDocument): string {
  return document.type ?? (urlOf(document) === null ? "text" : "webpage");
}

export function timestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
