import { tags, type Edit, type Made } from "./history";
import { type Alias, type Program, type Resource } from "./program";

export function edited(program: Program, edits: readonly Edit[]): Program {
  const resources = edits.reduce<readonly Resource[]>((list, one) => apply(list, one), program.resources);
  return { ...program, resources };
}

function apply(resources: readonly Resource[], edit: Edit): readonly Resource[] {
  if (edit.kind === "add") return [...resources, ...added(resources, edit.resource)];
  const old = chosen(resources, edit.at);
  if (old === undefined) return resources;
  if (edit.kind === "remove") return resources.filter((resource) => resource !== old);
  const next = changed(old, edit, resources);
  return resources.map((resource) => (resource === old ? next : resource));
}

/** At most four resources, which is enough, and one ephemeral container, since two would purge the same tag. */
function added(resources: readonly Resource[], made: Made): readonly Resource[] {
  const isTaken = made.kind === "EphemeralContainer" && resources.some(({ kind }) => kind === made.kind);
  if (isTaken || resources.length >= 4) return [];
  return [{ ...made, name: freeName(resources), ownTag: freeTag(resources), inGroup: false, aliases: [] }];
}

function changed(old: Resource, edit: Exclude<Edit, { kind: "add" | "remove" }>, all: readonly Resource[]): Resource {
  if (edit.kind === "change") return edit.resource.kind === old.kind ? { ...old, ...edit.resource } : old;
  const place = edit.kind === "rename" ? { name: freeName(all) } : { inGroup: !old.inGroup };
  const next = { ...old, ...place };
  return { ...next, aliases: edit.hasAlias ? aliasesOf(next, old) : [] };
}

function aliasesOf(now: Resource, before: Resource): readonly Alias[] {
  const earlier = [...before.aliases, { name: before.name, inGroup: before.inGroup }];
  return earlier.filter(({ name, inGroup }) => name !== now.name || inGroup !== now.inGroup);
}

export function chosen(resources: readonly Resource[], at: number): Resource | undefined {
  return resources.length === 0 ? undefined : resources[at % resources.length];
}

function freeName(resources: readonly Resource[]): string {
  const names = "abcdefgh".split("");
  return names.find((name) => !resources.some((resource) => resource.name === name)) ?? "z";
}

function freeTag(resources: readonly Resource[]): string {
  return tags.find((tag) => !resources.some(({ ownTag }) => ownTag === tag)) ?? "pr-9";
}
