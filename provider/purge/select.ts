import type { DocumentRow } from "../client/api";
import { protectionOf, type TagRules } from "./tag-rules";
import type { DocumentFilter, PurgeMethod, Target } from "./types";

/** Whether a document is deleted, kept for a reason, or counted by another container of the purge. */
export type Verdict =
  | { readonly kind: "delete"; readonly outside?: string | undefined }
  | { readonly kind: "keep"; readonly reason: string; readonly isProtected?: true }
  | { readonly kind: "elsewhere"; readonly containerTag: string };

/** How one purge by ids decides about documents. */
export interface Judge {
  readonly method: Extract<PurgeMethod, { kind: "ids" }>;
  readonly rules: TagRules;
  /** All containers of the purge. */
  readonly targets: readonly Target[];
  /** When the purge was planned, in milliseconds since the epoch. */
  readonly now: number;
}

const toDelete: Verdict = { kind: "delete" };

/** Decides about one document under one tag. It fails closed: if the API omits a field that matters, it is kept. */
export function judge(row: DocumentRow, target: Target, { method, now, rules, targets }: Judge): Verdict {
  const reason = method.select === undefined ? undefined : unselected(row, method.select, now);
  if (reason !== undefined) return { kind: "keep", reason };
  const tags = row.containerTags;
  if (tags === undefined) {
    return method.sharedDocuments === "delete"
      ? toDelete
      : { kind: "keep", reason: "with tags that the API does not return" };
  }
  const others = tags.filter((tag) => tag !== target.containerTag);
  const guarded = others.find((tag) => protectionOf(tag, target.event, rules) !== undefined);
  if (guarded !== undefined)
    return { kind: "keep", reason: `also in "${guarded}", which is protected`, isProtected: true };
  const owner = targets.find(({ containerTag }) => tags.includes(containerTag)) ?? target;
  if (owner !== target) return { kind: "elsewhere", containerTag: owner.containerTag };
  const outside = others.find((tag) => !targets.some(({ containerTag }) => containerTag === tag));
  if (outside === undefined || method.sharedDocuments === "delete") return toDelete;
  return method.sharedDocuments === "keep"
    ? { kind: "keep", reason: "also in other containers" }
    : { kind: "delete", outside };
}

/** Why a document is not selected, or undefined if it is. */
function unselected(row: DocumentRow, select: DocumentFilter, now: number): string | undefined {
  const { metadata, newerThanMs, olderThanMs, status } = select;
  const age = now - row.createdAt;
  const matches =
    (olderThanMs === undefined || age > olderThanMs) &&
    (newerThanMs === undefined || age < newerThanMs) &&
    (status === undefined || status.includes(row.status));
  if (!matches) return "not selected";
  if (metadata === undefined) return undefined;
  const { metadata: attached } = row;
  if (attached === undefined) return "with metadata that the API does not return";
  return Object.entries(metadata).every(([name, value]) => attached[name] === value) ? undefined : "not selected";
}
