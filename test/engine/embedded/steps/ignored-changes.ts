import { type Goal } from "../program/goal";
import { isArray, mapProperties, type Properties, type Value } from "../state/values";

/**
 * The properties that `ignoreChanges` names keep their old values, or stay away; so do elements of lists ("tags[0]"),
 * where both lists have them.
 */
export function withIgnored({ ignoreChanges, inputs }: Goal, olds: Properties): Properties {
  const ignored = new Set(ignoreChanges);
  const kept = Object.entries(olds).filter(([key]) => ignored.has(key));
  const asked = Object.entries(inputs).filter(([key]) => !ignored.has(key));
  const result: Record<string, Value> = { ...Object.fromEntries([...asked, ...kept]) };
  for (const path of ignoreChanges) {
    const [, key = "", index = ""] = /^(\w+)\[(\d+)\]$/.exec(path) ?? [];
    const old = olds[key];
    const now = result[key];
    const content = isArray(old) ? old[Number(index)] : undefined;
    if (content === undefined || !isArray(now)) continue;
    result[key] = now.map((value, at) => (at === Number(index) ? content : value));
  }
  return mapProperties(result, (value) => value);
}
