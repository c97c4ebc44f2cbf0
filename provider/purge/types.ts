import type { ApiVersion, SupermemoryApi } from "../client/api";
import type { Deadline } from "../client/deadline";
import type { RetryPolicy } from "../client/retry";
import type { Wait } from "../client/call-context";
import type { PackedIds } from "./packed-ids";

/** Why a container is purged: the part of the resource's life that asks for it, or a policy's plan. */
export type PurgeEvent = "create" | "update" | "drift" | "delete" | "policy";

/** One container to purge, and why. */
export interface Target {
  readonly containerTag: string;
  readonly event: PurgeEvent;
}

/**
 * How containers are emptied: one call for each tag; the container itself, with its memories; or exactly the documents
 * that were counted, of which `select` and `sharedDocuments` may leave some.
 */
export type PurgeMethod =
  | { readonly kind: "tag" }
  | { readonly kind: "container" }
  | {
      readonly kind: "ids";
      readonly select: DocumentFilter | undefined;
      readonly sharedDocuments: "delete" | "keep" | "refuse";
    };

/** Which documents go. A document has to fit all that is given. */
export interface DocumentFilter {
  /** Created more than this long ago, in milliseconds. */
  readonly olderThanMs?: number | undefined;
  /** Created less than this long ago, in milliseconds. */
  readonly newerThanMs?: number | undefined;
  /** Processing states, of which it has one. */
  readonly status?: readonly string[] | undefined;
  /** Values that its metadata holds. */
  readonly metadata?: Readonly<Record<string, string | number | boolean>> | undefined;
}

/** What a purge may touch. */
export interface Guardrails {
  /** Most deletions of one operation, over all tags. */
  readonly maxDeletions: number;
  /** Protected tags that may be purged all the same: while they are managed, and when they are given up. */
  readonly allowProtectedTags: { readonly managed: readonly string[]; readonly removed: readonly string[] };
  /** Tags that are protected beside the built-in ones. */
  readonly protectedTags: readonly string[];
  /** Globs of which every tag must match one; undefined allows all. */
  readonly allowedTags: readonly string[] | undefined;
  /** Globs of tags that a policy leaves alone, whatever else their documents carry. @default none */
  readonly except?: readonly string[] | undefined;
  /** The API's address now and when it last gave a valid list, and the origin that passes in this command. */
  readonly address: { readonly now: string; readonly recorded: string | null; readonly accepted: string | undefined };
}

/** One operation: which containers, under which rules. */
export interface PurgeRequest {
  /** How messages call the resource: its name in the program. */
  readonly resource: string;
  readonly targets: readonly Target[];
  readonly guardrails: Guardrails;
  readonly method: PurgeMethod;
  /** List again after deleting. */
  readonly verify: boolean;
  /** Asked of each container right before its first delete: why it is to stay after all, undefined to go on. */
  readonly recheck?: ((plan: TagPlan, session: PurgeSession) => Promise<string | undefined>) | undefined;
}

/** What a purge works with; everything that touches the world. */
export interface PurgeSession {
  readonly api: SupermemoryApi;
  readonly deadline: Deadline;
  readonly policy: RetryPolicy;
  /** Requests in flight at most; more than that is not begun at a time. */
  readonly concurrency: number;
  /** Asked right before each deleting request; throws to stop. */
  readonly beforeMutation: () => Promise<void>;
  /** Told of each request right before it is sent. */
  readonly onAttempt: (mutating: boolean) => void;
  /** Told which generation the next request is for, where that can change; throws to stop it. */
  readonly onApiVersion?: (generation: ApiVersion) => void;
  /** Told what time it is by the API's clock; throws to stop it. */
  readonly onServerTime?: (time: number) => void;
  /** Told how many documents were counted, before the guard judges. */
  readonly onPlanned: (total: number) => void;
  /** A status line that replaces the one before. */
  readonly onStatus: (message: string) => void;
  readonly onWait: (wait: Wait) => void;
}

/** What one container held when it was counted. */
export interface TagPlan extends Target {
  /** Documents to delete. */
  readonly count: number;
  /** Documents under the tag, those that are kept included. */
  readonly listed: number;
  /** The ids of those to delete, where exactly these are to go. */
  readonly ids?: PackedIds;
  readonly kept: readonly Kept[];
  /** Documents to delete that also carry a tag outside this purge, and one such tag; where `sharedDocuments` asks. */
  readonly outside?: { readonly documents: number; readonly containerTag: string } | undefined;
  /** createdAt of its newest document, in milliseconds; what is newer was written after the plan. */
  readonly newest: number;
  /** Documents that are in the plan of another container of the purge. Default 0. */
  readonly elsewhere?: number;
  /** Other tags that the documents of the first page also carry. */
  readonly alsoCarried: ReadonlyMap<string, number>;
  /** Whether that is true of all its documents: there are no more pages, and the API tells the tags (v5 does not). */
  readonly allTagsSeen: boolean;
}

export interface Plan {
  readonly tags: readonly TagPlan[];
  /** Over several tags an upper bound: a document may carry two. */
  readonly total: number;
  readonly apiVersion: ApiVersion;
}

/** Documents that a purge leaves where they are, and why. */
export interface Kept {
  readonly reason: string;
  readonly documents: number;
}

/** What became of one container. */
export interface TagResult extends Target {
  readonly planned: number;
  readonly deleted: number;
  /** Documents of the plan that are still there; undefined when that is not known. */
  readonly remaining: number | undefined;
  /** Documents seen in the end, also such as are kept or were written after the plan. */
  readonly lastSeen: number;
  /** Documents that were written after the plan, and stay. */
  readonly written: number;
  /**
   * `deleted` is not certain: a request went unanswered while others wrote to the container, so that it is what
   * listing suggests; or no list could be had any more, and it is the least that was deleted.
   */
  readonly estimated: boolean;
  /** It is estimated, and no less was deleted. */
  readonly least: boolean;
  readonly done: boolean;
  readonly kept: readonly Kept[];
  /** Memories that went with the container; undefined where the answer that tells was lost. */
  readonly memories: number | undefined;
  /** The container itself was to go, and was not there. */
  readonly absent: boolean;
  /** Why the container was left alone at the last moment; undefined when it was not. */
  readonly skipped?: string | undefined;
}

/** What a whole purge did. */
export interface PurgeOutcome {
  readonly tags: readonly TagResult[];
  readonly planned: number;
  readonly deleted: number;
  readonly estimated: boolean;
  readonly durationMs: number;
  readonly method: PurgeMethod;
}
