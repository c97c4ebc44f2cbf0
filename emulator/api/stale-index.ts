import type { StoredDocument } from "../store/documents";

/** Deleted documents that lists still return, as when an index lags behind. */
export class StaleIndex {
  private groups: {
    readonly documents: readonly StoredDocument[];
    readonly flickers: boolean;
    listsLeft: number;
    isOdd: boolean;
  }[] = [];

  /** The next `lists` lists still return these documents; if it flickers, every second one omits the last document. */
  add(documents: readonly StoredDocument[], lists: number, flickers = false): void {
    if (documents.length > 0 && lists > 0) this.groups.push({ documents, flickers, listsLeft: lists, isOdd: false });
  }

  /** What a list of these tags (none: of all) still returns. Each call counts as one list. */
  list(tags: readonly string[]): StoredDocument[] {
    const found: StoredDocument[] = [];
    for (const group of this.groups) {
      const listed = group.documents.filter(
        ({ containerTags }) => tags.length === 0 || tags.some((tag) => containerTags.includes(tag)),
      );
      if (listed.length === 0) continue;
      group.listsLeft -= 1;
      group.isOdd = !group.isOdd;
      const omitsOne = group.flickers && !group.isOdd;
      found.push(...(omitsOne ? listed.slice(0, -1) : listed));
    }
    this.groups = this.groups.filter(({ listsLeft }) => listsLeft > 0);
    return found;
  }
}
