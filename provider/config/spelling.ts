import * as pulumi from "@pulumi/pulumi";
import { configNames } from "./names";
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
    const remove = `remove it: pulumi config rm ${key}. If it belongs to your program, give it another name`;
    throw new pulumi.RunError(
      `the stack's configuration contains an unknown key "${key}"; the settings are ${settings.join(", ")}\n${
        meant === undefined ? remove : `did you mean "${namespace}${meant}"? Set it, and ${remove}`
      }`,
    );
  }
}

const namespace = "supermemory:";

/** Only for a Provider. In the stack's configuration it would rename the default provider. */
const instance = "instance";

const settings: readonly string[] = configNames.filter((name) => name !== instance);
