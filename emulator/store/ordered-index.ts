const BLOCK = 1024;

export type Order = "asc" | "desc";

/**
 * The slots of one container in the order of a key (a time). Adding in order is O(1), removing O(log n), reading a page O(n / 1024), so that a
 * million rows can be paged and deleted without sorting them. Entries added out of order are sorted once, at the next read.
 */
export class OrderedIndex {
  private keys: number[] = [];
  /** A removed entry becomes the complement of its slot until the next compaction. */
  private slots: number[] = [];
  private liveInBlock: number[] = [];
  private live = 0;
  private sorted = true;

  get size(): number {
    return this.live;
  }

  add(key: number, slot: number): void {
    const last = this.slots.length - 1;
    if (last >= 0 && this.compare(last, key, slot) > 0) this.sorted = false;
    this.append(key, slot);
    this.live += 1;
  }

  /** Removes the entry. The key must be the one it was added with. Unknown entries are ignored. */
  remove(key: number, slot: number): void {
    this.sort();
    for (let at = this.lowerBound(key, slot); at < this.slots.length && this.compare(at, key, slot) === 0; at += 1) {
      if ((this.slots[at] ?? -1) < 0) continue;
      this.slots[at] = ~slot;
      this.count(at, -1);
      this.live -= 1;
      break;
    }
    if (this.slots.length > 2 * BLOCK && this.live * 2 < this.slots.length) this.rebuild(this.entries());
  }

  /** The slots from position `offset`, at most `count`. */
  page(offset: number, count: number, order: Order): number[] {
    this.sort();
    const found: number[] = [];
    const wanted = Math.min(count, this.live - offset);
    if (wanted <= 0) return found;
    const step = order === "asc" ? 1 : -1;
    for (let at = this.positionOf(offset, order); found.length < wanted; at += step) {
      const slot = this.slots[at] ?? -1;
      if (slot >= 0) found.push(slot);
    }
    return found;
  }

  /** Every slot, oldest first. */
  all(): number[] {
    this.sort();
    return this.slots.filter((slot) => slot >= 0);
  }

  private positionOf(offset: number, order: Order): number {
    let left = offset;
    if (order === "asc") {
      for (let block = 0; block < this.liveInBlock.length; block += 1) {
        const here = this.liveInBlock[block] ?? 0;
        if (left < here) return this.nthInBlock(block * BLOCK, 1, left);
        left -= here;
      }
    } else {
      for (let block = this.liveInBlock.length - 1; block >= 0; block -= 1) {
        const here = this.liveInBlock[block] ?? 0;
        if (left < here) return this.nthInBlock(Math.min((block + 1) * BLOCK, this.slots.length) - 1, -1, left);
        left -= here;
      }
    }
    return this.slots.length;
  }

  private nthInBlock(from: number, step: 1 | -1, nth: number): number {
    let at = from;
    for (let left = nth; ; at += step) {
      if ((this.slots[at] ?? -1) < 0) continue;
      if (left === 0) return at;
      left -= 1;
    }
  }

  private lowerBound(key: number, slot: number): number {
    let low = 0;
    let high = this.slots.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.compare(middle, key, slot) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Entries with equal keys are in order of their slots, which is the order of insertion. */
  private compare(at: number, key: number, slot: number): number {
    const entry = this.slots[at] ?? 0;
    return (this.keys[at] ?? 0) - key || (entry < 0 ? ~entry : entry) - slot;
  }

  private sort(): void {
    if (this.sorted) return;
    const entries = this.entries();
    entries.sort((left, right) => left[0] - right[0] || left[1] - right[1]);
    this.rebuild(entries);
  }

  private entries(): [key: number, slot: number][] {
    const entries: [number, number][] = [];
    this.slots.forEach((slot, at) => {
      if (slot >= 0) entries.push([this.keys[at] ?? 0, slot]);
    });
    return entries;
  }

  private rebuild(entries: readonly (readonly [key: number, slot: number])[]): void {
    this.keys = [];
    this.slots = [];
    this.liveInBlock = [];
    this.sorted = true;
    for (const [key, slot] of entries) this.append(key, slot);
  }

  private append(key: number, slot: number): void {
    this.keys.push(key);
    this.slots.push(slot);
    this.count(this.slots.length - 1, 1);
  }

  private count(at: number, by: number): void {
    const block = Math.floor(at / BLOCK);
    this.liveInBlock[block] = (this.liveInBlock[block] ?? 0) + by;
  }
}
