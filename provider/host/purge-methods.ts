import { randomBytes } from "node:crypto";
import { keyIdOf, type Settings } from "../config";
import { messageOf } from "../errors";
import { guardAddress } from "../purge/guard";
import { makePlan } from "../purge/plan";
import { PurgeIncompleteError } from "../purge/purge";
import type { PurgeOutcome } from "../purge/types";
import { names } from "../purge/words";
import { InitFailure } from "./engine-errors";
import type { Host } from "./host";
import { readInputs } from "./inputs";
import { createLifecycle, deleteLifecycle, updateLifecycle } from "./lifecycle";
import { announceLeftAlone } from "./messages";
import { guardrailsFor, look, nameOf, type Operation, receipt, runPurge } from "./operation";
import { emptyRecord, type PurgeRecord, type PurgeState, readState, textOf, writeState } from "./state";
import { isObject, sameSet } from "./values";

type Properties = Readonly<Record<string, unknown>>;

/** Purges all tags of a new resource. Fails plainly while nothing was sent, and keeps what is left as pending after. */
export async function createPurge(
  host: Host,
  news: Properties,
): Promise<{ id: string; outs: Record<string, unknown> }> {
  const id = `purge-${randomBytes(6).toString("hex")}`;
  const inputs = readInputs(news);
  const operation = {
    ...namesOf(news),
    id,
    inputs,
    lifecycle: createLifecycle(inputs),
    allowRemoved: [],
    record: emptyRecord,
  };
  return { id, outs: await apply(host, operation, true) };
}

/** Purges what changed, tag by tag, and what is pending; see `updateLifecycle`. */
export async function updatePurge(
  host: Host,
  id: string,
  olds: Properties,
  news: Properties,
): Promise<{ outs: Record<string, unknown> }> {
  const old = readState(olds);
  const operation = { ...namesOf(news), id, ...updateOperation(host, old, readInputs(news)) };
  const tagsChanged = !sameSet(old.inputs.containerTags, operation.inputs.containerTags);
  return { outs: await apply(host, operation, tagsChanged || old.record.documentCount === null) };
}

/** What an update from these outputs to these inputs amounts to; also for the preview. */
export function updateOperation(host: Host, old: PurgeState, inputs: Operation["inputs"]): Omit<Operation, "urn"> {
  return {
    inputs,
    lifecycle: updateLifecycle(old, inputs, claimedBy(host)),
    allowRemoved: [...old.inputs.allowProtectedTags, ...inputs.allowProtectedTags],
    record: old.record,
  };
}

/** Purges everything at the end of the resource. Whatever fails leaves the resource in the stack, to try again. */
export async function deletePurge(host: Host, olds: Properties): Promise<void> {
  const { inputs, record, urn } = readState(olds);
  const lifecycle = deleteLifecycle({ inputs, record, urn, provider: undefined }, claimedBy(host));
  const operation = { urn, inputs, lifecycle, allowRemoved: inputs.allowProtectedTags, record };
  announceLeftAlone(host.log, urn, lifecycle);
  if (lifecycle.targets.length === 0) return;
  const settings = host.settings();
  const overrides = host.overrides();
  if (overrides.skip) {
    const tags = names(lifecycle.targets.map((target) => target.containerTag));
    host.log.warn(
      urn,
      `SUPERMEMORY_PURGE=skip: nothing was deleted in ${tags}, and nothing will be: the resource leaves the stack`,
    );
    receipt(host, operation, settings, { result: "skipped" });
    return;
  }
  await runPurge(host, operation, settings, overrides);
}

/** Counts again. Never fails for the API's sake: it warns and returns what was known. */
export async function readPurge(host: Host, olds: Properties): Promise<Record<string, unknown>> {
  const state = readState(olds);
  const operation = {
    urn: state.urn,
    inputs: state.inputs,
    lifecycle: createLifecycle(state.inputs),
    allowRemoved: [],
    record: state.record,
  };
  return writeState({
    ...state,
    record: { ...state.record, ...(await observe(host, operation, state.inputs.containerTags)) },
  });
}

type Apply = Operation & { readonly id: string; readonly provider: string | undefined };

