import { protectedSegmentOf } from "../config/protected-segments";
import type { Properties } from "../util/values";

/**
 * The arguments with the permission of an EphemeralContainer to purge its own tag. Its tag stays the same after a rename or
 * with a new prefix, so the program does not know whether the tag is protected. Only here both are known.
 */
export function withOwnTag(urn: string | undefined, inputs: Properties): Properties {
  const { allowProtectedTags, containerTags } = inputs;
  if (!isOfEphemeral(urn)) return inputs;
  if (!isList(containerTags) || !isList(allowProtectedTags)) return inputs;
  const own = containerTags.filter((tag) => typeof tag === "string" && protectedSegmentOf(tag) !== undefined);
  return { ...inputs, allowProtectedTags: [...new Set([...own, ...allowProtectedTags])] };
}

/** Whether the resource is the purge in an EphemeralContainer. */
export function isOfEphemeral(urn: string | undefined): boolean {
  return urn !== undefined && ofEphemeral.test(urn);
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** The type in a URN contains that of the parent. */
const ofEphemeral = /[:$]supermemory:index:EphemeralContainer\$pulumi-nodejs:dynamic\/supermemory:ContainerPurge::/;
