const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const MULTIPLIER = 0x9e3779b1;
const INVERSE = inverseOf(MULTIPLIER);
/** 62 to the sixth exceeds 2 to the 32nd, so six characters hold any slot. */
const SLOT_CHARACTERS = 6;
const ID_LENGTH = 22;

/**
 * The 22-character id of a slot. It is computed, so a million documents need no memory for ids. It is the same in every run, so failing tests
 * are easier to read.
 */
export function idOfSlot(slot: number, family = 0): string {
  let mixed = (Math.imul(slot, MULTIPLIER) ^ family) >>> 0;
  let state = mixed ^ 0x5bd1e995 ^ family;
  let id = "";
  for (let at = 0; at < SLOT_CHARACTERS; at += 1) {
    id += characterAt(mixed % 62);
    mixed = Math.floor(mixed / 62);
  }
  for (let at = SLOT_CHARACTERS; at < ID_LENGTH; at += 1) {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + at;
    id += characterAt((state >>> 8) % 62);
  }
  return id;
}

/** The slot of an id that {@link idOfSlot} made; undefined for other texts. */
export function slotOfId(id: string, family = 0): number | undefined {
  if (id.length !== ID_LENGTH) return undefined;
  let mixed = 0;
  for (let at = SLOT_CHARACTERS - 1; at >= 0; at -= 1) {
    const digit = ALPHABET.indexOf(id.charAt(at));
    if (digit < 0) return undefined;
    mixed = mixed * 62 + digit;
  }
  if (mixed > 0xffffffff) return undefined;
  const slot = Math.imul((mixed ^ family) >>> 0, INVERSE) >>> 0;
  return idOfSlot(slot, family) === id ? slot : undefined;
}

function characterAt(digit: number): string {
  return ALPHABET.charAt(digit);
}

/** The inverse of an odd number modulo 2 to the 32nd, by Newton's iteration. */
function inverseOf(odd: number): number {
  let inverse = odd;
  for (let round = 0; round < 5; round += 1) inverse = Math.imul(inverse, 2 - Math.imul(odd, inverse));
  return inverse;
}

/**
 * The documents that have a customId. Usually one each. On v5 two namespaces may each have a document with the same customId, since namespaces
 * do not share ids.
 */
export class CustomIds {
  private readonly first = new Map<string, number>();
  private readonly further = new Map<string, readonly number[]>();

  add(customId: string, slot: number): void {
    if (this.first.has(customId)) this.further.set(customId, [...(this.further.get(customId) ?? []), slot]);
    else this.first.set(customId, slot);
  }

  remove(customId: string, slot: number): void {
    const others = this.slots(customId).filter((other) => other !== slot);
    this.first.delete(customId);
    this.further.delete(customId);
    for (const other of others) this.add(customId, other);
  }

  /** The first accepted document with the customId. */
  find(customId: string, accepts: (slot: number) => boolean): number | undefined {
    return this.slots(customId).find(accepts);
  }

  private slots(customId: string): readonly number[] {
    const first = this.first.get(customId);
    return first === undefined ? [] : [first, ...(this.further.get(customId) ?? [])];
  }
}
