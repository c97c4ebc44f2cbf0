import { type Goal } from "../program/goal";
import { type ResourceState } from "../state/resource-state";
import { type Snapshot } from "../state/snapshot";
import { inheritedAlias, nameOf, typeOf } from "../state/urn";

/** Which resources go by a new URN: new to old. */
export type Aliases = Map<string, string>;

/** The state of a resource from before: under its URN, else under one of its aliases or what its parent's alias implies. */
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
