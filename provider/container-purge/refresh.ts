import type { Settings } from "../config/settings";
import { keyIdIn } from "../config/keys";
import { guardAddress } from "../purge/guard";
import { makePlan } from "../purge/plan";
import type { PurgeMethod, Plan, PurgeOutcome } from "../purge/types";
import type { Host } from "../host/host";
import { cannotCount, nameOf } from "../host/messages";
import { endOf, guardrailsFor, type Operation } from "./operation";
import { warnOfNewKey } from "../host/run";
import type { PurgeRecord } from "./state";
import { countTimeoutMs, lookBefore } from "../host/session";

/** What is on record after a purge, be it complete or not. `endsAt`: when the operation's timeout is over. */
export async function recordAfter(
  host: Host,
  operation: Operation,
  settings: Settings,
  outcome: PurgeOutcome,
  endsAt: number,
): Promise<PurgeRecord> {
  return {
    deletedCount: outcome.deleted,
    totalDeletedCount: operation.record.totalDeletedCount + outcome.deleted,
    deletedByTag: Object.fromEntries(outcome.tags.map((tag) => [tag.containerTag, tag.deleted])),
    documentCount: await countAfter(host, operation, settings, outcome, endsAt),
    lastPurgedAt: new Date(host.surroundings.clock.now()).toISOString(),
    lastPurgeEvent: [...new Set(outcome.tags.map((tag) => tag.event))].join(", "),
    pending: outcome.tags.filter((tag) => !tag.done).map(({ containerTag, event }) => ({ containerTag, event })),
    apiVersion: host.apiVersion(settings),
    baseUrl: settings.baseUrl,
    keyId: keyIdIn(settings),
  };
}

/** What a look found. */
export interface Observation {
  readonly facts: Pick<PurgeRecord, "documentCount" | "baseUrl" | "keyId" | "apiVersion">;
  /** Documents that a purge by this method would delete. */
  readonly toDelete: number;
}

/**
 * Looks how many documents there are, and where; undefined, after a warning, when that cannot be told. A key that was
 * recorded before stays: only a purge, which warns of another one, records it anew.
 */
export async function observe(
  host: Host,
  operation: Operation,
  containerTags: readonly string[],
  method: PurgeMethod = { kind: "tag" },
): Promise<Observation | undefined> {
  try {
    const settings = host.settings();
    warnOfNewKey(host, operation, settings);
    const endsAt = endOf(operation, host.surroundings.clock.now());
    const plan = await countIn(host, operation, settings, containerTags, endsAt, method);
    const keyId = operation.record.keyId ?? keyIdIn(settings);
    const facts = { baseUrl: settings.baseUrl, keyId, apiVersion: host.apiVersion(settings) };
    return { facts: { ...facts, documentCount: listedIn(plan) }, toDelete: plan.total };
  } catch (error) {
    host.log.warn(operation.urn, cannotCount("the documents", containerTags, error));
    return undefined;
  }
}

async function countIn(
  host: Host,
  operation: Operation,
  settings: Settings,
  containerTags: readonly string[],
  endsAt: number,
  method: PurgeMethod = { kind: "tag" },
): Promise<Plan> {
  const guardrails = guardrailsFor(operation, settings, host.overrides());
  guardAddress(nameOf(operation.urn), guardrails);
  const targets = containerTags.map((containerTag) => ({ containerTag, event: "update" as const }));
  const request = { targets, method, guardrails };
  return await lookBefore(
    endsAt,
    host,
    { settings, urn: operation.urn, timeoutMs: countTimeoutMs(method) },
    async (session) => await makePlan(request, session),
  );
}

function listedIn({ tags }: Plan): number {
  return tags.reduce((sum, { listed }) => sum + listed, 0);
}

/** What is under the tags now; null when some of them were not purged and cannot be counted. */
async function countAfter(
  host: Host,
  operation: Operation,
  settings: Settings,
  outcome: PurgeOutcome,
  endsAt: number,
): Promise<number | null> {
  const seen = new Map(outcome.tags.map((tag) => [tag.containerTag, tag.lastSeen]));
  const { containerTags } = operation.inputs;
  const purged = containerTags.reduce((sum, tag) => sum + (seen.get(tag) ?? 0), 0);
  const others = containerTags.filter((tag) => !seen.has(tag));
  if (others.length === 0) return purged;
  // A purge that failed has waited long enough.
  if (outcome.tags.some((tag) => !tag.done)) return null;
  try {
    return purged + listedIn(await countIn(host, operation, settings, others, endsAt));
  } catch (error) {
    host.log.warn(operation.urn, cannotCount("the documents", others, error));
    return null;
  }
}
