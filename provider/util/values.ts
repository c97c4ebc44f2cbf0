/** Property values as the engine sends them. */

/** Arguments, inputs or outputs, by name. */
export type Properties = Readonly<Record<string, unknown>>;

/** The placeholder of a value that a preview does not know yet. Source: rpc.unknownValue of @pulumi/pulumi. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A value that the engine keeps secret. Source: rpc.specialSigKey and rpc.specialSecretSig of @pulumi/pulumi. */
export function secretValue(value: unknown): Properties {
  return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value };
}

export function isUnknown(value: unknown): boolean {
  return value === unknownValue;
}

/** Whether a value, or anything in it, is unknown. */
export function hasUnknown(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isObject(value) ? Object.values(value).some(hasUnknown) : isUnknown(value);
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Equality of plain values, in any order of keys. */
export function sameValue(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

export function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return sameValue([...a].sort(), [...b].sort());
}

function canonical(value: unknown): string {
  if (value === undefined) return "undefined";
  return JSON.stringify(value, (_key, inner: unknown) =>
    isObject(inner) ? Object.fromEntries(Object.entries(inner).sort(([x], [y]) => (x < y ? -1 : 1))) : inner,
  );
}
