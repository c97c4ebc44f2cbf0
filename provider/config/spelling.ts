import * as pulumi from "@pulumi/pulumi";
import { configNames } from "./names";
import { isPlain, lostName } from "../util/lost-name";
import { nearest } from "../util/nearest";

/**
 * Refuses a key of the stack's configuration that looks like a misspelled setting of this package. Otherwise a
 * misspelled guardrail would have no effect, and nobody would notice. Other keys may belong to the program.
 *
 * @throws RunError with the key, never its value
 */
export function refuseMisspelt(): void {
  for (const key of Object.keys(pulumi.runtime.allConfig())) {
    const name = key.startsWith(namespace) ? key.slice(namespace.length) : undefined;
    if (name === undefined || settings.includes(name)) continue;
    const meant = nearest(name, settings);
    if (meant === undefined && name !== instance) continue;
    const guess = meant === undefined ? "" : `did you mean "${namespace}${meant}"? `;
    throw new pulumi.RunError(
      `the stack's configuration contains an unknown key "${key}"; the settings are ${settings.join(", ")}\n` +
        `${guess}To remove the key, run: pulumi config rm ${key}\nif the key belongs to your program, give it another name`,
    );
  }
}

/**
 * Pulumi drops a field named `__proto__`, and a purge without it would delete more.
 *
 * @returns the same selection. Where it contains an Output, registering the resource fails if the value has such a field
 * @throws RunError
 */
export function refuseLostNames(resource: string, select: unknown, at = "select"): unknown {
  const place = lostName(select, at);
  if (place !== undefined) {
    throw new pulumi.RunError(
      `${resource}: ${place} contains a field named "__proto__", which Pulumi cannot store\ngive the field another name`,
    );
  }
  const check = (value: unknown, name = at): unknown => refuseLostNames(resource, value, name);
  if (pulumi.Output.isInstance(select)) return select.apply((value: unknown) => check(value));
  if (select instanceof Promise) return select.then((value: unknown) => check(value));
  if (Array.isArray(select)) return select.map((value: unknown) => check(value));
  return isPlain(select)
    ? Object.fromEntries(Object.entries(select).map(([name, value]) => [name, check(value, `${at}.${name}`)]))
    : select;
}

const namespace = "supermemory:";

/** Only for a Provider. In the stack's configuration it would rename the default provider. */
const instance = "instance";

const settings: readonly string[] = configNames.filter((name) => name !== instance);
