import { type Alias } from "@pulumi/pulumi/proto/alias_pb";

/** The parts of a URN: urn:pulumi:<stack>::<project>::<the types of its parents and its own, joined by $>::<name>. */
export interface Identity {
  readonly stack: string;
  readonly project: string;
  readonly parent: string;
  readonly type: string;
  readonly name: string;
}

export function makeUrn(identity: Identity): string {
  const { stack, project, parent, type, name } = identity;
  const parentType = parent === "" ? "" : qualifiedType(parent);
  const prefix = parentType === "" || parentType === rootType ? "" : `${parentType}$`;
  return `urn:pulumi:${stack}::${project}::${prefix}${type}::${name}`;
}

export const rootType = "pulumi:pulumi:Stack";

export function typeOf(urn: string): string {
  return qualifiedType(urn).split("$").at(-1) ?? "";
}

export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

export function aliasUrn(alias: Alias, self: Identity): string {
  const spec = alias.getSpec();
  if (spec === undefined) return alias.getUrn();
  const parent = spec.getNoparent() ? "" : spec.getParenturn() || self.parent;
  return makeUrn({
    stack: spec.getStack() || self.stack,
    project: spec.getProject() || self.project,
    parent,
    type: spec.getType() || self.type,
    name: spec.getName() || self.name,
  });
}

/** The URN of a child under `oldParent`. If the child's name starts with the parent's name, it changes with it. */
export function inheritedAlias(self: Identity, oldParent: string): string {
  const [before, now] = [nameOf(oldParent), nameOf(self.parent)];
  const name = before !== now && self.name.startsWith(now) ? before + self.name.slice(now.length) : self.name;
  return makeUrn({ ...self, parent: oldParent, name });
}

function qualifiedType(urn: string): string {
  return urn.split("::")[2] ?? "";
}
