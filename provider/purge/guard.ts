import type { ApiVersion } from "../client/api";
import { keepDocuments, RefusedError } from "../errors";
import { count, documents, namesOf, sharesOf, span } from "../util/format";
import { countOnce } from "./distinct";
import { protectionOf } from "./tag-rules";
import type { Guardrails, Plan, PurgeMethod, PurgeSession, TagPlan, Target } from "./types";

/** The API's origin must be the one where the resource was last purged. */
export function guardAddress(resource: string, { address }: Guardrails): void {
  const { accepted, now, recorded } = address;
  if (recorded === null || originOf(recorded) === originOf(now) || accepted === originOf(now)) return;
  throw new RefusedError("baseUrl", `${resource} was last purged at ${recorded}, but the API address is now ${now}`, [
    `to accept the new address, set SUPERMEMORY_ACCEPT_BASE_URL=${originOf(now)} for this command`,
  ]);
}

/**
 * An argument that the API version does not support is refused, never ignored.
 *
 * @param deleteOnly the resource or its tags are removed, which can also be skipped
 */
export function guardApiVersion(method: PurgeMethod, version: ApiVersion, deleteOnly = false): void {
  if (version === "v3" || method.kind !== "ids" || method.sharedDocuments === "delete") return;
  throw new RefusedError(
    "sharedDocuments",
    `sharedDocuments: "${method.sharedDocuments}" is not supported on API v5, which does not return a document's tags`,
    deleteOnly
      ? [
          "to delete shared documents too, remove sharedDocuments from the program, run pulumi up, then run this command again",
          keepDocuments,
        ]
      : ['to delete shared documents too, set sharedDocuments: "delete"'],
  );
}

/** v3 kept documents that v5 cannot recognize. @throws RefusedError unless that was accepted for this command */
export function guardMoveToV5(
  { apiVersion, tags }: Pick<Plan, "apiVersion"> & { readonly tags: readonly Pick<TagPlan, "containerTag">[] },
  { lastOnV3 }: Guardrails,
): void {
  if (apiVersion === "v3" || lastOnV3 === undefined || !lastOnV3.besideProtected || lastOnV3.acceptV5) return;
  throw new RefusedError(
    "",
    `documents in ${namesOf(tags)} also carried a protected tag when API v3 last listed them, and API v5, which responds now, does not return a document's tags`,
    ["to purge over API v5 anyway, set SUPERMEMORY_API_VERSION=v5 for this command"],
  );
}

/** Every rule that needs the counts. */
export function guardPlan(plan: Plan, method: PurgeMethod, rules: Guardrails): void {
  const deleteOnly = plan.tags.length > 0 && plan.tags.every((tag) => tag.event === "delete");
  guardApiVersion(method, plan.apiVersion, deleteOnly);
  if (plan.total > 0 || method.kind === "container") guardMoveToV5(plan, rules);
  guardLimit(plan, method, rules);
  for (const tag of plan.tags) {
    const problem = sharedWith(tag, method, rules);
    if (problem !== undefined) throw problem;
  }
}

/**
 * A container whose total alone is over the limit is refused before it is listed whole. Only `select` and
 * `sharedDocuments: "keep"` are expected to keep documents, so that the total does not count.
 */
export function guardTotal(
  target: Target,
  total: number,
  { select, sharedDocuments }: Extract<PurgeMethod, { kind: "ids" }>,
  targets: readonly Target[],
  limit = Infinity,
): void {
  if (total <= limit || select !== undefined || sharedDocuments === "keep") return;
  throw overLimit(documents(total), [{ ...target, documents: total }], { most: total, limit, all: targets });
}

