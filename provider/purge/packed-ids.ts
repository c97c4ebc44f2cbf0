/** Ids in one pack: large enough that the pack itself weighs nothing. */
const packSize = 1_000;

/**
 * The ids of many documents in little memory, about 23 bytes each. Ids are ASCII without blanks, as the client's wire
 * schemas make sure.
 */
export class PackedIds {
  readonly #packs: Buffer[] = [];
  #open: string[] = [];
  #hashes: Float64Array | undefined;

  get size(): number {
    return this.#packs.length * packSize + this.#open.length;
  }

  add(id: string): void {
    this.#hashes = undefined;
    this.#open.push(id);
    if (this.#open.length < packSize) return;
    this.#packs.push(Buffer.from(this.#open.join("\n"), "latin1"));
    this.#open = [];
  }

  /** All ids in the order in which they came, at most `most` at a time. */
  *batches(most: number): Generator<readonly string[]> {
    let batch: string[] = [];
    for (const id of this.#all()) {
      batch.push(id);
      if (batch.length < most) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  }

  /** Whether an id is held; wrong once in many millions, so `only` has the last word before anything is deleted. */
  mayHold(id: string): boolean {
    this.#hashes ??= this.#hashed();
    let [low, high] = [0, this.#hashes.length];
    const wanted = hash(id);
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#hashes[middle] ?? 0) < wanted) low = middle + 1;
      else high = middle;
    }
    return this.#hashes[low] === wanted;
  }

  /** Those of `ids` that are held. Reads through everything, so ask for many at once. */
  only(ids: readonly string[]): readonly string[] {
    const asked = new Set(ids);
    const held = new Set<string>();
    if (asked.size > 0) {
      for (const id of this.#all()) if (asked.has(id)) held.add(id);
    }
    return ids.filter((id) => held.has(id));
  }

  *#all(): Generator<string> {
    for (const pack of this.#packs) yield* pack.toString("latin1").split("\n");
    yield* this.#open;
  }

  #hashed(): Float64Array {
    const hashes = new Float64Array(this.size);
    let at = 0;
    for (const id of this.#all()) hashes[at++] = hash(id);
    return hashes.sort();
  }
}

/** How many different ones there are among these hashes. */
export function differentAmong(hashes: readonly number[]): number {
  return Float64Array.from(hashes)
    .sort()
    .reduce((sum, value, at, sorted) => sum + (at === 0 || value !== sorted[at - 1] ? 1 : 0), 0);
}

/** 53 bits, of two 32-bit FNV-1a hashes with different seeds. */
export function hash(text: string): number {
  let [left, right] = [0x811c9dc5, 0x01000193];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    left = Math.imul(left ^ code, 0x01000193);
    right = Math.imul(right ^ code, 0x85ebca6b);
  }
  return (left >>> 0) * 2 ** 21 + ((right ^ (right >>> 13)) >>> 11);
}
