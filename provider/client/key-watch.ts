import { ApiError } from "../errors";
import { redact } from "../util/redact";
import { keyHider, printable } from "../util/foreign-text";

/** Keeps a key out of messages, the state and receipts, whatever the API puts into its answers. */
export class KeyWatch {
  /** Made when something is quoted, which is seldom. */
  #hide: ((text: string) => string) | undefined;

  constructor(private readonly apiKey: string) {}

  /** A text of the API's as a message may quote it: one line of at most 100 characters, without the key. */
  quoted(text: string): string {
    // GitHub Actions obeys a line that begins like this.
    const line = printable(text, 1_000).replace(/^ ?::/, ": :");
    this.#hide ??= keyHider(this.apiKey);
    return this.#hide(redact(line, [this.apiKey])).slice(0, 100);
  }

  /** Holds ids and tags of an answer, which messages name and the state may keep, against the key. @throws ApiError */
  refuseIn(names: readonly string[]): void {
    // A short one, of a server of one's own, may be part of a name by chance.
    if (this.apiKey.length < 16 || !names.some((name) => name.includes(this.apiKey))) return;
    throw new ApiError({ kind: "unreadable" }, "the API answered with the key itself in the place of an id or a tag");
  }
}
