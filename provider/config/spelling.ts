import * as pulumi from "@pulumi/pulumi";
import { configNames } from "./names";
import { lostName } from "../util/lost-name";
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

/** Pulumi drops a field named `__proto__`, and a purge without it would delete more. @throws RunError */
export function refuseLostNames(resource: string, select: unknown): void {
  const place = lostName(select, "select");
  if (place === undefined) return;
  throw new pulumi.RunError(
    `${resource}: ${place} contains a field named "__proto__", which Pulumi cannot store\ngive the field another name`,
  );
}

const namespace = "supermemory:";

/** Only for a Provider. In the stack's configuration it would rename the default provider. */
const instance = "instance";

const settings: readonly string[] = configNames.filter((name) => name !== instance);
