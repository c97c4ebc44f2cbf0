import type { ApiState } from "./generation";

/** Where the vendor's documents leave the behaviour open or disagree, or a test wants another. */
export interface Behaviour {
  /** How long an added document processes, in milliseconds; Infinity: until finishProcessing(). Default 0. */
  readonly processingMs: number;
  /**
   * How long the memories of an added document are generated after its processing, in milliseconds; until then its dreamingStatus is
   * "dreaming". Infinity: until finishProcessing(). Not for documents added with `dreaming` "instant" or `taskType` "superrag". Default 0.
   */
  readonly dreamingMs: number;
  /**
   * What a deletion does with documents that are still processing. `refuse`, the default, leaves them: a row in `errors[]` for an id, 409 for a
   * single document, silence for a tag. `conflict` answers 409 and deletes nothing. `allow` deletes them. The deletion of a container takes
   * them along, except with `conflict`.
   */
  readonly processingDeletes: "refuse" | "conflict" | "allow";
  /** What a bulk delete of v3 answers for a tag that no container has: `zero`, the default, 200 and 0; `notFound` a 404 that names it. */
  readonly unknownTag: "zero" | "notFound";
  /**
   * Whether the rows of v3 leave out `containerTags`, which the OpenAPI document lets them: `never`, the default; `always`; `some`: the row of
   * every second document.
   */
  readonly omitContainerTags: "never" | "always" | "some";
  /** What a v3 deletion by ids without errors answers: `array`, the default, an empty `errors`; `omitted`: no such field. */
  readonly emptyErrors: "array" | "omitted";
  /** How many memories each document has brought into its containers, beside the direct ones; they go with it. Default 0. */
  readonly memoriesPerDocument: number;
  /** The highest `limit` of a list over v3. Default 1100, as the OpenAPI document says. In v5 it is always 100. */
  readonly maxListLimit: number;
  /** What a v5 list answers for an unknown namespace: `empty`, the default, 200 without rows; `notFound` a 404 that names it. */
  readonly unknownNamespace: "empty" | "notFound";
  /** The name of the number that `DELETE /ns/{namespace}/document` answers. Default `count`. */
  readonly countField: "count" | "deletedCount";
  /**
   * What a v5 deletion does with a document that other namespaces hold too (added over v3 with several tags): `everywhere`, the default,
   * removes it from all of them, as v3 does; `namespace` leaves it in the others. It counts as deleted either way.
   */
  readonly sharedDeletes: "everywhere" | "namespace";
  /** Who may delete a namespace: owners and `admins`, the default, as in v3; or every key that may delete (`writers`). */
  readonly namespaceDeleters: "admins" | "writers";
  /** The shape of a v5 400: `issues`, the default, is `{success: false, error: [{message, path}], data}`; `message` `{error, details}`. */
  readonly invalidRequests: "issues" | "message";
  /** The status of a queued move of a namespace. Default 202. */
  readonly moveStatus: 200 | 202;
  /** Whether the answers to v5 deletions carry `success: true` too. Default false. */
  readonly successFlag: boolean;
  /**
   * Which release of v5 the emulator follows. `5.0.1`, the default. `5.0.0` does not know `include.content` and `include.memoryCount` (400),
   * returns no dreamingStatus and ignores `q`.
   */
  readonly v5Release: "5.0.1" | "5.0.0";
  /** Whether v3 is there at the start. Default `on`. */
  readonly v3: ApiState;
  /** Whether v5 is there at the start. Default `on`. */
  readonly v5: ApiState;
}

/** The options, with what is not given filled in. */
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
  return { processingMs, dreamingMs, ...lists, ...deletions, invalidRequests, v5Release, v3, v5 };
}
