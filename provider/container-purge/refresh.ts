import { keyIdIn } from "../config/keys";
import type { Settings } from "../config/settings";
import type { Host } from "../host/host";
import { guardrailsOf, nameOf, type PurgeJob, type Terms } from "../host/job";
import { cannotCount } from "../host/messages";
import { ownerIn } from "../host/owner";
import { warnOfMove, warnOfNewKey } from "../host/run";
import { countTimeoutMs } from "../host/session";
import { type Place, seenNow } from "../host/state";
import { withBudget } from "../purge/budget";
import { guardAddress } from "../purge/guard";
import { makePlan, seesProtected } from "../purge/plan";
import type { Plan, PurgeMethod, PurgeOutcome } from "../purge/types";
import type { PurgeRecord } from "./state";

/**
 * The record after a purge, complete or not.
 *
 * @param containerTags the tags that the resource manages now
 * @param endsAt when the timeout of the operation is over
 */
export async function recordAfter(
  host: Host,
  job: PurgeJob,
  settings: Settings,
  containerTags: readonly string[],
  outcome: PurgeOutcome,
  endsAt: number,
): Promise<PurgeRecord> {
  return {
    deletedCount: outcome.deleted,
    totalDeletedCount: job.deletedBefore + outcome.deleted,
    deletedByTag: Object.fromEntries(outcome.tags.map((tag) => [tag.containerTag, tag.deleted])),
    documentCount: await countAfter(host, job, containerTags, outcome, endsAt),
    lastPurgedAt: new Date(host.options.clock.now()).toISOString(),
    lastPurgeEvent: [...new Set(outcome.tags.map((tag) => tag.event))].join(", "),
    pending: outcome.tags.filter((tag) => !tag.done).map(({ containerTag, event }) => ({ containerTag, event })),
    ...seenNow(outcome.apiVersion, outcome.besideProtected, job.recorded),
    baseUrl: settings.baseUrl,
    keyId: keyIdIn(settings),
    ...ownerIn(job.urn),
  };
}

/** What a count found. */
export interface Observation {
  readonly facts: Pick<PurgeRecord, "documentCount" | keyof Place>;
  /** What a purge by this method would delete, in all containers that were counted. */
  readonly plan: Plan;
  /** What it would delete in the containers that the resource manages. */
  readonly planned: number;
}

/** How a count lists. */
export interface Look {
  /** Default: one request per container. */
  readonly method?: PurgeMethod | undefined;
  /** Containers that are counted too, and are not part of `documentCount`. */
  readonly more?: readonly string[];
}

/**
 * Counts the documents; undefined, after a warning, when they cannot be counted. A recorded key stays, and so does v3:
 * only a purge, which warns of another key and of v5, records them.
 */
export async function observe(
  host: Host,
  job: PurgeJob,
  containerTags: readonly string[],
  { method = { kind: "tag" }, more = [] }: Look = {},
): Promise<Observation | undefined> {
  const all = [...new Set([...containerTags, ...more])];
  try {
    const terms = host.terms();
    const { settings } = terms;
    warnOfNewKey(host, job, settings);
    const endsAt = host.options.clock.now() + job.timeoutMs;
    const { isCertain, plan } = await countIn(host, job, terms, all, endsAt, method);
    warnOfMove(host, job, plan.apiVersion);
    const { recorded } = job;
    const isKept = !isCertain || (recorded.apiVersion === "v3" && plan.apiVersion === "v5");
    const { apiVersion, besideProtected } = isKept ? recorded : seenNow(plan.apiVersion, seesProtected(plan), recorded);
    const facts = {
      baseUrl: settings.baseUrl,
      keyId: recorded.keyId ?? keyIdIn(settings),
      apiVersion,
      besideProtected,
    };
    const own = plan.tags.filter(({ containerTag }) => containerTags.includes(containerTag));
    return {
      facts: { ...facts, documentCount: listedIn(own) },
      plan,
      planned: own.reduce((sum, tag) => sum + tag.count, 0),
    };
  } catch (error) {
    host.log.warn(job.urn, cannotCount("the documents", all, error));
    return undefined;
  }
}

async function countIn(
  host: Host,
  job: PurgeJob,
  terms: Terms,
  containerTags: readonly string[],
  endsAt: number,
  method: PurgeMethod = { kind: "tag" },
  recorded = job.recorded.apiVersion,
): Promise<{ readonly plan: Plan; readonly isCertain: boolean }> {
  const { urn } = job;
  const guardrails = guardrailsOf(job, terms);
  guardAddress(nameOf(urn), guardrails);
  const targets = containerTags.map((containerTag) => ({ containerTag, event: "update" as const }));
  return await host.session(
    { mode: "look", settings: terms.settings, urn, timeoutMs: countTimeoutMs(method), endsAt, recorded },
    async (session) => {
      const plan = await makePlan({ targets, method, guardrails }, withBudget(session, targets.length));
      return { plan, isCertain: session.api.isProvisional !== true };
    },
  );
}

function listedIn(tags: Plan["tags"]): number {
  return tags.reduce((sum, { listed }) => sum + listed, 0);
}

/** The documents under the tags now; null when some tags were not purged and cannot be counted. */
async function countAfter(
  host: Host,
  job: PurgeJob,
  containerTags: readonly string[],
  outcome: PurgeOutcome,
  endsAt: number,
): Promise<number | null> {
  const seen = new Map(outcome.tags.map((tag) => [tag.containerTag, tag.lastSeen]));
  const purged = containerTags.reduce((sum, tag) => sum + (seen.get(tag) ?? 0), 0);
  const others = containerTags.filter((tag) => !seen.has(tag));
  if (others.length === 0) return purged;
  // A purge that failed has waited long enough.
  if (outcome.tags.some((tag) => !tag.done)) return null;
  try {
    const method = { kind: "tag" } as const;
    const { plan } = await countIn(host, job, host.terms(), others, endsAt, method, outcome.apiVersion);
    return purged + listedIn(plan.tags);
  } catch (error) {
    host.log.warn(job.urn, cannotCount("the documents", others, error));
    return null;
  }
}
