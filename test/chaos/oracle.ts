import type { StoredDocument } from "../../emulator/index";
import type { Target } from "../../provider/purge/types";
import type { Evidence } from "./run";
import { listsOf } from "./traffic";
import { tags } from "./words";

/** What a purge may and must delete, derived from the case alone, without the tested code. */
export interface Oracle {
  readonly may: (document: StoredDocument) => boolean;
  /** Whether a document that existed at the start must be deleted from the purged containers after a success. */
  readonly must: (document: StoredDocument) => boolean;
  readonly refusedAtOnce: string | undefined;
  readonly isProtectedBeside: (document: StoredDocument, target: Target) => boolean;
  /** Whether `sharedDocuments` is the only reason to keep a document. */
  readonly isShared: (document: StoredDocument) => boolean;
}

export function oracleOf(evidence: Evidence): Oracle {
  const { asked } = evidence;
  const { method, targets } = asked;
  const views = new Map(targets.map((target) => [target, viewsOf(evidence, target)]));
  const targetsOf = ({ containerTags }: StoredDocument): readonly Target[] =>
    targets.filter(({ containerTag }) => containerTags.includes(containerTag));
  const isProtectedBeside = ({ containerTags }: StoredDocument, target: Target): boolean =>
    containerTags.some((tag) => tag !== target.containerTag && isProtected(tag, target, evidence));
  const isDeleted = (document: StoredDocument, target: Target, hasTags: boolean): boolean => {
    if (method.kind !== "ids") return true;
    if (!hasTags) return method.sharedDocuments === "delete";
    if (isProtectedBeside(document, target)) return false;
    const inside = document.containerTags.every((tag) => targets.some(({ containerTag }) => containerTag === tag));
    return inside || method.sharedDocuments === "delete";
  };
  return {
    isProtectedBeside,
    isShared: (document) =>
      fits(document, evidence).every(Boolean) &&
      targetsOf(document).length > 0 &&
      !targetsOf(document).some((target) => isProtectedBeside(document, target)) &&
      document.containerTags.length > targetsOf(document).length,
    may: (document) =>
      fits(document, evidence).some(Boolean) &&
      targetsOf(document).some(
        (target) => views.get(target)?.some((hasTags) => isDeleted(document, target, hasTags)) === true,
      ),
    must: (document) =>
      fits(document, evidence).every(Boolean) &&
      targetsOf(document).length > 0 &&
      targetsOf(document).every(
        (target) => views.get(target)?.every((hasTags) => isDeleted(document, target, hasTags)) === true,
      ),
    refusedAtOnce: refusedAtOnce(evidence),
  };
}

/**
 * Whether a purge may use v5, which does not show tags: it is pinned or recorded, or v3 is off for good, or has at least
 * looked like it for long enough. A purge that moves earlier deletes what v3 protects.
 */
export function mayUseV5({ asked, beside, emulator, exchanges: own }: Evidence): boolean {
  const { apiVersion, behaviour, recorded } = asked;
  if (apiVersion !== "auto") return apiVersion === "v5";
  if (recorded === "v5" || (behaviour.v3 ?? "on") !== "on") return true;
  const isOff = emulator.faults.some(
    ({ hits, rule: { then } }) => hits > 0 && then.kind === "switchOff" && then.forMs === undefined,
  );
  if (isOff) return true;
  // The process remembers what it saw.
  const exchanges = [...own, ...(beside?.exchanges ?? [])];
  const failures = (path: string): readonly number[] =>
    exchanges
      .filter(({ request, response }) => new URL(request.url).pathname === path && !isDocumented(response))
      .map(({ sentAt }) => sentAt);
  return ["/v3/documents/list", "/v3/container-tags/list"].every((path) => {
    const times = failures(path);
    return Math.max(...times) - Math.min(...times) >= (recorded === "v3" ? 20_000 : 2_000);
  });
}

function isDocumented(response: Evidence["exchanges"][number]["response"]): boolean {
  return response?.status === 200 && !response.text.startsWith("<");
}

/** Whether the lists for the plan of a container included the tags of its documents. Both values when some did. */
function viewsOf(evidence: Evidence, { containerTag }: Target): readonly boolean[] {
  const { omitContainerTags = "never" } = evidence.asked.behaviour;
  const lists = listsOf(evidence).filter((list) => list.containerTag === containerTag && list.forPlan);
  const v3 = lists.some(({ api }) => api === "v3");
  const v5 = lists.some(({ api }) => api === "v5") && mayUseV5(evidence);
  return [
    ...(v3 && omitContainerTags !== "always" ? [true] : []),
    ...(v5 || (v3 && omitContainerTags !== "never") ? [false] : []),
  ];
}

/** Whether a document is selected, for each status that it can have had when it was listed. */
function fits(document: StoredDocument, { asked: { containers, method }, startedAt }: Evidence): readonly boolean[] {
  const select = method.kind === "ids" ? method.select : undefined;
  if (select === undefined) return [true];
  const age = startedAt - document.createdAt;
  const wanted = Object.entries(select.metadata ?? {});
  const rest =
    !(select.olderThanMs !== undefined && age <= select.olderThanMs) &&
    !(select.newerThanMs !== undefined && age >= select.newerThanMs) &&
    wanted.every(([name, value]) => document.metadata?.[name] === value);
  const changes = Object.values(containers).some(({ documents }) =>
    documents.some(({ processing }) => typeof processing === "number"),
  );
  const own = document.status === "done" || document.status === "failed" || !changes;
  const statuses = own
    ? [document.status]
    : ["queued", "extracting", "chunking", "embedding", "indexing", "done", "failed"];
  return statuses.map((status) => rest && select.status?.includes(status) !== false);
}

function refusedAtOnce(evidence: Evidence): string | undefined {
  const { allowedTags, recordedAddress, targets } = evidence.asked;
  for (const target of targets) {
    const { containerTag: tag } = target;
    if (tag === "" || tag.includes("*")) return `${tag} is not a tag`;
    if (isProtected(tag, target, evidence)) return `${tag} is protected`;
    const allowed = allowedTags?.some(
      (glob) => tag === glob || tag.startsWith(glob.replace("*", "\n").split("\n")[0] ?? ""),
    );
    if (allowed === false) return `${tag} is not allowed`;
  }
  return recordedAddress === "other" ? "the address changed" : undefined;
}

function isProtected(tag: string, { event }: Target, { asked: { allow, protectedTags } }: Evidence): boolean {
  const allowed = event === "delete" ? allow.removed : allow.managed;
  return !allowed.includes(tag) && (tags.protected.includes(tag) || protectedTags.includes(tag));
}
