import * as pulumi from "@pulumi/pulumi";
import { refuseLostNames, refuseMisspelt } from "../config/spelling";
import { plainTriggers } from "../dynamic/plain-triggers";
import { hiddenInputs, warnOfTimeouts } from "../dynamic/registration";

/** When a {@link ContainerPurge} purges. */
export type PurgeEvent = "create" | "update" | "drift" | "delete";

/** Which documents a {@link ContainerPurge} deletes: those that match all given fields. At least one is required. */
export interface Selection {
  /** Documents older than this when the purge is planned, such as "30 days" or "12h". */
  olderThan?: pulumi.Input<string>;
  /** Documents newer than this. Must be longer than `olderThan` if both are given. */
  newerThan?: pulumi.Input<string>;
  /**
   * Documents in this processing state, or in one of several: unknown, queued, extracting, chunking, embedding, indexing, done, failed.
   *
   * Source: the vendor's OpenAPI document v3, operation postV3DocumentsList.
   */
  status?: pulumi.Input<string> | pulumi.Input<pulumi.Input<string>[]>;
  /** Documents whose metadata contains all of these values: a flat object. */
  metadata?: pulumi.Input<Record<string, pulumi.Input<string | number | boolean>>>;
}

/** The arguments of a {@link ContainerPurge}. */
export interface ContainerPurgeArgs {
  /**
   * The container tags to purge: 1 to 100, compared as a set, each matching `^[a-zA-Z0-9_:-]{1,100}$`.
   *
   * Source of the pattern: the vendor's OpenAPI document v3, operation deleteV3DocumentsBulk.
   */
  containerTags: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * The events that purge: `create` (a new resource, or an added tag), `update` (changed `triggers`), `drift` (documents
   * that a refresh found) and `delete` (a removed resource or tag). An empty list never purges.
   *
   * @default ["create", "update", "delete"]
   */
  purgeOn?: pulumi.Input<pulumi.Input<PurgeEvent>[]>;
  /**
   * Any value. When it changes, all current tags are purged.
   *
   * In TypeScript, a Date, Map, Set, BigInt, URL, RegExp or Error is compared by its content. A function, a cycle, a
   * resource, an asset or an instance of another class is an error.
   */
  triggers?: unknown;
  /**
   * `documents` deletes the documents in a container and keeps the container. `container` deletes the container with its
   * documents and memories, which only owners and admins of the organization may do.
   *
   * @default "documents"
   */
  scope?: pulumi.Input<"documents" | "container">;
  /**
   * Deletes only some of the documents and keeps the others. A document for which the API does not return a needed field
   * is kept. Implies `deleteBy: "ids"`. Cannot be combined with scope `container`.
   *
   * @default all documents
   */
  select?: pulumi.Input<Selection>;
  /**
   * `tag` sends one request per tag, which deletes all documents that exist when it arrives. `ids` deletes exactly the
   * documents that were counted, 100 per request, and keeps documents that also carry a protected tag (API v5 does not
   * return a document's tags).
   *
   * @default "tag"
   */
  deleteBy?: pulumi.Input<"tag" | "ids">;
  /**
   * What to do with documents that also carry a tag outside this operation: `delete` them, `keep` them, or `refuse` the
   * purge. The last two imply `deleteBy: "ids"`, and require API v3, because v5 does not return a document's tags.
   *
   * @default "delete"
   */
  sharedDocuments?: pulumi.Input<"delete" | "keep" | "refuse">;
  /**
   * The maximum number of documents that one operation may delete, across all its tags. They are counted before the first
   * delete. A larger purge is refused, and nothing is deleted. With 0, every purge that would delete something is refused.
   *
   * @default 10000
   */
  maxDeletions?: pulumi.Input<number>;
  /** Protected tags that this resource may purge. Globs are not supported. @default [] */
  allowProtectedTags?: pulumi.Input<pulumi.Input<string>[]>;
  /** Lists again after deleting. If documents remain, the purge fails. @default true */
  verify?: pulumi.Input<boolean>;
  /**
   * How long one operation may take, including waits, such as "90s", "10m" or "1h30m"; at most "24h".
   *
   * @default "10m"
   */
  timeout?: pulumi.Input<string>;
}

