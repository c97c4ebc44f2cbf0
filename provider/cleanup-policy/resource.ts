import * as pulumi from "@pulumi/pulumi";
import type { Selection } from "../container-purge/resource";
import { refuseMisspelt } from "../config/spelling";
import { providerText } from "../dynamic/provider-text";

/** The arguments of a {@link CleanupPolicy}. */
export interface CleanupPolicyArgs {
  /**
   * Globs of which a container's tag has to match one: 1 to 100. `*` stands for any characters, `?` for one; upper and
   * lower case differ. Each starts with at least 3 literal characters, as in "pr-*".
   */
  match: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Globs of tags that stay although they match. A run is refused when documents that it would delete carry such a tag,
   * too; with `select` those are kept (v5 does not tell them).
   *
   * @default []
   */
  except?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Containers in which something happened less long ago than this stay, such as "14 days" or "12h", by this machine's
   * clock. One in which nothing ever happened counts from its creation; one of which the API does not tell stays.
   *
   * @default activity does not count
   */
  inactiveFor?: pulumi.Input<string>;
  /** So many of the matching containers that hold something to delete stay: the newest by activity. @default 0 */
  keepLatest?: pulumi.Input<number>;
  /**
   * `documents` deletes the documents in a container, which itself stays. `container` deletes it with its memories: a
   * right of the organization's owners and admins.
   *
   * @default "documents"
   */
  scope?: pulumi.Input<"documents" | "container">;
  /** Deletes only some of the documents, as in a ContainerPurge; not with scope `container`. @default all documents */
  select?: pulumi.Input<Selection>;
  /** The most containers of one run. More: the whole plan is refused, and nothing is deleted. @default 20 */
  maxContainers?: pulumi.Input<number>;
  /** The most documents of one run, over all its containers. More: refused, nothing is deleted. @default 10000 */
  maxDeletions?: pulumi.Input<number>;
  /** How long planning, or one run, may take, such as "90s" or "10m"; at most "24h". @default "10m" */
  timeout?: pulumi.Input<string>;
  /** `report` makes the same plan and never deletes. @default "purge" */
  mode?: pulumi.Input<"purge" | "report">;
}

/** A container to purge, and why. */
export interface PlannedContainer {
  readonly containerTag: string;
  /** How many documents the purge would delete. */
  readonly documents: number;
  /** As in "matches pr-*, last active 20 days ago". */
  readonly reason: string;
}

/**
 * Declares which containers should not be there, and purges them with every `pulumi up`. `pulumi preview` shows each by
 * name, with the number of its documents and why, and what matches and stays.
 *
 * Each container is looked at again right before its delete: one that came into use meanwhile is kept and named. One
 * that is being merged into another is never purged (v5 does not tell of merges).
 * Protected tags, and tags that a ContainerPurge of the program manages, are never purged; let the policy depend on
 * that resource (`dependsOn`) or name its tag in `except`. Deleting the policy deletes nothing. The key must be allowed
 * to list containers: one that is scoped to containers is not.
 *
 * It refuses, and then deletes nothing: more containers than `maxContainers`; more documents than `maxDeletions`;
 * another API address than before; ages where this machine's clock differs from the API's by more than 5 minutes; a plan
 * that cannot be made because the containers cannot be listed.
 *
 * @throws RunError for a key of the stack's configuration that looks like a misspelt setting
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
  /** The plan of the last run; in a preview the plan of today. */
  declare public readonly planned: pulumi.Output<PlannedContainer[]>;
  /** What the last run deleted: the containers it purged, without those that were kept at the last moment; a report none. */
  declare public readonly purged: pulumi.Output<{ containerTag: string; deletedCount: number }[]>;
  /** Documents deleted by the last run. */
  declare public readonly deletedCount: pulumi.Output<number>;
  /** When the last run that had something to purge, or to report, ended (RFC 3339); null before the first. */
  declare public readonly lastRunAt: pulumi.Output<string | null>;
  /** The generation of the API, such as "v3", null before the first answer. */
  declare public readonly apiVersion: pulumi.Output<string | null>;
  /** The address of the API, null before the first answer. */
  declare public readonly baseUrl: pulumi.Output<string | null>;
  /** The first 8 hex digits of the SHA-256 of the API key, null before the first answer. */
  declare public readonly keyId: pulumi.Output<string | null>;

  constructor(name: string, args: CleanupPolicyArgs, options?: pulumi.CustomResourceOptions) {
    refuseMisspelt();
    const properties = {
      ...outputs,
      ...args,
      __provider: providerText("cleanupPolicy"),
      __urn: pulumi.createUrn(name, type, options?.parent),
      __preview: pulumi.runtime.isDryRun() ? true : undefined,
    };
    super(type, name, properties, options);
  }
}

const type = "pulumi-nodejs:dynamic/supermemory:CleanupPolicy";

/** The SDK gives a resource only the outputs that it is constructed with. */
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
