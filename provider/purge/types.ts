import type { ApiVersion, SupermemoryApi } from "../client/api";
import type { Deadline } from "../client/deadline";
import type { RetryPolicy } from "../client/retry";
import type { Wait } from "../client/call-context";
import type { Place } from "../client/place";
import type { Losses } from "./losses";

/** Why a container is purged: an event in the resource's life, or a policy's plan. */
export type PurgeEvent = "create" | "update" | "drift" | "delete" | "policy";

/** One container to purge, and why. */
export interface Target {
  readonly containerTag: string;
  readonly event: PurgeEvent;
}

/**
 * How containers are emptied. `tag` sends one delete per tag. `container` deletes the container itself with its
 * memories. `ids` deletes exactly the planned documents; `select` and `sharedDocuments` decide which ones are planned.
 */
export type PurgeMethod =
  | { readonly kind: "tag" }
  | { readonly kind: "container" }
  | {
      readonly kind: "ids";
      readonly select: DocumentFilter | undefined;
      readonly sharedDocuments: "delete" | "keep" | "refuse";
    };

/** Which documents to delete. A document must match every given condition. */
export interface DocumentFilter {
  /** Created more than this long ago, in milliseconds. */
  readonly olderThanMs?: number | undefined;
  /** Created less than this long ago, in milliseconds. */
  readonly newerThanMs?: number | undefined;
  /** Processing states; a document matches any of them. */
  readonly status?: readonly string[] | undefined;
  /** Values that its metadata must contain. */
  readonly metadata?: Readonly<Record<string, string | number | boolean>> | undefined;
}

/** What a purge may touch. */
export interface Guardrails {
  /** Most deletions of one operation, over all tags. */
  readonly maxDeletions: number;
  /** Protected tags that may still be purged: while they are managed, and when they are removed. */
  readonly allowProtectedTags: { readonly managed: readonly string[]; readonly removed: readonly string[] };
  /** Protected tags in addition to the built-in ones. */
  readonly protectedTags: readonly string[];
  /** Where each of them is set, for messages. @default "protectedTags" */
  readonly protectedTagSources?: ReadonlyMap<string, string> | undefined;
  /** Globs; every tag must match one of them. Undefined allows every tag. */
  readonly allowedTags: readonly string[] | undefined;
  /** Globs of tags that a policy never purges, including documents that also carry them. @default none */
  readonly except?: readonly string[] | undefined;
  /** The API's address now, the one that last returned a valid list, and the origin accepted for this command. */
  readonly address: { readonly now: string; readonly recorded: string | null; readonly accepted: string | undefined };
  /** What the last plan on v3 showed; undefined if the resource was not last purged on v3. */
  readonly lastOnV3?: { readonly besideProtected: boolean; readonly acceptV5: boolean } | undefined;
}

/** One operation: which containers to purge, under which rules. */
export interface PurgeRequest {
  /** The resource's name in the program, for messages. */
  readonly resource: string;
  readonly targets: readonly Target[];
  readonly guardrails: Guardrails;
  readonly method: PurgeMethod;
  /** List again after deleting. */
  readonly verify: boolean;
  /**
   * Called for each container right before its first delete, and again after each wait and in each later round. Returns
   * why to keep it, or undefined to purge it.
   */
  readonly recheck?: ((plan: TagPlan, session: PurgeSession) => Promise<string | undefined>) | undefined;
}

/** Everything outside the domain that a purge uses. */
export interface PurgeSession {
  /** Its version is fixed from the first list on. */
  readonly api: SupermemoryApi;
  readonly deadline: Deadline;
  readonly policy: RetryPolicy;
  /** Its requests hold back no others. Default false. */
  readonly aside?: boolean;
  /** The missing responses of all purges of the process at this address. Default: of this purge alone. */
  readonly losses?: Losses;
  /** Most requests in flight. */
  readonly concurrency: number;
  /** The place in the limiter that its requests are sent in, during a unit. */
  readonly place?: Place;
  /** Called right before each deleting request. Throws to stop it. */
  readonly beforeMutation: () => Promise<void>;
  /** Called right before each request is sent. */
  readonly onAttempt: (mutating: boolean) => void;
  /** Called with the API's time. Throws to stop. */
  readonly onServerTime?: (time: number) => void;
  /** Called with the number of documents under a tag, before they are listed. */
  readonly onListed?: (containerTag: string, total: number) => void;
  /** Called with the number of planned documents, before the guard checks it. */
  readonly onPlanned: (total: number) => void;
  /** A status line that replaces the previous one. Its first word names the phase. */
  readonly onStatus: (message: string) => void;
  /** Called with the documents deleted so far, over all containers. */
  readonly onDeleted?: (deleted: number, planned: number) => void;
  readonly onWait: (wait: Wait) => void;
}