/**
 * Deletes every document under its container tags when it is created, when it changes, and when it is destroyed.
 *
 * **Creating it purges too.** For a container that is already in use, set `purgeOn: ["delete"]`. If you rename or move the
 * resource, set `aliases`, because without them Pulumi sees a new resource.
 *
 * A purge is refused, and deletes nothing, if it exceeds `maxDeletions`, if a tag is protected (a segment prod,
 * production, live or main, or sm_project_default) and not in `allowProtectedTags`, if documents also carry such a tag,
 * if the API address changed, or if it selects by age and this machine's clock differs from the API's by more than 5
 * minutes.
 *
 * @throws RunError if a key in the stack's configuration looks like a misspelled setting
 *
 * @example
 * ```ts
 * import { ContainerPurge } from "pulumi-supermemory";
 *
 * const memory = new ContainerPurge("memory", { containerTags: ["pr-42"], purgeOn: ["delete"] });
 * export const containerTag = memory.containerTags.apply(([tag]) => tag);
 * ```
 */
export class ContainerPurge extends pulumi.CustomResource {
  /** The tags, without duplicates. Resources that use a tag from this output are destroyed before the purge. */
  declare public readonly containerTags: pulumi.Output<string[]>;
  /** The tag if there is exactly one; otherwise null. */
  declare public readonly containerTag: pulumi.Output<string | null>;
  declare public readonly purgeOn: pulumi.Output<PurgeEvent[]>;
  declare public readonly triggers: pulumi.Output<unknown>;
  declare public readonly scope: pulumi.Output<"documents" | "container">;
  declare public readonly select: pulumi.Output<pulumi.Unwrap<Selection> | undefined>;
  declare public readonly deleteBy: pulumi.Output<"tag" | "ids">;
  declare public readonly sharedDocuments: pulumi.Output<"delete" | "keep" | "refuse">;
  declare public readonly maxDeletions: pulumi.Output<number>;
  declare public readonly allowProtectedTags: pulumi.Output<string[]>;
  declare public readonly verify: pulumi.Output<boolean>;
  declare public readonly timeout: pulumi.Output<string>;
  /** Documents deleted by the last purge. */
  declare public readonly deletedCount: pulumi.Output<number>;
  /** Documents deleted by all purges of this resource. */
  declare public readonly totalDeletedCount: pulumi.Output<number>;
  /** Documents deleted by the last purge, by tag. */
  declare public readonly deletedByTag: pulumi.Output<Record<string, number>>;
  /** Documents under the tags at the last count; null before the first count, and if the last one failed. */
  declare public readonly documentCount: pulumi.Output<number | null>;
  /** When the last purge ended (RFC 3339), null before the first. */
  declare public readonly lastPurgedAt: pulumi.Output<string | null>;
  /** The event of the last purge, or several, separated by commas; null before the first. */
  declare public readonly lastPurgeEvent: pulumi.Output<string | null>;
  /** Purges that failed or were skipped. The next `pulumi up` resumes them. */
  declare public readonly pending: pulumi.Output<{ containerTag: string; event: PurgeEvent }[]>;
  /** The API version, such as "v3"; null before the first response. */
  declare public readonly apiVersion: pulumi.Output<string | null>;
  /** The address of the API; null before the first response. */
  declare public readonly baseUrl: pulumi.Output<string | null>;
  /** The first 8 hex digits of the SHA-256 of the API key; null before the first response. */
  declare public readonly keyId: pulumi.Output<string | null>;
  /** The project of the last `pulumi up`. A destroy in another project is refused. */
  declare public readonly project: pulumi.Output<string | null>;
  /** The stack of the last `pulumi up`. */
  declare public readonly stack: pulumi.Output<string | null>;

  constructor(name: string, args: ContainerPurgeArgs, options?: pulumi.CustomResourceOptions) {
    refuseMisspelt();
    const given: Partial<ContainerPurgeArgs> = { ...args };
    refuseLostNames(name, given.select);
    const sent = { ...given, triggers: plainTriggers(given.triggers, name) };
    const tags = given.containerTags;
    const hidden = hiddenInputs({ methods: "containerPurge", type, name, args: sent, tags, options });
    super(type, name, { ...outputs, ...sent, ...hidden }, options);
    warnOfTimeouts(this, name, options);
  }
}

const type = "pulumi-nodejs:dynamic/supermemory:ContainerPurge";

/** The SDK sets only those outputs that are among the properties at construction. */
const outputs = {
  purgeOn: undefined,
  triggers: undefined,
  scope: undefined,
  select: undefined,
  deleteBy: undefined,
  sharedDocuments: undefined,
  maxDeletions: undefined,
  allowProtectedTags: undefined,
  verify: undefined,
  timeout: undefined,
  containerTag: undefined,
  deletedCount: undefined,
  totalDeletedCount: undefined,
  deletedByTag: undefined,
  documentCount: undefined,
  lastPurgedAt: undefined,
  lastPurgeEvent: undefined,
  pending: undefined,
  apiVersion: undefined,
  baseUrl: undefined,
  keyId: undefined,
  project: undefined,
  stack: undefined,
};
