import { type Goal } from "../program/goal";
import { isArray, isSecret, type Properties, type Value } from "../state/values";

/** The sentence that the CLI prints for a failure that `check` returned. */
export function checkFailureText(
  goal: Goal,
  inputs: Properties,
  failure: { property: string; reason: string },
): string {
  const { type, name } = goal.identity;
  const { property, reason } = failure;
  if (property === "") return `${type} resource '${name}' has a problem: ${reason}`;
  const value = inputs[property];
  const text = value === undefined ? "{<nil>}" : shown(value);
  return `${type} resource '${name}': property ${property} value ${text} has a problem: ${reason}`;
}

function shown(value: Value): string {
  if (isSecret(value)) return "{[secret]}";
  if (isArray(value)) return `{[${value.map(shown).join(" ")}]}`;
  return typeof value === "object" ? `{${JSON.stringify(value)}}` : `{${value}}`;
}
