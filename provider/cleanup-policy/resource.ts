import * as pulumi from "@pulumi/pulumi";
import type { Selection } from "../container-purge/resource";
import { refuseLostNames, refuseMisspelt } from "../config/spelling";
import { hiddenInputs, warnOfTimeouts } from "../dynamic/registration";

/** The arguments of a {@link CleanupPolicy}. */
export interface CleanupPolicyArgs {
  /**
   * A container's tag must match one of these globs: 1 to 100. `*` matches any characters, `?` matches one, and case
   * matters. Each glob starts with at least 3 literal characters, as in "pr-*".
   */
  match: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Globs of tags to keep even if they match `match`. A run is refused if documents that it would delete also carry such a
   * tag. With `select` these documents are kept. API v5 does not return a document's tags, so neither applies there.
   *
   * @default []
   */
  except?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Keeps containers that were active within this time, such as "14 days" or "12h", by this machine's clock. For a
   * container that was never active, the time since its creation counts. A container whose activity is not known is kept.
   * This or `keepLatest` is required. "0s" purges containers in use, too.
   *
   * @default activity does not matter, with `keepLatest`
   */
  inactiveFor?: pulumi.Input<string>;
  /**
   * Keeps this many of the matching containers: the ones that were active last. Containers with nothing to delete do not
   * count. Without `inactiveFor` it must be above 0.
   *
   * @default 0
   */
  keepLatest?: pulumi.Input<number>;
  /**
   * `documents` deletes the documents in a container and keeps the container. `container` deletes the container with its
   * memories, which only owners and admins of the organization may do.
   *
   * @default "documents"
   */
  scope?: pulumi.Input<"documents" | "container">;
  /**
   * Deletes only some documents, as in a ContainerPurge. Cannot be combined with scope `container`.
   *
   * @default all documents
   */
  select?: pulumi.Input<Selection>;
  /**
   * The maximum number of containers that one run may purge. A larger plan is refused, and nothing is deleted.
   *
   * @default 20
   */
  maxContainers?: pulumi.Input<number>;
  /**
   * The maximum number of documents that one run may delete. A larger plan is refused, and nothing is deleted.
   *
   * @default 10000
   */
  maxDeletions?: pulumi.Input<number>;
  /** The time limit for planning, and for each run, such as "90s" or "10m"; at most "24h". @default "10m" */
  timeout?: pulumi.Input<string>;
  /** `report` makes the same plan but never deletes. @default "purge" */
  mode?: pulumi.Input<"purge" | "report">;
}

/** A container to purge, and why. */
export interface PlannedContainer {
  /** The tag of the container. */
  readonly containerTag: string;
  /** How many documents the purge would delete. */
  readonly documents: number;
  /** As in "matches pr-*, last active 20 days ago". */
  readonly reason: string;
}

/**
 * Purges containers by name and inactivity, with every `pulumi up`. `pulumi preview` shows each container with the number
 * of its documents and the reason, and which matching containers are kept.
 *
 * Each container is checked again right before its delete. A container that was used in the meantime is kept, with a
 * warning. Containers that are being merged are never purged (API v5 does not return merges). Neither are protected tags,
 * nor tags that a ContainerPurge in the program manages: make the policy depend on that resource (`dependsOn`), or add its
 * tag to `except`. Containers that a tool made for one person's coding memory, such as codex_*, are kept unless a glob of
 * `match` starts with that name. Deleting the policy deletes nothing. The key must be allowed to list containers, so it cannot be scoped
 * to containers.
 *
 * A run is refused, and deletes nothing, if it exceeds `maxContainers` or `maxDeletions`, if the API address changed, if
 * the containers cannot be listed, or if it depends on ages and this machine's clock differs from the API's by more than
 * 5 minutes.
 *
 * @throws RunError if a key in the stack's configuration looks like a misspelled setting
 *
 * @example
 * ```ts
 * import { CleanupPolicy } from "pulumi-supermemory";
 *
 * const policy = new CleanupPolicy("previews", { match: ["pr-*"], inactiveFor: "14 days", keepLatest: 5 });
 * export const purged = policy.purged;
 * ```
 */
export class CleanupPolicy extends pulumi.CustomResource {
  declare public readonly match: pulumi.Output<string[]>;
  declare public readonly except: pulumi.Output<string[]>;
  declare public readonly inactiveFor: pulumi.Output<string | undefined>;
  declare public readonly keepLatest: pulumi.Output<number>;
  declare public readonly scope: pulumi.Output<"documents" | "container">;
  declare public readonly select: pulumi.Output<pulumi.Unwrap<Selection> | undefined>;
  declare public readonly maxContainers: pulumi.Output<number>;
  declare public readonly maxDeletions: pulumi.Output<number>;
  declare public readonly timeout: pulumi.Output<string>;
  declare public readonly mode: pulumi.Output<"purge" | "report">;
  /** The plan of the last run; not known in a preview, which shows its plan as a message. */
  declare public readonly planned: pulumi.Output<PlannedContainer[]>;
  /** The containers that the last run purged. A report purges none. */
  declare public readonly purged: pulumi.Output<{ containerTag: string; deletedCount: number }[]>;
  /** Documents deleted by the last run. */
  declare public readonly deletedCount: pulumi.Output<number>;
  /** When the last run with something to purge or report ended (RFC 3339); null before the first. */
  declare public readonly lastRunAt: pulumi.Output<string | null>;
  /** The API version, such as "v3"; null before the first response. */
  declare public readonly apiVersion: pulumi.Output<string | null>;
  /** The address of the API; null before the first response. */
  declare public readonly baseUrl: pulumi.Output<string | null>;
  /** The first 8 hex digits of the SHA-256 of the API key; null before the first response. */
  declare public readonly keyId: pulumi.Output<string | null>;

  constructor(name: string, args: CleanupPolicyArgs, options?: pulumi.CustomResourceOptions) {
    refuseMisspelt();
    const given: Partial<CleanupPolicyArgs> = { ...args };
    refuseLostNames(name, given.select);
    const tags = [given.match, given.except];
    const hidden = hiddenInputs({ methods: "cleanupPolicy", type, name, args: given, tags, options });
    super(type, name, { ...outputs, ...given, ...hidden }, options);
    warnOfTimeouts(this, name, options);
  }
}

const type = "pulumi-nodejs:dynamic/supermemory:CleanupPolicy";

/** The SDK sets only those outputs that are among the properties at construction. */
const outputs = {
  except: undefined,
  inactiveFor: undefined,
  keepLatest: undefined,
  scope: undefined,
  select: undefined,
  maxContainers: undefined,
  maxDeletions: undefined,
  timeout: undefined,
  mode: undefined,
  planned: undefined,
  purged: undefined,
  deletedCount: undefined,
  lastRunAt: undefined,
  apiVersion: undefined,
  baseUrl: undefined,
  keyId: undefined,
};
