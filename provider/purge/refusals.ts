import type { RefusedId } from "../client/api";
import { count } from "../util/format";

/** How many documents are told by name. */
const maxShown = 20;
/** Reasons of the API for which a document can be deleted later. */
const passing = /process|progress|queue|busy|lock|later|retry|temporar|timeout|timed out|unavailable|internal/i;

/** Documents that the API would not delete: the first few by name. */
export class Refusals {
  readonly #shown: RefusedId[] = [];
  #total = 0;
  #someMayPass = false;

  get total(): number {
    return this.#total;
  }

  add(refused: readonly RefusedId[]): void {
    this.#total += refused.length;
    this.#shown.push(...refused.slice(0, maxShown - this.#shown.length));
    this.#someMayPass ||= refused.some(({ reason }) => passing.test(reason));
  }

  /** Whether these are all of the documents that are left, and none of them can be deleted by trying again. */
  areFinalFor(left: number): boolean {
    return this.#total > 0 && this.#total >= left && !this.#someMayPass;
  }

  /** A line for each of the first, then how many more there are; as a message ends with them. */
  toString(): string {
    const lines = this.#shown.map(({ id, reason }) => `\n  ${id}: ${reason}`);
    const more = this.#total - this.#shown.length;
    return lines.join("") + (more > 0 ? `\n  and ${count(more)} more` : "");
  }
}
