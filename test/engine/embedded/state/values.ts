import { isDeepStrictEqual } from "node:util";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

/** A property value: JSON, with an object that has a signature for a secret, and a fixed string for an unknown. */
export type Value = null | boolean | number | string | readonly Value[] | { readonly [key: string]: Value };
export type Properties = Readonly<Record<string, Value>>;

/** Stands for a value that a preview does not know yet. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export const secretMark = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

export function secret(value: Value): Value {
  return isSecret(value) ? value : { ...secretMark, value };
}

export function isSecret(value: Value | undefined): value is { readonly value: Value } {
  return isMarked(value) && "value" in value;
}

export function isMarked(value: Value | undefined): value is Properties {
  return isObject(value) && Object.entries(secretMark).every(([key, sign]) => value[key] === sign);
}

/** Changes each part of `value` for which `change` returns something. */
export function mapValue(value: Value, change: (part: Value) => Value | undefined): Value {
  const changed = change(value);
  if (changed !== undefined) return changed;
  if (isArray(value)) return value.map((item) => mapValue(item, change));
  return isObject(value) ? mapProperties(value, (item) => mapValue(item, change)) : value;
}

function withoutSecret(value: Value): Value {
  return mapValue(value, (part) => (isSecret(part) ? withoutSecret(part.value) : undefined));
}

export function withoutSecrets(properties: Properties): Properties {
  return mapProperties(properties, withoutSecret);
}

export function mapProperties(properties: Properties, change: (value: Value, key: string) => Value): Properties {
  return Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, change(value, key)]));
}

/** Marks properties as secret if the same property was secret in `before`. Providers return plain values. */
export function keepSecrets(properties: Properties, before: Properties): Properties {
  return mapProperties(properties, (value, key) => {
    const sent = before[key];
    if (sent === undefined || isSecret(value)) return value;
    if (isObject(value) && isObject(sent) && !isSecret(sent)) return keepSecrets(value, sent);
    return hasPart(sent, isSecret) ? secret(value) : value;
  });
}

export function hasUnknown(value: Value): boolean {
  return hasPart(value, (part) => part === unknown);
}

function hasPart(value: Value, test: (part: Value) => boolean): boolean {
  if (test(value)) return true;
  return typeof value === "object" && value !== null && Object.values(value).some((part: Value) => hasPart(part, test));
}

export function sameValue(one: Value, other: Value): boolean {
  return isDeepStrictEqual(withoutSecret(one), withoutSecret(other));
}

export function toStruct(properties: Properties): Struct {
  return Struct.fromJavaScript({ ...properties });
}

export function fromStruct(struct: Struct | undefined): Properties {
  return struct === undefined ? {} : toProperties(struct.toJavaScript());
}

/** Converts data of unknown shape. @throws Error if it is not JSON */
export function toProperties(data: unknown): Properties {
  const value = toValue(data);
  if (!isObject(value)) throw new Error("expected an object of properties");
  return value;
}

export function toValue(data: unknown): Value {
  if (data === null || typeof data === "boolean" || typeof data === "number" || typeof data === "string") return data;
  if (Array.isArray(data)) return data.map(toValue);
  if (typeof data !== "object") throw new Error(`a property value cannot be of type ${typeof data}`);
  return Object.fromEntries(Object.entries(data).map(([key, item]) => [key, toValue(item)]));
}

export function isArray(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

export function isObject(value: Value | undefined): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
