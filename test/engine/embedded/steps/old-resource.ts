import { type Goal } from "../program/goal";
import { type ResourceState } from "../state/resource-state";
import { type Snapshot } from "../state/snapshot";
import { inheritedAlias, nameOf, typeOf } from "../state/urn";
import { isArray, type Properties, type Value } from "../state/values";

/** The URNs that renamed resources had before, by their new URNs. */
export type Aliases = Map<string, string>;

/** Finds a resource's old state: by its URN, by one of its aliases, or by an alias that follows from its parent's. */
export function findOld(goal: Goal, snapshot: Snapshot, aliases: Aliases): ResourceState | undefined {
  for (const urn of [goal.urn, ...goal.aliases, ...inherited(goal, aliases)]) {
    const old = snapshot.old(urn);
    if (old === undefined) continue;
    if (urn !== goal.urn) aliases.set(goal.urn, urn);
    return old;
  }
  return undefined;
}

function inherited(goal: Goal, aliases: Aliases): readonly string[] {
  const oldParent = aliases.get(goal.identity.parent);
  if (oldParent === undefined) return [];
  const before = [
    goal.identity,
    ...goal.aliases.map((urn) => ({ ...goal.identity, type: typeOf(urn), name: nameOf(urn) })),
  ];
  return before.map((identity) => inheritedAlias(identity, oldParent));
}

/**
 * The inputs with the old values of the properties in `ignoreChanges`. An element of a list ("tags[0]") keeps its old
 * value if both lists have it.
 */
export function withIgnored({ ignoreChanges, inputs }: Goal, olds: Properties): Properties {
  const ignored = new Set(ignoreChanges);
  const kept = Object.entries(olds).filter(([key]) => ignored.has(key));
  const asked = Object.entries(inputs).filter(([key]) => !ignored.has(key));
  const result: Record<string, Value> = Object.fromEntries([...asked, ...kept]);
  for (const path of ignoreChanges) {
    const [, key = "", index = ""] = /^(\w+)\[(\d+)\]$/.exec(path) ?? [];
    const old = olds[key];
    const now = result[key];
    const content = isArray(old) ? old[Number(index)] : undefined;
    if (content === undefined || !isArray(now)) continue;
    result[key] = now.map((value, at) => (at === Number(index) ? content : value));
  }
  return result;
}
