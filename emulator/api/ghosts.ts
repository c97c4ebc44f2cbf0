import type { StoredDocument } from "../store/documents";

/** Documents that are gone but that lists still show, as happens when an index lags behind. */
export class Ghosts {
  private groups: { readonly documents: readonly StoredDocument[]; listsLeft: number }[] = [];

  add(documents: readonly StoredDocument[], lists: number): void {
    if (documents.length > 0 && lists > 0) this.groups.push({ documents, listsLeft: lists });
  }

  /** What a list of these tags (none: of all) still shows. Each call counts as one list for the groups that it touches. */
  appear(tags: readonly string[]): StoredDocument[] {
    const seen: StoredDocument[] = [];
    for (const group of this.groups) {
      const shown = group.documents.filter(
        ({ containerTags }) => tags.length === 0 || tags.some((tag) => containerTags.includes(tag)),
      );
      if (shown.length === 0) continue;
      group.listsLeft -= 1;
      seen.push(...shown);
    }
    this.groups = this.groups.filter(({ listsLeft }) => listsLeft > 0);
    return seen;
  }
}