/** The refusal for documents that also carry a protected tag, or a tag outside the purge if that matters. */
export function sharedWith(tag: TagPlan, method: PurgeMethod, rules: Guardrails): RefusedError | undefined {
  for (const [other, number] of tag.alsoCarried) {
    const reason = protectionOf(other, tag.event, rules);
    if (reason === undefined) continue;
    return new RefusedError(
      "containerTags",
      `${alsoCarry(number, tag)} "${other}", which is protected because ${reason}`,
      tag.event === "policy" ? [`to keep ${tag.containerTag}, add it to except`] : waysToShare(other, method),
    );
  }
  if (tag.outside === undefined) return undefined;
  const { containerTag, documents: number } = tag.outside;
  return new RefusedError(
    "sharedDocuments",
    `${alsoCarry(number, tag)} tags outside this purge, such as "${containerTag}", and sharedDocuments is "refuse"`,
    ['to keep these documents, set sharedDocuments: "keep"', 'to delete them, set sharedDocuments: "delete"'],
  );
}

/** Allowed difference between this machine's clock and the API's. */
const maxSkewMs = 5 * 60_000;

/**
 * The same session, but it refuses to go on if this machine's clock is wrong. Ages depend on it, and documents in use
 * would look old. Every response has the API's time (RFC 9110, 6.6.1); without it, nothing can be compared.
 */
export function withClockGuard(session: PurgeSession): PurgeSession {
  const { clock } = session.deadline;
  return {
    ...session,
    onServerTime: (time) => {
      const skew = clock.now() - time;
      if (Math.abs(skew) <= maxSkewMs) return;
      const difference = `${span(Math.abs(skew))} ${skew > 0 ? "ahead of" : "behind"}`;
      throw new RefusedError("", `this machine's clock is ${difference} the API's, so document ages would be wrong`, [
        "set the clock, then run the same command again",
      ]);
    },
  };
}

function guardLimit(plan: Plan, method: PurgeMethod, { maxDeletions }: Guardrails): void {
  if (plan.total > maxDeletions) {
    const counted = plan.tags.flatMap((tag) => (tag.count > 0 ? [{ ...tag, documents: tag.count }] : []));
    const { isMost, total } = countOnce(plan);
    const what = `${isMost || total < plan.total ? "up to " : ""}${documents(plan.total)}`;
    throw overLimit(what, counted, { most: plan.total, limit: maxDeletions, all: plan.tags });
  }
  if (method.kind === "container" && maxDeletions === 0) {
    throw new RefusedError(
      "maxDeletions",
      `this would delete ${namesOf(plan.tags)} with all memories, but maxDeletions is 0`,
      ['raise maxDeletions, or set scope: "documents"', ...raiseOnce(plan.tags, 1)],
    );
  }
}

function overLimit(
  what: string,
  tags: readonly (Target & { readonly documents: number })[],
  { all, limit, most }: { readonly most: number; readonly limit: number; readonly all: readonly Target[] },
): RefusedError {
  const where = tags.length === 1 ? `${what} in ${namesOf(tags)}` : `${what} (${sharesOf(tags)})`;
  const fewer = all.some(({ event }) => event === "policy") ? "narrow match" : "purge fewer tags";
  return new RefusedError("maxDeletions", `this would delete ${where}, more than maxDeletions (${count(limit)})`, [
    `raise maxDeletions, or ${fewer}`,
    ...raiseOnce(all, most),
  ]);
}

/** The variable has an effect only where every purge is a delete event. */
function raiseOnce(tags: readonly Target[], most: number): readonly string[] {
  const deleteOnly = tags.every(({ event }) => event === "delete");
  return deleteOnly ? [`for this command only, set SUPERMEMORY_PURGE_MAX_DELETIONS=${most}`] : [];
}

function waysToShare(other: string, { kind }: PurgeMethod): readonly string[] {
  const keep = kind === "container" ? [] : ['to delete only the other documents, set deleteBy: "ids"'];
  return [...keep, `to delete them anyway, add "${other}" to allowProtectedTags`];
}

function alsoCarry(number: number, { containerTag }: TagPlan): string {
  return `${documents(number)} in ${containerTag} also ${number === 1 ? "carries" : "carry"}`;
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : url;
}
