import { type Goal } from "../program/goal";
import { type ResourceState } from "../state/resource-state";
import { type Snapshot } from "../state/snapshot";
import { inheritedAlias, nameOf, typeOf } from "../state/urn";
import { isArray, type Properties, type Value } from "../state/values";

/** The URNs that renamed resources had before, by their new URNs. */
export type Aliases = Map<string, string>;

/** Finds a resource's old state: by its URN, by one of its aliases, or by an alias that follows from its parent's. */
export function findOld({ asked, identity, aliases: own }: Goal, snapshot: Snapshot, aliases: Aliases) {
  const oldParent = aliases.get(identity.parent);
  const before = [identity, ...own.map((urn) => ({ ...identity, type: typeOf(urn), name: nameOf(urn) }))];
  const inherited = oldParent === undefined ? [] : before.map((one) => inheritedAlias(one, oldParent));
  const found = [asked.urn, ...own, ...inherited].find((urn) => snapshot.old(urn) !== undefined);
  if (found === undefined) return undefined;
  if (found !== asked.urn) aliases.set(asked.urn, found);
  return snapshot.old(found);
}

/**
 * The inputs with the old values of the properties in `ignoreChanges`. An element of a list ("tags[0]") keeps its old
 * value if both lists have it.
 */
export function withIgnored({ ignoreChanges = [], inputs }: ResourceState, olds: Properties): Properties {
  const ignored = new Set(ignoreChanges);
  const kept = Object.entries(olds).filter(([key]) => ignored.has(key));
  const asked = Object.entries(inputs).filter(([key]) => !ignored.has(key));
  const result: Record<string, Value> = Object.fromEntries([...asked, ...kept]);
  for (const path of ignoreChanges) {
    const [, key = "", index = ""] = /^(\w+)\[(\d+)\]$/.exec(path) ?? [];
    const [old, now] = [olds[key], result[key]];
    const content = isArray(old) ? old[Number(index)] : undefined;
    if (content !== undefined && isArray(now)) {
      result[key] = now.map((value, at) => (at === Number(index) ? content : value));
    }
  }
  return result;
}
