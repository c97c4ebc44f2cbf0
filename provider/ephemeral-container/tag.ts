import { createHash } from "node:crypto";

/** What makes the container of one stack its own. */
export interface TagParts {
  /** Empty for none. */
  readonly prefix: string;
  readonly project: string;
  readonly stack: string;
}

/**
 * The container tag `<prefix>:<project>:<stack>`, or `<project>:<stack>` without a prefix; at most 100 characters, each
 * of which the API accepts. Different parts give different tags: where something had to be replaced or cut, and where
 * the parts end like that themselves, `-` and 8 hex digits of the SHA-256 of the three are added.
 */
export function ephemeralTag({ prefix, project, stack }: TagParts): string {
  const parts = prefix === "" ? [project, stack] : [prefix, project, stack];
  const tag = parts.map(tagPart).join(":");
  const isExact = parts.every((part) => tagPart(part) === part);
  if (isExact && tag.length <= longestTag && !/-[0-9a-f]{8}$/.test(tag)) return tag;
  const hash = createHash("sha256")
    .update(JSON.stringify([prefix, project, stack]))
    .digest("hex")
    .slice(0, 8);
  return `${tag.slice(0, longestTag - hash.length - 1)}-${hash}`;
}

/** A part of a tag, every character that has no place there replaced; ":" only ever separates parts. */
export function tagPart(text: string): string {
  return text.replace(/[^a-zA-Z0-9_-]/gu, "-");
}

/** Source: the vendor's OpenAPI document v3, deleteV3DocumentsBulk, containerTags. */
const longestTag = 100;
