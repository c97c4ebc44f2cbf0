import type { Properties } from "../util/values";

/**
 * Properties whose names begin with `__` are not displayed by the engine, but are passed on and stored. The program adds
 * `__urn`, `__provider` and, in a preview, `__preview`. Inputs and outputs repeat the first two.
 */
const repeated = ["__urn", "__provider"] as const;
const hidden: ReadonlySet<string> = new Set([...repeated, "__preview"]);

/** What the hidden properties contain, and the others. */
export function takeHidden(properties: Properties): {
  readonly urn: string | undefined;
  readonly preview: boolean;
  readonly visible: Properties;
} {
  const urn = properties["__urn"];
  return {
    urn: typeof urn === "string" ? urn : undefined,
    preview: properties["__preview"] === true,
    visible: Object.fromEntries(Object.entries(properties).filter(([name]) => !hidden.has(name))),
  };
}

/** Inputs or outputs, with the hidden properties that they repeat. */
export function withHidden(visible: Properties, properties: Properties): Record<string, unknown> {
  const texts = repeated.map((name): [string, unknown] => [name, properties[name]]);
  return { ...visible, ...Object.fromEntries(texts.filter(([, value]) => typeof value === "string")) };
}
