import { createHash } from "node:crypto";

/** What identifies the container of one stack. */
export interface TagParts {
  /** Empty for none. */
  readonly prefix: string;
  readonly project: string;
  readonly stack: string;
}

/**
 * The container tag `<prefix>:<project>:<stack>`, or `<project>:<stack>` without a prefix. It has at most 100 characters,
 * and all of them are valid in a tag. Different parts give different tags: `-` and 8 hex digits of the SHA-256 of the
 * parts are added if a character was replaced, if the tag was cut, and if the parts already end like this.
 */
export function ephemeralTag({ prefix, project, stack }: TagParts): string {
  const parts = prefix === "" ? [project, stack] : [prefix, project, stack];
  const tag = parts.map(tagPart).join(":");
  const isExact = parts.every((part) => tagPart(part) === part);
  if (isExact && tag.length <= maxTagLength && !/-[0-9a-f]{8}$/.test(tag)) return tag;
  const hash = createHash("sha256")
    .update(JSON.stringify([prefix, project, stack]))
    .digest("hex")
    .slice(0, 8);
  return `${tag.slice(0, maxTagLength - hash.length - 1)}-${hash}`;
}

/** A part of a tag, with invalid characters replaced. ":" is replaced too, because it separates parts. */
export function tagPart(text: string): string {
  return text.replace(/[^a-zA-Z0-9_-]/gu, "-");
}

/** Source: the vendor's OpenAPI document v3, deleteV3DocumentsBulk, containerTags. */
const maxTagLength = 100;
