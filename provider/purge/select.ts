import type { DocumentRow } from "../client/api";
import type { TagRules } from "./tag-rules";
import { protectionOf } from "./tag-rules";
import type { PurgeMethod, DocumentFilter, Target } from "./types";

/** What is to become of a document: it goes, it stays for a reason, or another container of the purge counts it. */
export type Verdict =
  | { readonly kind: "delete"; readonly outside?: string | undefined }
  | { readonly kind: "keep"; readonly reason: string }
  | { readonly kind: "elsewhere" };

/** How one purge by ids judges documents. */
export interface Judge {
  readonly method: Extract<PurgeMethod, { kind: "ids" }>;
  readonly rules: TagRules;
  /** All containers of the purge. */
  readonly targets: readonly Target[];
  /** When the purge was planned, in milliseconds since the epoch. */
  readonly now: number;
}

const gone: Verdict = { kind: "delete" };

/**
 * Judges one document under one of the tags. It fails closed: a document of which the API does not tell what is needed
 * is kept.
 */
export function judge(row: DocumentRow, target: Target, { method, now, rules, targets }: Judge): Verdict {
  const reason = method.select === undefined ? undefined : unfit(row, method.select, now);
  if (reason !== undefined) return { kind: "keep", reason };
  const tags = row.containerTags;
  if (tags === undefined) {
    return method.sharedDocuments === "delete" ? gone : { kind: "keep", reason: "the API does not tell their tags" };
  }
  const others = tags.filter((tag) => tag !== target.containerTag);
  const guarded = others.find((tag) => protectionOf(tag, target.event, rules) !== undefined);
  if (guarded !== undefined) return { kind: "keep", reason: `also in "${guarded}", which is protected` };
  if (targets.find(({ containerTag }) => tags.includes(containerTag)) !== target) return { kind: "elsewhere" };
  const outside = others.find((tag) => !targets.some(({ containerTag }) => containerTag === tag));
  if (outside === undefined || method.sharedDocuments === "delete") return gone;
  return method.sharedDocuments === "keep"
    ? { kind: "keep", reason: "also in other containers" }
    : { kind: "delete", outside };
}

/** Why a document is not selected, or undefined when it is. */
function unfit(row: DocumentRow, select: DocumentFilter, now: number): string | undefined {
  const { metadata, newerThanMs, olderThanMs, status } = select;
  const age = now - row.createdAt;
  const fits =
    (olderThanMs === undefined || age > olderThanMs) &&
    (newerThanMs === undefined || age < newerThanMs) &&
    (status === undefined || status.includes(row.status));
  if (!fits) return "not selected";
  if (metadata === undefined) return undefined;
  const { metadata: attached } = row;
  if (attached === undefined) return "the API does not tell their metadata";
  return Object.entries(metadata).every(([name, value]) => attached[name] === value) ? undefined : "not selected";
}
