import { isUnknown, type Properties, secretValue } from "../util/values";

/**
 * Properties whose names begin with `__` are not displayed by the engine, but are passed on and stored. The program adds
 * them (`registration.ts`).
 */
const names = ["__urn", "__provider", "__preview", "__known", "__secret"] as const;
const hidden: ReadonlySet<string> = new Set(names);

/** What the hidden properties contain, and the others. */
export interface Hidden {
  readonly urn: string | undefined;
  readonly preview: boolean;
  /** Every argument arrived whole. Outputs do not contain it. */
  readonly known: boolean;
  /** A tag is secret. */
  readonly secret: boolean;
  readonly visible: Properties;
}

export function takeHidden(properties: Properties): Hidden {
  const { __known, __preview, __secret, __urn } = properties;
  return {
    urn: typeof __urn === "string" ? __urn : undefined,
    preview: __preview === true,
    known: __known === true,
    secret: __secret === true,
    visible: Object.fromEntries(Object.entries(properties).filter(([name]) => !hidden.has(name))),
  };
}

/** Checked inputs. With `ignoreChanges: ["*"]` the engine repeats the last ones, `__known` included. */
export function withHiddenInputs(visible: Properties, news: Properties): Record<string, unknown> {
  return repeat(visible, news, ["__urn", "__provider", "__known", "__secret"]);
}

/** Outputs. @param secrets names of outputs to mark as secret; the engine only marks those that are inputs too */
export function withHiddenOutputs(
  visible: Properties,
  inputs: Properties,
  secrets: readonly string[],
): Record<string, unknown> {
  const outputs = repeat(visible, inputs, ["__urn", "__provider"]);
  return secrets.length === 0 ? outputs : { ...withSecrets(outputs, secrets), __secret: true };
}

function withSecrets(properties: Properties, secrets: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [name, secrets.includes(name) ? secretValue(value) : value]),
  );
}

function repeat(
  visible: Properties,
  properties: Properties,
  repeated: readonly (typeof names)[number][],
): Record<string, unknown> {
  const values = repeated.map((name): [string, unknown] => [name, properties[name]]);
  const kept = values.filter(([, value]) => value === true || (typeof value === "string" && !isUnknown(value)));
  return { ...visible, ...Object.fromEntries(kept) };
}
