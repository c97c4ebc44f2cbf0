import { type Goal } from "../program/goal";
import { type ResourceState } from "../state/resource-state";
import { type Snapshot } from "../state/snapshot";
import { inheritedAlias, nameOf, typeOf } from "../state/urn";
import { isArray, type Properties, type Value } from "../state/values";

/** The URNs that renamed resources had before, by their new URNs. */
export type Aliases = Map<string, string>;

/**
 * Finds a resource's old state: by its URN, by one of its aliases, or by an alias that follows from its parent's.
 * `conflict` says that another resource of the program has the same one.
 */
export function findOld(
  { asked, identity, aliases: own }: Goal,
  snapshot: Snapshot,
  aliases: Aliases,
  registered: ReadonlySet<string>,
) {
  const { urn } = asked;
  const oldParent = aliases.get(identity.parent);
  const before = [identity, ...own.map((alias) => ({ ...identity, type: typeOf(alias), name: nameOf(alias) }))];
  const inherited = oldParent === undefined ? [] : before.map((one) => inheritedAlias(one, oldParent));
  const found = [urn, ...own, ...inherited].find((one) => snapshot.before.has(one));
  const renamed = [...aliases].find(([, old]) => old === urn)?.[0];
  const conflict =
    renamed === undefined
      ? undefined
      : `Duplicate resource URN '${urn}' conflicting with alias on resource with URN '${renamed}'`;
  if (conflict !== undefined && found !== undefined) return { old: snapshot.before.get(found), conflict };
  if (found === undefined || found === urn) return { old: snapshot.old(urn), conflict };
  const other = registered.has(found) ? urn : [...aliases].find(([, old]) => old === found)?.[0];
  aliases.set(urn, found);
  if (other === undefined) return { old: snapshot.old(found), conflict: undefined };
  const twice = `Duplicate resource alias '${found}' applied to resource with URN '${urn}' conflicting with resource with URN '${other}'`;
  return { old: snapshot.before.get(found), conflict: twice };
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