async function apply(host: Host, operation: Apply, countAnyway: boolean): Promise<Record<string, unknown>> {
  const { id, inputs, lifecycle, provider, record, urn } = operation;
  const outputs = (facts: PurgeRecord): Record<string, unknown> => writeState({ inputs, provider, record: facts, urn });
  announceLeftAlone(host.log, urn, lifecycle);
  if (lifecycle.targets.length === 0) {
    const seen = countAnyway ? await observe(host, operation, inputs.containerTags) : {};
    return outputs({ ...record, pending: [], ...seen });
  }
  const settings = host.settings();
  const overrides = host.overrides();
  const targets = lifecycle.targets.map(({ containerTag, event }) => ({ containerTag, event }));
  if (overrides.skip) {
    host.log.warn(
      urn,
      `SUPERMEMORY_PURGE=skip: nothing was deleted in ${names(targets.map((target) => target.containerTag))}; the next up does it`,
    );
    receipt(host, operation, settings, { result: "skipped" });
    return outputs({ ...record, pending: targets });
  }
  try {
    const outcome = await runPurge(host, operation, settings, overrides);
    return outputs(await recordAfter(host, operation, settings, outcome));
  } catch (error) {
    if (!(error instanceof PurgeIncompleteError)) throw error;
    throw new InitFailure(error.message, id, outputs(await recordAfter(host, operation, settings, error.outcome)));
  }
}

async function recordAfter(
  host: Host,
  operation: Operation,
  settings: Settings,
  outcome: PurgeOutcome,
): Promise<PurgeRecord> {
  const { inputs, record } = operation;
  const undone = outcome.tags.filter((tag) => !tag.done);
  const seen = new Map(outcome.tags.map((tag) => [tag.containerTag, tag.lastSeen]));
  const unseen = inputs.containerTags.filter((tag) => !seen.has(tag));
  const others = unseen.length === 0 || undone.length > 0 ? {} : await observe(host, operation, unseen);
  const counted = inputs.containerTags.reduce((sum, tag) => sum + (seen.get(tag) ?? 0), 0);
  return {
    deletedCount: outcome.deleted,
    totalDeletedCount: record.totalDeletedCount + outcome.deleted,
    deletedByTag: Object.fromEntries(outcome.tags.map((tag) => [tag.containerTag, tag.deleted])),
    documentCount: counted + (others.documentCount ?? 0),
    lastPurgedAt: new Date(host.surroundings.clock.now()).toISOString(),
    lastPurgeEvent: [...new Set(outcome.tags.map((tag) => tag.event))].join(", "),
    pending: undone.map(({ containerTag, event }) => ({ containerTag, event })),
    apiVersion: settings.apiVersion,
    baseUrl: settings.baseUrl,
    keyId: settings.apiKey === undefined ? null : keyIdOf(settings.apiKey),
  };
}

type Observation = Partial<Pick<PurgeRecord, "documentCount" | "baseUrl" | "keyId" | "apiVersion">>;

/** Looks how many documents there are; empty, after a warning, when that cannot be told. */
async function observe(host: Host, operation: Operation, containerTags: readonly string[]): Promise<Observation> {
  const { record, urn } = operation;
  try {
    const settings = host.settings();
    guardAddress(nameOf(urn), guardrailsFor(operation, settings, host.overrides()));
    const targets = containerTags.map((containerTag) => ({ containerTag, event: "update" as const }));
    const { total } = await look(host, settings, urn, async (tools) => await makePlan(targets, tools));
    const keyId = record.keyId ?? (settings.apiKey === undefined ? null : keyIdOf(settings.apiKey));
    return { documentCount: total, baseUrl: settings.baseUrl, keyId, apiVersion: settings.apiVersion };
  } catch (error) {
    const [reason = ""] = messageOf(error).split("\n");
    host.log.warn(
      urn,
      `cannot count the documents in ${names(containerTags)}: ${reason.replace("; nothing was deleted", "")}`,
    );
    return {};
  }
}

function claimedBy(host: Host): (containerTag: string) => string | undefined {
  return (containerTag) => host.claims.claimedBy(containerTag, host.settings().baseUrl);
}

function namesOf(news: unknown): { readonly urn: string | undefined; readonly provider: string | undefined } {
  const values = isObject(news) ? news : {};
  return { urn: textOf(values["__urn"]), provider: textOf(values["__provider"]) };
}
