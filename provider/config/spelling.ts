import * as pulumi from "@pulumi/pulumi";
import { configNames } from "./names";
import { nearest } from "../util/nearest";

/**
 * Refuses a key of the stack's configuration that looks like a misspelt setting of this package: a guardrail that is
 * spelled wrong would not hold, and nobody would notice. What is like none of them may be the program's own.
 *
 * @throws RunError naming the key, never its value
 */
export function refuseMisspelt(): void {
  for (const key of Object.keys(pulumi.runtime.allConfig())) {
    const name = key.startsWith(namespace) ? key.slice(namespace.length) : undefined;
    if (name === undefined || settings.includes(name)) continue;
    const meant = nearest(name, settings);
    if (meant === undefined && name !== instance) continue;
    const guess = meant === undefined ? "" : `did you mean "${namespace}${meant}"? `;
    throw new pulumi.RunError(
      `the stack's configuration has an unknown key "${key}": ${guess}allowed are ${settings.join(", ")}\nset the right one and remove it: pulumi config rm ${key}; a setting of your program's own needs another name`,
    );
  }
}

const namespace = "supermemory:";

/** For a Provider alone: in the stack's configuration it would turn the default provider into one of that name. */
const instance = "instance";

const settings: readonly string[] = configNames.filter((name) => name !== instance);
