import { keyIdIn } from "../config/keys";
import type { Settings } from "../config/settings";
import type { Host } from "../host/host";
import { guardrailsOf, nameOf, type PurgeJob, type Terms } from "../host/job";
import { cannotCount } from "../host/messages";
import { warnOfNewKey } from "../host/run";
import { countTimeoutMs } from "../host/session";
import { withBudget } from "../purge/budget";
import { guardAddress } from "../purge/guard";
import { makePlan } from "../purge/plan";
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
    apiVersion: host.apiVersion(settings),
    baseUrl: settings.baseUrl,
    keyId: keyIdIn(settings),
  };
}

/** What a count found. */
export interface Observation {
  readonly facts: Pick<PurgeRecord, "documentCount" | "baseUrl" | "keyId" | "apiVersion">;
  /** Documents that a purge by this method would delete. */
  readonly toDelete: number;
}

/**
 * Counts the documents; undefined, after a warning, when they cannot be counted. A recorded key stays: only a purge, which
 * warns of another key, records that.
 */
export async function observe(
  host: Host,
  job: PurgeJob,
  containerTags: readonly string[],
  method: PurgeMethod = { kind: "tag" },
): Promise<Observation | undefined> {
  try {
    const terms = host.terms();
    const { settings } = terms;
    warnOfNewKey(host, job, settings);
    const endsAt = host.options.clock.now() + job.timeoutMs;
    const plan = await countIn(host, job, terms, containerTags, endsAt, method);
    const keyId = job.recorded.keyId ?? keyIdIn(settings);
    const facts = { baseUrl: settings.baseUrl, keyId, apiVersion: host.apiVersion(settings) };
    return { facts: { ...facts, documentCount: listedIn(plan) }, toDelete: plan.total };
  } catch (error) {
    host.log.warn(job.urn, cannotCount("the documents", containerTags, error));
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
): Promise<Plan> {
  const { urn } = job;
  const guardrails = guardrailsOf(job, terms);
  guardAddress(nameOf(urn), guardrails);
  const targets = containerTags.map((containerTag) => ({ containerTag, event: "update" as const }));
  return await host.session(
    { mode: "look", settings: terms.settings, urn, timeoutMs: countTimeoutMs(method), endsAt },
    async (session) => await makePlan({ targets, method, guardrails }, withBudget(session, targets.length)),
  );
}

function listedIn({ tags }: Plan): number {
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
    return purged + listedIn(await countIn(host, job, host.terms(), others, endsAt));
  } catch (error) {
    host.log.warn(job.urn, cannotCount("the documents", others, error));
    return null;
  }
}
