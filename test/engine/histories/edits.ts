import { tags, type Edit, type Made } from "./history";
import { type Alias, type Program, type Resource } from "./program";

export function edited(program: Program, edits: readonly Edit[]): Program {
  const tagsBefore = program.resources.map(({ ownTag }) => ownTag);
  const resources = edits.reduce<readonly Resource[]>((list, one) => apply(list, one, tagsBefore), program.resources);
  return { ...program, resources };
}

function apply(resources: readonly Resource[], edit: Edit, tagsBefore: readonly string[]): readonly Resource[] {
  if (edit.kind === "add") return [...resources, ...added(resources, edit.resource, tagsBefore)];
  const old = chosen(resources, edit.at);
  if (old === undefined) return resources;
  if (edit.kind === "remove") return resources.filter((resource) => resource !== old);
  const next = changed(old, edit, resources);
  return resources.map((resource) => (resource === old ? next : resource));
}

/** At most four resources, which is enough, and one ephemeral container, since two would purge the same tag. */
function added(resources: readonly Resource[], made: Made, tagsBefore: readonly string[]): readonly Resource[] {
  const isTaken = made.kind === "EphemeralContainer" && resources.some(({ kind }) => kind === made.kind);
  if (isTaken || resources.length >= 4) return [];
  const ownTag = freeTag([...resources.map((resource) => resource.ownTag), ...tagsBefore]);
  return [{ ...made, name: freeName(resources), ownTag, inGroup: false, aliases: [] }];
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

/**
 * A tag that no resource of this step or of the one before manages: outside a chain, one resource could count it while
 * another purges it.
 */
function freeTag(taken: readonly string[]): string {
  return [...tags, ...moreTags].find((tag) => !taken.includes(tag)) ?? "pr-9";
}

/** Four resources of this step and four of the one before may have different tags. */
const moreTags = ["pr-5", "pr-6", "pr-7", "pr-8"];
