import type { ApiState } from "./api-version";

/** Behaviour that the vendor's documents leave open or disagree on, or that a test wants to change. */
export interface Behaviour {
  /** How long an added document is processed, in milliseconds. Infinity: until finishProcessing(). Default: 0. */
  readonly processingMs: number;
  /**
   * How long the memories of an added document are generated after its processing, in milliseconds. Until then its dreamingStatus is
   * "dreaming". Infinity: until finishProcessing(). Documents added with `dreaming` "instant" or `taskType` "superrag" need no such time.
   * Default: 0.
   */
  readonly dreamingMs: number;
  /**
   * What a deletion does with documents that are still processing. `refuse`, the default, keeps them: the response has a row in `errors[]` for
   * an id, is a 409 for a single document, and does not mention them for a tag. `conflict` returns 409 and deletes nothing. `allow` deletes
   * them. Deleting a container always deletes them, except with `conflict`.
   */
  readonly processingDeletes: "refuse" | "conflict" | "allow";
  /** The response to a v3 bulk delete of an unknown tag: `zero`, the default, is 200 with a count of 0; `notFound` is a 404 that names the tag. */
  readonly unknownTag: "zero" | "notFound";
  /**
   * Whether v3 rows omit `containerTags`, which is optional in the OpenAPI document: `never`, the default; `always`; or `some`, in the row of
   * every second document.
   */
  readonly omitContainerTags: "never" | "always" | "some";
  /** `errors` in the response to a v3 delete by ids without errors: `array`, the default, is an empty array; `omitted` is no such field. */
  readonly emptyErrors: "array" | "omitted";
  /** The number of memories that each document adds to its containers. They are deleted with the document. Default: 0. */
  readonly memoriesPerDocument: number;
  /** The maximum `limit` of a v3 list. Default: 1100, as in the OpenAPI document. On v5 it is always 100. */
  readonly maxListLimit: number;
  /** The response to a v5 list of an unknown namespace: `empty`, the default, is 200 without rows; `notFound` is a 404 that names it. */
  readonly unknownNamespace: "empty" | "notFound";
  /** The name of the count in the response to `DELETE /ns/{namespace}/document`. Default: `count`. */
  readonly countField: "count" | "deletedCount";
  /**
   * What a v5 deletion does with a document that is also in other namespaces (added on v3 with several tags). `everywhere`, the default, deletes
   * it from all of them, as v3 does. `namespace` keeps it in the others. It counts as deleted either way.
   */
  readonly sharedDeletes: "everywhere" | "namespace";
  /** Who may delete a namespace: owners and `admins`, the default, as on v3; or `writers`, every key that may delete. */
  readonly namespaceDeleters: "admins" | "writers";
  /** The shape of a v5 400: `issues`, the default, is `{success: false, error: [{message, path}], data}`; `message` is `{error, details}`. */
  readonly invalidRequests: "issues" | "message";
  /** The status of a queued move of a namespace. Default: 202. */
  readonly moveStatus: 200 | 202;
  /** Whether responses to v5 deletions contain `success: true`. Default: false. */
  readonly successFlag: boolean;
  /**
   * The release of v5 to emulate. Default: `5.0.1`. `5.0.0` rejects `include.content` and `include.memoryCount` with 400, returns no
   * dreamingStatus, and ignores `q`.
   */
  readonly v5Release: "5.0.1" | "5.0.0";
  /** Whether lists keep the order by `updatedAt` that a request asks for: `kept`, the default; or `ignored`, by `createdAt`. */
  readonly updatedOrder: "kept" | "ignored";
  /**
   * `lastActivityAt` in the v3 list of containers: `right`, the default, or a value that cannot be right: `null`, `epoch` (1970), `yearOne`, or
   * `beforeCreation` of the container.
   */
  readonly lastActivity: "right" | "null" | "epoch" | "yearOne" | "beforeCreation";
  /**
   * Whether lists of containers have each container twice: `none`, the default; `staleFirst` or `staleLast`, where the additional entry has the last
   * activity of its creation.
   */
  readonly duplicateContainers: "none" | "staleFirst" | "staleLast";
  /** The state of API v3 at the start: `on`, or how it has ended. Default: `on`. */
  readonly v3: ApiState;
  /** The state of API v5 at the start. Default: `on`. */
  readonly v5: ApiState;
}

/** The options with their defaults. */
export function behaviourOf({
  processingMs = 0,
  dreamingMs = 0,
  processingDeletes = "refuse",
  unknownTag = "zero",
  omitContainerTags = "never",
  emptyErrors = "array",
  memoriesPerDocument = 0,
  maxListLimit = 1100,
  unknownNamespace = "empty",
  countField = "count",
  sharedDeletes = "everywhere",
  namespaceDeleters = "admins",
  invalidRequests = "issues",
  moveStatus = 202,
  successFlag = false,
  v5Release = "5.0.1",
  updatedOrder = "kept",
  lastActivity = "right",
  duplicateContainers = "none",
  v3 = "on",
  v5 = "on",
}: Partial<Behaviour>): Behaviour {
  const lists = { unknownTag, omitContainerTags, memoriesPerDocument, maxListLimit, unknownNamespace };
  const deletions = {
    processingDeletes,
    emptyErrors,
    countField,
    sharedDeletes,
    namespaceDeleters,
    moveStatus,
    successFlag,
  };
  const containers = { updatedOrder, lastActivity, duplicateContainers };
  return { processingMs, dreamingMs, ...lists, ...containers, ...deletions, invalidRequests, v5Release, v3, v5 };
}
