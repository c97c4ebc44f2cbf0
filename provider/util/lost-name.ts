export function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/**
 * Where a plain value contains a field named "__proto__", which Pulumi drops without a word; undefined if nowhere. Imports
 * nothing, because every program loads it at its start.
 */
export function lostName(value: unknown, place: string): string | undefined {
  if (!Array.isArray(value) && !isPlain(value)) return undefined;
  if (Object.hasOwn(value, "__proto__")) return place;
  for (const [name, inner] of Object.entries(value)) {
    const found = lostName(inner, `${place}.${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
