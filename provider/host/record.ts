import type { Settings } from "../config";
import { keyIdOf } from "../keys";
import { guardAddress } from "../purge/guard";
import { makePlan } from "../purge/plan";
import type { PurgeOutcome } from "../purge/types";
import type { Host } from "./host";
import { cannotCount, nameOf } from "./messages";
import { guardrailsFor, type Operation } from "./operation";
import { warnOfNewKey } from "./run-purge";
import type { PurgeRecord } from "./state";
import { look } from "./tools";

/** What is on record after a purge, be it complete or not. */
export async function recordAfter(
  host: Host,
  operation: Operation,
  settings: Settings,
  outcome: PurgeOutcome,
): Promise<PurgeRecord> {
  return {
    deletedCount: outcome.deleted,
    totalDeletedCount: operation.record.totalDeletedCount + outcome.deleted,
    deletedByTag: Object.fromEntries(outcome.tags.map((tag) => [tag.containerTag, tag.deleted])),
    documentCount: await countAfter(host, operation, settings, outcome),
    lastPurgedAt: new Date(host.surroundings.clock.now()).toISOString(),
    lastPurgeEvent: [...new Set(outcome.tags.map((tag) => tag.event))].join(", "),
    pending: outcome.tags.filter((tag) => !tag.done).map(({ containerTag, event }) => ({ containerTag, event })),
    apiVersion: host.generation(settings),
    baseUrl: settings.baseUrl,
    keyId: keyIdIn(settings),
  };
}

type Observation = Pick<PurgeRecord, "documentCount" | "baseUrl" | "keyId" | "apiVersion">;

/**
 * Looks how many documents there are, and where; undefined, after a warning, when that cannot be told. A key that was
 * recorded before stays: only a purge, which warns of another one, records it anew.
 */
export async function observe(
  host: Host,
  operation: Operation,
  containerTags: readonly string[],
): Promise<Observation | undefined> {
  try {
    const settings = host.settings();
    warnOfNewKey(host, operation, settings);
    const documentCount = await countIn(host, operation, settings, containerTags);
    const keyId = operation.record.keyId ?? keyIdIn(settings);
    return { documentCount, baseUrl: settings.baseUrl, keyId, apiVersion: host.generation(settings) };
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
): Promise<number> {
  guardAddress(nameOf(operation.urn), guardrailsFor(operation, settings, host.overrides()));
  const targets = containerTags.map((containerTag) => ({ containerTag, event: "update" as const }));
  return await look(host, settings, operation.urn, async (tools) => (await makePlan(targets, tools)).total);
}

/** What is under the tags now; null when some of them were not purged and cannot be counted. */
async function countAfter(
  host: Host,
  operation: Operation,
  settings: Settings,
  outcome: PurgeOutcome,
): Promise<number | null> {
  const seen = new Map(outcome.tags.map((tag) => [tag.containerTag, tag.lastSeen]));
  const { containerTags } = operation.inputs;
  const purged = containerTags.reduce((sum, tag) => sum + (seen.get(tag) ?? 0), 0);
  const others = containerTags.filter((tag) => !seen.has(tag));
  if (others.length === 0) return purged;
  // A purge that failed has waited long enough.
  if (outcome.tags.some((tag) => !tag.done)) return null;
  try {
    return purged + (await countIn(host, operation, settings, others));
  } catch (error) {
    host.log.warn(operation.urn, cannotCount("the documents", others, error));
    return null;
  }
}

function keyIdIn({ apiKey }: Settings): string | null {
  return apiKey === undefined ? null : keyIdOf(apiKey);
}