/** Documents of one container that also carry other tags, by tag. */
export interface AlsoIn {
  readonly byTag: ReadonlyMap<string, number>;
  /** Whether the numbers are exact. */
  readonly certainty: "exact" | "least" | "about";
}

/** What one container held when it was counted. */
export interface TagPlan extends Target {
  /** Documents to delete. */
  readonly count: number;
  /** Documents under the tag, including those that are kept. */
  readonly listed: number;
  /** The ids to delete, in a purge by ids. */
  readonly ids?: ReadonlySet<string>;
  /** In a purge by tag: the ids of all documents, if one list showed them all. */
  readonly members?: ReadonlySet<string> | undefined;
  readonly kept: readonly Kept[];
  /** With sharedDocuments "refuse": planned documents that also carry a tag outside this purge, and one such tag. */
  readonly outside?: { readonly documents: number; readonly containerTag: string } | undefined;
  /** When it was listed. Default: when the purge was planned. */
  readonly listedAt?: number;
  /** createdAt of the newest document, in milliseconds. Newer documents were written after the plan. */
  readonly newest: number;
  /** Documents that another container's plan includes, by that container. Default none. */
  readonly elsewhere?: readonly { readonly containerTag: string; readonly documents: number }[];
  /** Other tags of the documents on the first page; in a purge by ids, those outside the purge of the planned documents. */
  readonly alsoCarried: ReadonlyMap<string, number>;
  /** Some documents also carry a protected tag. Default false, also where the API does not return tags. */
  readonly besideProtected?: boolean;
  /** `alsoCarried` covers every document: one page held them all, and the API returned their tags (v5 does not). */
  readonly allTagsSeen: boolean;
}

export interface Plan {
  readonly tags: readonly TagPlan[];
  /** Over several tags an upper bound, since a document may carry two of them. */
  readonly total: number;
  readonly apiVersion: ApiVersion;
}

/** Documents that a purge keeps, and why. */
export interface Kept {
  readonly reason: string;
  readonly documents: number;
}

/** The result for one container. */
export interface TagResult extends Target {
  readonly planned: number;
  readonly deleted: number;
  /** Planned documents that still exist, from a list; undefined if no list has followed the last delete. */
  readonly remaining: number | undefined;
  /** Planned documents that remain, or of which no response confirmed that they were deleted. */
  readonly unconfirmed: number;
  /** Planned documents that are gone although no response reported that they were deleted. */
  readonly goneWithoutResponse: number;
  /** Deletions that responses reported beyond the number of planned documents. */
  readonly beyondPlan: number;
  /** Documents in the last list, including kept ones and those written after the plan. */
  readonly lastSeen: number;
  /** Documents that were written after the plan and are kept. */
  readonly written: number;
  /**
   * `deleted` is not certain. Either a response is missing and no list came after it, or documents are gone without a
   * response, or responses counted documents twice, or see `lostBeside`.
   */
  readonly estimated: boolean;
  /** `deleted` is estimated and a lower bound. */
  readonly least: boolean;
  /** Another purge of the container missed a response at the same time, so it may have counted these documents too. */
  readonly lostBeside?: true;
  readonly done: boolean;
  readonly kept: readonly Kept[];
  /** Memories deleted with the container; undefined if the response with their number was lost. */
  readonly memories: number | undefined;
  /** The container itself was to be deleted and did not exist. */
  readonly absent: boolean;
  /** Other containers of the deleted documents, as far as the lists showed them; undefined for none. */
  readonly alsoIn?: AlsoIn | undefined;
  /** Why the recheck skipped the container; undefined if it did not. */
  readonly skipped?: string | undefined;
}

/** The result of a whole purge. */
export interface PurgeOutcome {
  readonly tags: readonly TagResult[];
  readonly planned: number;
  readonly deleted: number;
  readonly estimated: boolean;
  /** What a person should know although the purge is complete. */
  readonly warnings: readonly string[];
  readonly durationMs: number;
  readonly method: PurgeMethod;
  readonly apiVersion: ApiVersion;
  /** The plan saw documents that also carry a protected tag. v5 does not return tags. */
  readonly besideProtected: boolean;
}
