import { isDeepStrictEqual } from "node:util";
import type { Metadata, StoredDocument } from "../store/documents";
import { slotOfId } from "../store/ids";

/** Which documents a rule applies to: the same ones in every request that it hits. */
export type Chosen =
  /** The first documents that requests are about, since the rule was added. */
  | { readonly first: number }
  /** Every n-th of all documents, in the order in which they were added to the emulator. */
  | { readonly everyNth: number }
  /** By id or customId. */
  | { readonly ids: readonly string[] }
  /** Documents that carry all of it. */
  | { readonly metadata: Metadata };

/** Whether a document is one of the chosen. A chooser of the first documents remembers them. */
export type Chooser = (document: StoredDocument) => boolean;

/** @throws RangeError when the choice cannot include any document */
export function chooserOf(chosen: Chosen): Chooser {
  if ("first" in chosen) return firstOf(wholeNumber("first", chosen.first));
  if ("everyNth" in chosen) {
    const step = wholeNumber("everyNth", chosen.everyNth);
    return ({ id }) => ((slotOfId(id) ?? 0) + 1) % step === 0;
  }
  if ("ids" in chosen) {
    const ids = new Set(chosen.ids);
    return ({ id, customId }) => ids.has(id) || (customId !== undefined && ids.has(customId));
  }
  const wanted = Object.entries(chosen.metadata);
  return ({ metadata = {} }) => wanted.every(([key, value]) => isDeepStrictEqual(metadata[key], value));
}

function firstOf(count: number): Chooser {
  const known = new Set<string>();
  return ({ id }) => {
    if (known.size < count) known.add(id);
    return known.has(id);
  };
}

function wholeNumber(name: string, value: number): number {
  if (Number.isInteger(value) && value >= 1) return value;
  throw new RangeError(`${name} of a fault rule is ${value}; allowed: 1, 2, ...`);
}
