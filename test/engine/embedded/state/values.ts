import { isDeepStrictEqual } from "node:util";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

/** A property value: JSON, with an object that has a signature for a secret, and a fixed string for an unknown. */
export type Value = null | boolean | number | string | readonly Value[] | { readonly [key: string]: Value };
export type Properties = Readonly<Record<string, Value>>;

/** Stands for a value that a preview does not know yet. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

export function secret(value: Value): Value {
  return isSecret(value) ? value : { [signature]: secretSignature, value };
}

export function isSecret(value: Value | undefined): value is { readonly value: Value } {
  return isObject(value) && value[signature] === secretSignature && "value" in value;
}

/** Replaces each secret in `value` with the result of `change`, innermost first. */
export function mapSecrets(value: Value, change: (content: Value) => Value): Value {
  if (isSecret(value)) return change(mapSecrets(value.value, (content) => content));
  if (isArray(value)) return value.map((item) => mapSecrets(item, change));
  if (isObject(value)) return mapProperties(value, (item) => mapSecrets(item, change));
  return value;
}

export function withoutSecrets(properties: Properties): Properties {
  return mapProperties(properties, (value) => mapSecrets(value, (content) => content));
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
    return hasSecret(sent) ? secret(value) : value;
  });
}

function hasSecret(value: Value): boolean {
  if (isSecret(value)) return true;
  if (isArray(value)) return value.some(hasSecret);
  return isObject(value) && Object.values(value).some(hasSecret);
}

export function hasUnknown(value: Value): boolean {
  if (isArray(value)) return value.some(hasUnknown);
  return isObject(value) ? Object.values(value).some(hasUnknown) : value === unknown;
}

/** Compares values, ignoring secret marks. */
export function sameValue(one: Value, other: Value): boolean {
  const plain = (value: Value) => mapSecrets(value, (content) => content);
  return isDeepStrictEqual(plain(one), plain(other));
}

/** The names of the top-level properties that differ, sorted. */
export function changedKeys(olds: Properties, news: Properties): readonly string[] {
  const keys = [...new Set([...Object.keys(olds), ...Object.keys(news)])].sort();
  return keys.filter((key) => {
    const [before, after] = [olds[key], news[key]];
    if (before === undefined || after === undefined) return before !== after;
    return !sameValue(before, after);
  });
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
