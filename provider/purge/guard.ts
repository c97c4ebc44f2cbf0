import type { ApiVersion } from "../client/api";
import { RefusedError, SupermemoryError } from "../errors";
import { protectionOf } from "./tag-rules";
import type { Guardrails, PurgeMethod, Plan, PurgeSession, TagPlan } from "./types";
import { count, documents, names, namesOf, nothingDeleted, span } from "../util/format";

/** The API's origin must be the one that the resource was purged at before. */
export function guardAddress(resource: string, { address }: Guardrails): void {
  const { accepted, now, recorded } = address;
  if (recorded === null || originOf(recorded) === originOf(now) || accepted === originOf(now)) return;
  throw new RefusedError(
    "baseUrl",
    `${resource} was purged at ${recorded} before, now the address is ${now}; nothing was deleted\nif it is meant: SUPERMEMORY_ACCEPT_BASE_URL=${originOf(now)}`,
  );
}

/** What a generation of the API cannot carry is refused, not left out. */
export function guardApiVersion(method: PurgeMethod, generation: ApiVersion): void {
  if (generation === "v3" || method.kind !== "ids" || method.sharedDocuments === "delete") return;
  throw new RefusedError(
    "sharedDocuments",
    `sharedDocuments: "${method.sharedDocuments}" cannot be kept to: v5 of the API, which answers here, does not tell which tags a document carries\nset sharedDocuments: "delete", which deletes what each of the containers holds`,
  );
}

/**
 * Where v3 tells that a document is under two containers, it is in the plan of one; v5 may take it from that one alone.
 * Source: the vendor's OpenAPI document v5, conflict note 8.
 */
export function guardMove({ tags }: Plan, generation: ApiVersion): void {
  const shared = tags.reduce((sum, { elsewhere = 0 }) => sum + elsewhere, 0);
  if (generation === "v3" || shared === 0) return;
  throw new SupermemoryError(
    `v3 of the API went away in the middle, and v5 may not delete the ${documents(shared)} that containers of this purge share from all of them, so the purge has to be planned anew`,
  );
}

/** A clock may differ from the API's by so much. */
const maxSkewMs = 5 * 60_000;

/**
 * The same session, which stop where this machine's clock is wrong: ages go by it, so that what is in use would look old.
 * The API tells its time with each answer (RFC 9110, 6.6.1); where it does not, nothing can be compared.
 */
export function withClockGuard(session: PurgeSession): PurgeSession {
  const { clock } = session.deadline;
  return {
    ...session,
    onServerTime: (time) => {
      const skew = clock.now() - time;
      if (Math.abs(skew) <= maxSkewMs) return;
      throw new RefusedError(
        "",
        `the clock of this machine is ${span(Math.abs(skew))} ${skew > 0 ? "ahead of" : "behind"} that of the API, and ages go by it; nothing was deleted\nset the clock right, and run the same command again`,
      );
    },
  };
}

/** Every rule that needs the counts. Throws before anything is deleted. */
export function guardPlan(plan: Plan, method: PurgeMethod, rules: Guardrails): void {
  guardApiVersion(method, plan.apiVersion);
  guardMove(plan, plan.apiVersion);
  guardLimit(plan, method, rules);
  for (const tag of plan.tags) {
    const problem = sharedWith(tag, method, rules);
    if (problem !== undefined) throw new RefusedError(problem.property, nothingDeleted(problem.message));
  }
}

/** The problem with documents that also carry a protected tag, or one outside the purge where that matters. */
export function sharedWith(tag: TagPlan, method: PurgeMethod, rules: Guardrails): RefusedError | undefined {
  for (const [other, number] of tag.alsoCarried) {
    const reason = protectionOf(other, tag.event, rules);
    if (reason === undefined) continue;
    return new RefusedError(
      "containerTags",
      `refusing to purge ${tag.containerTag}: ${alsoBelong(number)} to "${other}", and ${reason}\n` +
        (tag.event === "policy" ? `add "${tag.containerTag}" to except` : waysToShare(other, method)),
    );
  }
  if (tag.outside === undefined) return undefined;
  return new RefusedError(
    "sharedDocuments",
    `refusing to purge ${tag.containerTag}: ${alsoBelong(tag.outside.documents)} to other containers, such as ${tag.outside.containerTag}, and sharedDocuments is "refuse"\nset it to "keep" to delete all the others, or to "delete"`,
  );
}

function guardLimit(plan: Plan, method: PurgeMethod, { maxDeletions }: Guardrails): void {
  const tags = plan.tags.filter((tag) => tag.count > 0).map((tag) => tag.containerTag);
  const deleteOnly = plan.tags.every((tag) => tag.event === "delete");
  const scope = plan.tags.some((tag) => tag.event === "policy") ? "match" : "containerTags";
  const refuse = (what: string, raise: string, most: number): RefusedError =>
    new RefusedError(
      "maxDeletions",
      nothingDeleted(`refusing to delete ${what}: the limit is ${count(maxDeletions)}`) +
        `\n${deleteOnly ? `${raise}; for this command alone: SUPERMEMORY_PURGE_MAX_DELETIONS=${most}` : raise}`,
    );
  if (plan.total > maxDeletions) {
    throw refuse(`${documents(plan.total)} in ${names(tags)}`, `raise maxDeletions or narrow ${scope}`, plan.total);
  }
  if (method.kind === "container" && maxDeletions === 0) {
    const containers = namesOf(plan.tags);
    throw refuse(`${containers} with its memories`, `raise maxDeletions, or set scope: "documents"`, 1);
  }
}

function waysToShare(other: string, { kind }: PurgeMethod): string {
  const keep = kind === "container" ? "" : `to delete all the others set deleteBy: "ids"; `;
  return `${keep}if it is meant, add "${other}" to allowProtectedTags`;
}

function alsoBelong(number: number): string {
  return `${documents(number)} in it also ${number === 1 ? "belongs" : "belong"}`;
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : url;
}
