import * as pulumi from "@pulumi/pulumi";
import { ContainerPurge, type ContainerPurgeArgs } from "../container-purge/resource";
import { warnOfTimeouts } from "../dynamic/registration";
import { ephemeralTag, tagPart } from "./tag";
import { protectedSegmentOf } from "../config/protected-segments";
import { unknownArgument } from "../util/unknown-argument";

/** The arguments of an {@link EphemeralContainer}: those of its {@link ContainerPurge}, except the tag. */
export interface EphemeralContainerArgs extends Omit<ContainerPurgeArgs, "containerTags"> {
  /**
   * The first part of the tag: `<prefix>:<project>:<stack>`. Use it if a stack has several containers, or if several
   * Pulumi organizations or backends have a project and a stack with the same names. It must be a plain string, because
   * previews need the tag.
   *
   * @default none, so the tag is `<project>:<stack>`
   */
  prefix?: string;
}

/**
 * A container tag that belongs to one stack, and a {@link ContainerPurge} that empties the container when it is created
 * and when the stack is destroyed. No two stacks in the same organization and backend share a tag. Characters that are not
 * valid in a tag are replaced by `-`, and a tag of more than 100 characters is cut off. Such a tag ends with `-` and 8 hex
 * digits of a hash.
 *
 * Pass `containerTag` to the resources that write. They then depend on the purge: `pulumi destroy` deletes the writers
 * first, and purges last.
 *
 * The tag is set once, when the resource is created. After `pulumi stack rename`, or with a new `prefix`, it stays the
 * same and nothing is purged. Only a forced replacement (`--replace`) sets a new tag; it purges the old tag and the new
 * one. Do not reuse the old name of a renamed stack, because a new stack with that name would have the same tag.
 *
 * A protected segment (prod, production, live, main) in the prefix or the project's name is allowed: the tag is added to
 * `allowProtectedTags`. `protectedTags` then does not stop its purge, but `SUPERMEMORY_PURGE=skip` does.
 *
 * @throws ResourceError if the stack's name contains a protected segment, if an argument is unknown, or if the prefix is
 *   not a plain string. RunError if a key in the stack's configuration looks like a misspelled setting
 *
 * @example
 * ```ts
 * import { EphemeralContainer } from "pulumi-supermemory";
 *
 * const memory = new EphemeralContainer("memory", { maxDeletions: 1_000 });
 * export const appEnvironment = { SUPERMEMORY_CONTAINER_TAG: memory.containerTag };
 * export const deletedCount = memory.purge.deletedCount;
 * ```
 */
export class EphemeralContainer extends pulumi.ComponentResource {
  /** The container tag, known in previews too. Resources that use it are destroyed before the purge. */
  public readonly containerTag: pulumi.Output<string>;
  /** The purge of the container. Its outputs include the number of deleted documents. */
  public readonly purge: ContainerPurge;

  constructor(name: string, args: EphemeralContainerArgs = {}, options?: pulumi.ComponentResourceOptions) {
    super("supermemory:index:EphemeralContainer", name, {}, options);
    const { prefix = "", ...purgeArgs } = args;
    const stack = pulumi.getStack();
    refuseProtected(stack, this);
    refuseUnknown(args, this);
    refusePrefix(prefix, this);
    const tag = ephemeralTag({ prefix, project: pulumi.getProject(), stack });
    this.purge = new ContainerPurge(
      name,
      { ...purgeArgs, containerTags: [tag] },
      {
        parent: this,
        // A rename must not change the tag. The provider allows whichever tag it is (container-purge/own-tag.ts).
        ignoreChanges: ["containerTags"],
        ...(options?.retainOnDelete === undefined ? {} : { retainOnDelete: options.retainOnDelete }),
      },
    );
    this.containerTag = this.purge.containerTags.apply(([decided]) => decided ?? tag);
    warnOfTimeouts(this.purge, name, options);
    this.registerOutputs({ containerTag: this.containerTag });
  }
}

function refuseUnknown(args: object, resource: pulumi.Resource): void {
  const problem = Object.hasOwn(args, "containerTags")
    ? "an EphemeralContainer creates its own tag\nremove containerTags, or use a ContainerPurge"
    : unknownArgument(args, argumentNames);
  if (problem !== undefined) throw new pulumi.ResourceError(problem, resource, true);
}

/** The tag is made before anything is registered, so an Output would be known too late. */
function refusePrefix(prefix: unknown, resource: pulumi.Resource): void {
  if (typeof prefix === "string") return;
  const what = pulumi.Output.isInstance(prefix) ? "an Output" : JSON.stringify(prefix);
  throw new pulumi.ResourceError(`prefix is ${what}\nuse a plain string, such as "acme"`, resource, true);
}

const argumentNames: Readonly<Record<keyof EphemeralContainerArgs, true>> = {
  prefix: true,
  purgeOn: true,
  triggers: true,
  scope: true,
  select: true,
  deleteBy: true,
  sharedDocuments: true,
  maxDeletions: true,
  allowProtectedTags: true,
  verify: true,
  timeout: true,
};

function refuseProtected(stack: string, resource: pulumi.Resource): void {
  const segment = protectedSegmentOf(tagPart(stack));
  if (segment === undefined) return;
  throw new pulumi.ResourceError(
    `the name of the stack "${stack}" contains the protected segment "${segment}", so an EphemeralContainer may not delete its documents\nrename the stack, or use a ContainerPurge with allowProtectedTags`,
    resource,
    true,
  );
}
