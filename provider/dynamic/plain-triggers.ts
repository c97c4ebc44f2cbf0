import { types } from "node:util";
import * as pulumi from "@pulumi/pulumi";

/**
 * The value of `triggers` as JSON. The SDK would send a Date, a Map and many others as an empty object, so that a change
 * would not be seen.
 *
 * @param resource the name of the resource, for the message
 * @throws RunError for what has no JSON that shows every change, such as a function
 */
export function plainTriggers(value: unknown, resource: string): unknown {
  return plain(value, [], (what) => {
    throw new pulumi.RunError(
      `triggers of ${resource} contains ${what}, which cannot be compared with the one of the last up\nuse a text, a number, or a hash instead`,
    );
  });
}

type Refuse = (what: string) => never;

/** @param parents the objects that contain the value */
function plain(value: unknown, parents: readonly object[], refuse: Refuse): unknown {
  switch (typeof value) {
    case "function":
      return refuse("a function");
    case "symbol":
      return refuse("a symbol");
    case "bigint":
      return `${value}n`;
    case "number":
      return Number.isFinite(value) ? value : String(value);
    case "object":
      return value === null ? null : plainObject(value, parents, refuse);
    default:
      return value;
  }
}

function plainObject(value: object, parents: readonly object[], refuse: Refuse): unknown {
  if (parents.includes(value)) refuse("a cycle");
  const inner = (part: unknown): unknown => plain(part, [...parents, value], refuse);
  if (pulumi.Output.isInstance<unknown>(value)) return value.apply((known) => plain(known, [], refuse));
  if (types.isPromise(value)) return value.then(inner);
  if (isReference(value)) refuse(nameOf(value));
  if (Array.isArray(value)) return value.map(inner);
  if (types.isDate(value)) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  if (types.isRegExp(value)) return String(value);
  if (types.isNativeError(value)) return `${value.name}: ${value.message}`;
  if (types.isBoxedPrimitive(value)) return inner(value.valueOf());
  if (types.isSet(value) || types.isMap(value)) return pulumi.output([...value].map(inner)).apply(inAnyOrder);
  if (ArrayBuffer.isView(value)) {
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64");
  }
  if (hasJson(value)) return inner(value.toJSON());
  if (!isRecord(value)) refuse(nameOf(value));
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, inner(part)]));
}

/** The engine would compare the id of a resource and the path of an asset, not their content. */
function isReference(value: object): boolean {
  const { Archive, Asset } = pulumi.asset;
  return pulumi.Resource.isInstance(value) || Asset.isInstance(value) || Archive.isInstance(value);
}

/** The entries of a Set or a Map. Their order is no change. */
function inAnyOrder(entries: readonly unknown[]): readonly unknown[] {
  const texts = entries.map((entry) => [JSON.stringify([entry]), entry] as const);
  return texts.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
}

function hasJson(value: object): value is { toJSON(): unknown } {
  return "toJSON" in value && typeof value.toJSON === "function";
}

/** An instance of a class may differ in what no property shows. */
function isRecord(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** "an instance of Session" */
function nameOf(value: object): string {
  return `an instance of ${value.constructor.name}`;
}
