import { randomBytes } from "node:crypto";
import { RefusedError } from "../errors";
import { PurgeIncompleteError } from "../purge/purge";
import { InitFailure } from "../dynamic/engine-errors";
import type { Host } from "../host/host";
import { type PurgeInputs, readInputs } from "./args";
import { announceLeftAlone } from "../host/messages";
import { methodOf } from "./method";
import { createOperation, deleteOperation, endOf, type Operation, updateOperation } from "./operation";
import { observe, recordAfter } from "./refresh";
import { runPurge, skipPurge } from "../host/run";
import {
  emptyRecord,
  type Pending,
  type PurgeRecord,
  readState,
  refuseNewerState,
  textOf,
  unknownOutputs,
  writeState,
} from "./state";
import { type Properties, sameSet } from "../util/values";

type Outputs = Record<string, unknown>;

/** Purges all tags of a new resource. Fails plainly while nothing was sent, and keeps what is left as pending after. */
export async function createPurge(host: Host, news: Properties): Promise<{ id: string; outs: Outputs }> {
  const id = `purge-${randomBytes(6).toString("hex")}`;
  const operation = createOperation(textOf(news["__urn"]), readInputs(news));
  return { id, outs: await apply(host, { id, operation, provider: textOf(news["__provider"]), base: emptyRecord }) };
}

/** Purges what changed, tag by tag, and what is pending; see `updateLifecycle`. */
export async function updatePurge(
  host: Host,
  id: string,
  olds: Properties,
  news: Properties,
): Promise<{ outs: Outputs }> {
  const old = readState(olds);
  const operation = updateOperation(textOf(news["__urn"]), old, readInputs(news), host.claimedBy);
  const sameTags = sameSet(old.inputs.containerTags, operation.inputs.containerTags);
  const base = sameTags ? old.record : { ...old.record, documentCount: null };
  return { outs: await apply(host, { id, operation, provider: textOf(news["__provider"]), base }) };
}

/** Purges everything at the end of the resource. Whatever fails leaves the resource in the stack, to try again. */
export async function deletePurge(host: Host, olds: Properties): Promise<void> {
  const state = readState(olds);
  const overrides = state.inputs.purgeOn.includes("delete") ? host.overrides() : undefined;
  // Skipping has to work with a configuration that is broken: it is the way out then.
  const operation = deleteOperation(state, overrides?.skip === true ? () => undefined : host.claimedBy);
  announceLeftAlone(host.log, operation.urn, operation.lifecycle);
  if (overrides === undefined || operation.lifecycle.targets.length === 0) return;
  if (overrides.skip) {
    skipPurge(host, operation, ", and nothing will be: the resource leaves the stack");
    return;
  }
  refuseNewerState(olds);
  const settings = host.settings();
  try {
    await runPurge(host, operation, settings, overrides);
  } catch (error) {
    throw withWayOut(error, operation.urn);
  }
}

/**
 * Counts again, and marks drift where `purgeOn` asks for it. Never fails for the API's sake: it warns and returns what
 * was known.
 */
export async function readPurge(host: Host, olds: Properties): Promise<Outputs> {
  const state = readState(olds);
  const operation = { ...createOperation(state.urn, state.inputs), record: state.record };
  const { containerTags, purgeOn } = state.inputs;
  const wantsDrift = purgeOn.includes("drift");
  const seen = await observe(host, operation, containerTags, wantsDrift ? methodOf(state.inputs) : undefined);
  const drift = wantsDrift && (seen === undefined ? state.drift : seen.toDelete > 0);
  const outputs = writeState({ ...state, record: { ...state.record, ...seen?.facts }, drift });
  return { ...unknownOutputs(olds), ...outputs };
}

/** A create or an update, with what outputs start from: the record so far. */
interface Change {
  readonly id: string;
  readonly operation: Operation;
  readonly provider: string | undefined;
  /** As in the operation, but without a count of other tags than today's. */
  readonly base: PurgeRecord;
}

async function apply(host: Host, { base, id, operation, provider }: Change): Promise<Outputs> {
  const { inputs, lifecycle, urn } = operation;
  const outputs = (record: PurgeRecord): Outputs =>
    writeState({ inputs: withAllowances(operation, record.pending), provider, record, urn, drift: false });
  announceLeftAlone(host.log, urn, lifecycle);
  if (lifecycle.targets.length === 0) {
    const seen = base.documentCount === null ? await observe(host, operation, inputs.containerTags) : undefined;
    return outputs({ ...base, pending: [], ...seen?.facts });
  }
  const overrides = host.overrides();
  if (overrides.skip) {
    skipPurge(host, operation, "; the next up does it");
    const pending = lifecycle.targets.map(({ containerTag, event }) => ({ containerTag, event }));
    return outputs({ ...base, pending });
  }
  const settings = host.settings();
  const endsAt = endOf(operation, host.surroundings.clock.now());
  try {
    const outcome = await runPurge(host, operation, settings, overrides);
    return outputs(await recordAfter(host, operation, settings, outcome, endsAt));
  } catch (error) {
    if (!(error instanceof PurgeIncompleteError)) throw error;
    const record = await recordAfter(host, operation, settings, error.outcome, endsAt);
    throw new InitFailure(error.message, id, outputs(record));
  }
}

/** A removal that is left undone keeps the permission it had, or its next try would be refused. */
function withAllowances({ allowRemoved, inputs }: Operation, pending: readonly Pending[]): PurgeInputs {
  const removals = pending.filter(({ event }) => event === "delete").map(({ containerTag }) => containerTag);
  const allowed = [...inputs.allowProtectedTags, ...removals.filter((tag) => allowRemoved.includes(tag))];
  return { ...inputs, allowProtectedTags: [...new Set(allowed)] };
}

/** In a destroy the program's arguments are out of reach, so a refusal that they could lift says how to change them. */
function withWayOut(error: unknown, urn: string | undefined): unknown {
  if (!(error instanceof RefusedError) || ["", "baseUrl"].includes(error.property) || urn === undefined) return error;
  return new RefusedError(
    error.property,
    `${error.message}\nto change the program's arguments first: pulumi up --target '${urn}'`,
  );
}
