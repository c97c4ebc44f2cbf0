import * as pulumi from "@pulumi/pulumi";
import { ContainerPurge, type ContainerPurgeArgs } from "../container-purge/resource";
import { ephemeralTag, tagPart } from "./tag";
import { protectedSegmentOf } from "../config/protected-segments";
import { unknownArgument } from "../util/unknown-argument";

/** The arguments of an {@link EphemeralContainer}: those of its {@link ContainerPurge}, but for the tag. */
export interface EphemeralContainerArgs extends Omit<ContainerPurgeArgs, "containerTags"> {
  /**
   * Begins the tag: `<prefix>:<project>:<stack>`. Tells several containers of one stack apart, and organizations or
   * backends of Pulumi that have a project and a stack of the same names. A plain string, since the tag has to be known.
   *
   * @default none: the tag is `<project>:<stack>`
   */
  prefix?: string;
}

/**
 * A container tag of this stack's own, and the {@link ContainerPurge} that empties it: when it is created, and when the
 * stack is destroyed. No two stacks of one organization and backend share a tag: a character that no tag can have is
 * replaced by `-`, more than 100 are cut, and `-` and 8 hex digits of a hash then tell it from others (also where the
 * stack's name itself ends like that).
 *
 * Take the tag from `containerTag` for whatever writes. It then depends on the purge: on `pulumi destroy` the writers
 * go first, and the purge last.
 *
 * The tag is decided once, when the resource is created: `pulumi stack rename`, or another `prefix`, changes and purges
 * nothing. Only a replacement that is forced (`--replace`) decides it anew; it purges the new tag and the old one.
 * So do not give the old name of a renamed stack to another one: that one would make the same tag.
 *
 * Protected segments (prod, production, live, main) in the prefix or the project's name are allowed by themselves, by
 * naming the tag in `allowProtectedTags`; `protectedTags` then does not stop its purge, `SUPERMEMORY_PURGE=skip` does.
 *
 * @throws ResourceError for a protected segment in the stack's name: a stack named "prod" is not ephemeral; for
 *   containerTags and other arguments that it does not know; and for a prefix that is no plain string. RunError for a
 *   key of the stack's configuration that looks like a misspelt setting
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
  /** The container tag, known in previews too. Whoever takes it from here is destroyed before the purge. */
  public readonly containerTag: pulumi.Output<string>;
  /** What empties the container; its outputs say how many documents went. */
  public readonly purge: ContainerPurge;

  constructor(name: string, args: EphemeralContainerArgs = {}, options?: pulumi.ComponentResourceOptions) {
    super("supermemory:index:EphemeralContainer", name, {}, options);
    const { allowProtectedTags = [], prefix = "", ...purgeArgs } = args;
    const stack = pulumi.getStack();
    refuseProtected(stack, this);
    refuseUnknown(args, this);
    refusePrefix(prefix, this);
    const tag = ephemeralTag({ prefix, project: pulumi.getProject(), stack });
    const isProtected = protectedSegmentOf(tag) !== undefined;
    this.purge = new ContainerPurge(
      name,
      {
        ...purgeArgs,
        containerTags: [tag],
        allowProtectedTags: isProtected
          ? pulumi.output(allowProtectedTags).apply((others) => [tag, ...others])
          : allowProtectedTags,
      },
      {
        parent: this,
        // The tag stays what it was, and so does the permission to purge it.
        ignoreChanges: isProtected ? ["containerTags", "allowProtectedTags[0]"] : ["containerTags"],
        ...(options?.retainOnDelete === undefined ? {} : { retainOnDelete: options.retainOnDelete }),
      },
    );
    this.containerTag = this.purge.containerTags.apply(([decided]) => decided ?? tag);
    this.registerOutputs({ containerTag: this.containerTag });
  }
}

function refuseUnknown(args: object, resource: pulumi.Resource): void {
  const problem = Object.hasOwn(args, "containerTags")
    ? "an EphemeralContainer makes its own tag; remove containerTags, or use a ContainerPurge"
    : unknownArgument(args, argumentNames);
  if (problem !== undefined) throw new pulumi.ResourceError(problem, resource, true);
}

/** An Output is not known in time: the tag is made before anything is registered. */
function refusePrefix(prefix: unknown, resource: pulumi.Resource): void {
  if (typeof prefix === "string") return;
  const what = pulumi.Output.isInstance(prefix) ? "an Output" : JSON.stringify(prefix);
  throw new pulumi.ResourceError(`prefix is ${what}; allowed is a plain string, such as "acme"`, resource, true);
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
    `the stack's name "${stack}" holds the segment "${segment}", which marks its data as protected; an EphemeralContainer would delete them with the stack\nname the stack otherwise, or if it is meant use a ContainerPurge with allowProtectedTags`,
    resource,
    true,
  );
}
