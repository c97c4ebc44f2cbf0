import * as pulumi from "@pulumi/pulumi";
import { refuseMisspelt } from "../config/spelling";
import { providerText } from "../dynamic/provider-text";

/** When a {@link ContainerPurge} purges. */
export type PurgeEvent = "create" | "update" | "drift" | "delete";

/** Which documents a {@link ContainerPurge} deletes. A document has to fit all that is given; at least one is. */
export interface Selection {
  /** Created longer ago than this, such as "30 days" or "12h", when the purge is planned. */
  olderThan?: pulumi.Input<string>;
  /** Created less long ago than this; longer than `olderThan` where both are given. */
  newerThan?: pulumi.Input<string>;
  /**
   * Its processing state, or several of them: unknown, queued, extracting, chunking, embedding, indexing, done, failed.
   *
   * Source: the vendor's OpenAPI document v3, operation postV3DocumentsList.
   */
  status?: pulumi.Input<string> | pulumi.Input<pulumi.Input<string>[]>;
  /** Values that its metadata holds: a flat object. */
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
   * The events that purge: `create` (a new resource, or a tag added to it), `update` (`triggers` changed), `drift`
   * (`pulumi up --refresh`, or a refresh before it, found documents) and `delete` (the resource, or a tag of it, is
   * removed). An empty list never purges.
   *
   * @default ["create", "update", "delete"]
   */
  purgeOn?: pulumi.Input<pulumi.Input<PurgeEvent>[]>;
  /** Any value; when it changes, all current tags are purged. */
  triggers?: unknown;
  /**
   * `documents` deletes the documents under a tag, and its container stays. `container` deletes the container itself,
   * with its documents and memories: a right of the organization's owners and admins.
   *
   * @default "documents"
   */
  scope?: pulumi.Input<"documents" | "container">;
  /**
   * Deletes only some of the documents; all others are kept, and so is one of which the API does not tell what is
   * needed. Implies `deleteBy: "ids"`; not together with scope `container`.
   *
   * @default all documents
   */
  select?: pulumi.Input<Selection>;
  /**
   * `tag` sends one call for each tag, which takes whatever is there when it arrives. `ids` lists first, and deletes
   * exactly the documents that were counted, 100 a call; documents that also carry a protected tag are kept (v5 does not
   * tell them).
   *
   * @default "tag"
   */
  deleteBy?: pulumi.Input<"tag" | "ids">;
  /**
   * What becomes of documents that also carry a tag that this operation does not purge: `delete`, `keep`, or `refuse`
   * the purge. The last two imply `deleteBy: "ids"`, and need v3 of the API: v5 does not tell a document's tags.
   *
   * @default "delete"
   */
  sharedDocuments?: pulumi.Input<"delete" | "keep" | "refuse">;
  /**
   * The most documents that one operation may delete, over all its tags, counted before the first delete. More: the
   * purge is refused and nothing is deleted. 0 allows none.
   *
   * @default 10000
   */
  maxDeletions?: pulumi.Input<number>;
  /** Protected tags, spelled out, that this resource may purge all the same. @default [] */
  allowProtectedTags?: pulumi.Input<pulumi.Input<string>[]>;
  /** List again after deleting; what remains is an error that says how many. @default true */
  verify?: pulumi.Input<boolean>;
  /**
   * How long one operation may take, waits included, such as "90s", "10m" or "1h30m"; at most "24h".
   *
   * @default "10m"
   */
  timeout?: pulumi.Input<string>;
}

/**
 * Deletes every document under its container tags when it is created, when it changes, and when it is destroyed.
 *
 * **Creating it purges too.** For a container that is in use already set `purgeOn: ["delete"]`; after renaming or
 * moving the resource set `aliases`, since without them the engine sees a new resource.
 *
 * It refuses, and then deletes nothing: more documents than `maxDeletions`; protected tags (a segment prod, production,
 * live or main, or sm_project_default) that `allowProtectedTags` does not name, and documents that also carry one;
 * another API address than before; a `select` by age where this machine's clock differs from the API's by more than 5
 * minutes.
 *
 * @throws RunError for a key of the stack's configuration that looks like a misspelt setting
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
  /** The tags, without duplicates. Let whoever writes to a container take its tag from here, so that they go first. */
  declare public readonly containerTags: pulumi.Output<string[]>;
  /** The tag when there is exactly one, else null. */
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
  /** Documents deleted over the life of the resource. */
  declare public readonly totalDeletedCount: pulumi.Output<number>;
  /** Documents deleted by the last purge, by tag. */
  declare public readonly deletedByTag: pulumi.Output<Record<string, number>>;
  /** Documents under the tags when they were last looked at; null before, and when they could not be counted since. */
  declare public readonly documentCount: pulumi.Output<number | null>;
  /** When the last purge ended (RFC 3339), null before the first. */
  declare public readonly lastPurgedAt: pulumi.Output<string | null>;
  /** What the last purge was for: an event, or several with commas between them; null before the first. */
  declare public readonly lastPurgeEvent: pulumi.Output<string | null>;
  /** What a purge that failed or was skipped left undone; the next `pulumi up` goes on with it. */
  declare public readonly pending: pulumi.Output<{ containerTag: string; event: PurgeEvent }[]>;
  /** The generation of the API, such as "v3", null before the first answer. */
  declare public readonly apiVersion: pulumi.Output<string | null>;
  /** The address of the API, null before the first answer. */
  declare public readonly baseUrl: pulumi.Output<string | null>;
  /** The first 8 hex digits of the SHA-256 of the API key, null before the first answer. */
  declare public readonly keyId: pulumi.Output<string | null>;

  constructor(name: string, args: ContainerPurgeArgs, options?: pulumi.CustomResourceOptions) {
    refuseMisspelt();
    const properties = {
      ...outputs,
      ...args,
      __provider: providerText("containerPurge"),
      __urn: pulumi.createUrn(name, type, options?.parent),
      __preview: pulumi.runtime.isDryRun() ? true : undefined,
    };
    super(type, name, properties, options);
  }
}

const type = "pulumi-nodejs:dynamic/supermemory:ContainerPurge";

/** The SDK gives a resource only the outputs that it is constructed with. */
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
};
