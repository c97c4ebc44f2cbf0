import type { RefusedId } from "../client/api";
import { count } from "../util/format";

/** How many documents a message names. */
const maxShown = 20;
/** Reasons after which the API may delete a document later. */
const temporary = /process|progress|queue|busy|lock|later|retry|temporar|timeout|timed out|unavailable|internal/i;

/** Documents that the API refused to delete. It keeps the first few by id. */
export class Refusals {
  readonly #shown: RefusedId[] = [];
  #total = 0;
  #someTemporary = false;

  get total(): number {
    return this.#total;
  }

  add(refused: readonly RefusedId[]): void {
    this.#total += refused.length;
    this.#shown.push(...refused.slice(0, maxShown - this.#shown.length));
    this.#someTemporary ||= refused.some(({ reason }) => temporary.test(reason));
  }

  /** Whether these are all of the remaining documents, and a retry would not delete any of them. */
  areFinalFor(remaining: number): boolean {
    return this.#total > 0 && this.#total >= remaining && !this.#someTemporary;
  }

  /** One line per document, then the number of those not shown. */
  lines(): readonly string[] {
    const more = this.#total - this.#shown.length;
    const shown = this.#shown.map(({ id, reason }) => `  ${id}: ${reason}`);
    return more > 0 ? [...shown, `  and ${count(more)} more`] : shown;
  }
}
