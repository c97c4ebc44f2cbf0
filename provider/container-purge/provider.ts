import { randomBytes } from "node:crypto";
import { StateError } from "../errors";
import { applyChange } from "../host/apply";
import {
  argumentsUnknown,
  type CheckRequest,
  type CheckResponse,
  type CreateRequest,
  type CreateResponse,
  type DeleteRequest,
  type DiffRequest,
  type PreviewRequest,
  type ReadRequest,
  type ResourceHandler,
  type UpdateRequest,
} from "../host/handler";
import type { Host } from "../host/host";
import type { PurgeJob } from "../host/job";
import { guardOwner, hasMoved, movedLine, ownerIn } from "../host/owner";
import { runJob, skipJob } from "../host/run";
import { hasUnknown, type Properties, sameSet, sameValue } from "../util/values";
import { argumentNames, checkArgs, knownArgs, type PurgeArgs, readArgs } from "./args";
import { warnOfRefusalOnV5 } from "./ahead";
import { checkGuardrails, claimTags, plannedBefore } from "./check";
import { createLifecycle, deleteLifecycle, type Lifecycle, updateLifecycle } from "./lifecycle";
import { claimEarlier, containerLeft, later, leftAloneLines } from "./messages";
import { announceCount, readStateOrWarn } from "./foresee";
import { isOfEphemeral, withOwnTag } from "./own-tag";
import { announceUncounted, previewPurge } from "./preview";
import { observe, recordAfter } from "./refresh";
import { checkKey, remind, remindByList } from "./reminder";
import { targetsIn, withWaysOut } from "./ways-out";
import {
  emptyRecord,
  type PendingPurge,
  type PurgeRecord,
  readState,
  refuseNewerState,
  secretOutputs,
  unknownOutputs,
  writeState,
} from "./state";

/** What a ContainerPurge does on check, diff, preview, create, update, delete and read. */
export class ContainerPurgeHandler implements ResourceHandler {
  constructor(private readonly host: Host) {}

  /** Validates the arguments, claims the tags for this command, and checks them against the guardrails. */
  async check({ known: isWhole, news, olds, preview, urn }: CheckRequest): Promise<CheckResponse> {
    if (!isWhole && !preview) {
      this.host.claims.addUnknown(urn);
      return { inputs: news, failures: [argumentsUnknown] };
    }
    const keyFailure =
      this.host.refuseKeyIn("containerTags", news["containerTags"]) ??
      this.host.refuseKeyIn("allowProtectedTags", news["allowProtectedTags"]);
    if (keyFailure !== undefined) return { inputs: news, failures: [keyFailure] };
    const { failures, inputs: given } = checkArgs(news);
    const inputs = withOwnTag(urn, given);
    if (urn !== undefined) this.host.previewedPlans.delete(urn);
    if (failures.length > 0) return { inputs, failures };
    const failure =
      claimTags(this.host, urn, inputs) ??
      plannedBefore(this.host, inputs) ??
      checkGuardrails(this.host, urn, inputs, olds);
    if (failure !== undefined) return { inputs, failures: [failure] };
    const isComplete = argumentNames.every((name) => !hasUnknown(inputs[name]));
    if (Object.keys(olds).length > 0 && isComplete) await warnOfRefusalOnV5(this.host, urn, readArgs(inputs));
    return { inputs, failures: [] };
  }

  /** Changed arguments, another owner, pending purges, drift, and outputs of a newer version are something to update. */
  diff({ news, olds, urn }: DiffRequest): boolean {
    const { drift, inputs: old, record } = readState(olds);
    if (argumentNames.some((name) => hasUnknown(news[name]))) return true;
    const { inputs } = readArgs(news);
    return (
      hasMoved(record, urn) ||
      record.pending.length > 0 ||
      (drift && inputs.purgeOn.includes("drift")) ||
      Object.keys(unknownOutputs(olds)).length > 0 ||
      !sameSet(old.containerTags, inputs.containerTags) ||
      !sameValue({ ...old, containerTags: [] }, { ...inputs, containerTags: [] })
    );
  }

  async preview({ news, olds, urn }: PreviewRequest): Promise<void> {
    const unknown = (olds === undefined ? countedBy : argumentNames).filter((name) => hasUnknown(news[name]));
    if (unknown.length > 0) {
      if (olds === undefined) announceUncounted(this.host, urn, news["purgeOn"], unknown);
      return;
    }
    const { args, job, lifecycle } =
      olds === undefined ? creation(urn, knownArgs(news)) : this.#updating(urn, olds, news);
    const record = olds === undefined ? emptyRecord : readState(olds).record;
    announceMove(this.host, urn, record);
    announceLeftAlone(this.host, urn, lifecycle);
    const removed = lifecycle.targets.filter(({ event }) => event === "delete").map(({ containerTag }) => containerTag);
    if (urn !== undefined && removed.length > 0 && !this.host.overrides().skip) {
      this.host.previewedPlans.set(urn, { containerTags: removed, wayOut: claimEarlier });
    }
    await previewPurge(this.host, job, lifecycle.targets, olds === undefined);
    const others = remind(this.host, removal(urn, args, record), job.targets);
    if (others !== undefined) await remindByList(this.host, others);
  }

  async remind({ news, olds, urn }: DiffRequest): Promise<void> {
    await checkKey(this.host, remind(this.host, removal(urn, readArgs(news), readState(olds).record)));
  }

  /** Purges all tags. */
  async create({ news, timeoutMs, urn }: CreateRequest): Promise<CreateResponse> {
    const id = `purge-${randomBytes(6).toString("hex")}`;
    const operation = creation(urn, readArgs(news), timeoutMs);
    return { id, outputs: await apply(this.host, id, operation, emptyRecord) };
  }

  /** Purges what changed, tag by tag, and what is pending; see `updateLifecycle`. */
  async update({ id, news, olds, timeoutMs, urn }: UpdateRequest): Promise<Properties> {
    const { inputs: old, record } = readState(olds);
    const operation = this.#updating(urn, olds, news, timeoutMs);
    announceMove(this.host, urn, record);
    const others = remind(this.host, removal(urn, operation.args, record), operation.job.targets);
    if (operation.job.targets.length === 0) await checkKey(this.host, others);
    const sameTags = sameSet(old.containerTags, operation.args.inputs.containerTags);
    return await apply(this.host, id, operation, sameTags ? record : { ...record, documentCount: null });
  }

  /** Purges all tags, and removals that are pending. Every failure keeps the resource in the stack. */
  async delete(request: DeleteRequest): Promise<void> {
    const { olds, urn } = request;
    const { host } = this;
    try {
      await this.#delete(request);
    } catch (error) {
      if (!(error instanceof StateError) || !host.overrides().skip) throw withWaysOut(error, urn, host.instance);
      skipJob(host, { urn, targets: targetsIn(olds), events: ["delete"], kept: [] }, later.never);
    }
  }

  async #delete({ olds, recordedUrn, timeoutMs, urn }: DeleteRequest): Promise<void> {
    const { host } = this;
    const state = readState(olds);
    const overrides = state.inputs.purgeOn.includes("delete") ? host.overrides() : undefined;
    // Skipping is the way out of a configuration that is not valid, so it reads no settings.
    const lifecycle = deleteLifecycle(state, overrides?.skip === true ? () => undefined : host.claimedBy);
    const { job } = operationOf(urn, state, lifecycle, state.record, state.inputs.allowProtectedTags, timeoutMs);
    announceLeftAlone(host, urn, lifecycle);
    if (overrides === undefined || job.targets.length === 0) return;
    if (overrides.skip) {
      skipJob(host, job, later.never);
      return;
    }
    refuseNewerState(olds);
    guardOwner(state.record, recordedUrn, host.options.env, overrides.acceptStateOf);
    await runJob(host, job, host.terms());
  }

  /**
   * Counts the documents, reports what a destroy does with them, and marks drift where `purgeOn` contains it. A failed
   * count is a warning, and so is damaged state, so that a destroy with a refresh gets as far as its own way out.
   */
  async read({ olds, urn }: ReadRequest): Promise<Properties> {
    const { host } = this;
    const state = readStateOrWarn(host, urn, olds);
    if (state === undefined) return olds;
    const { inputs, method, record } = state;
    const { job } = operationOf(urn, state, createLifecycle(inputs), record, []);
    const destroy = removal(urn, state, record);
    const wantsDrift = inputs.purgeOn.includes("drift");
    const more = destroy.targets.map(({ containerTag }) => containerTag);
    const how = { method: wantsDrift || more.length > 0 ? method : undefined, more };
    const seen = await observe(host, job, inputs.containerTags, how);
    const drift = wantsDrift && (seen === undefined ? state.drift : seen.planned > 0);
    if (seen !== undefined) announceCount(host, { olds, record, destroy, ...seen, drift: drift ? seen.planned : 0 });
    return { ...unknownOutputs(olds), ...writeState(inputs, { ...record, ...seen?.facts }, drift) };
  }

  secretOutputs(outputs: Properties, secret: { readonly now: boolean; readonly before: boolean }): readonly string[] {
    return secretOutputs(outputs, secret);
  }

  #updating(urn: string | undefined, olds: Properties, news: Properties, timeoutMs?: number): Operation {
    const old = readState(olds);
    const args = readArgs(news);
    const lifecycle = updateLifecycle(old, args.inputs, this.host.claimedBy);
    const allowRemoved = [...old.inputs.allowProtectedTags, ...args.inputs.allowProtectedTags];
    return operationOf(urn, args, lifecycle, old.record, allowRemoved, timeoutMs);
  }
}

/** One create, update or delete: the arguments that govern it, what they ask for, and the job that does it. */
interface Operation {
  readonly args: PurgeArgs;
  readonly lifecycle: Lifecycle;
  readonly job: PurgeJob;
}

function creation(urn: string | undefined, args: PurgeArgs, timeoutMs?: number): Operation {
  return operationOf(urn, args, createLifecycle(args.inputs), emptyRecord, [], timeoutMs);
}

/** The purge of a destroy. */
function removal(urn: string | undefined, args: PurgeArgs, record: PurgeRecord): PurgeJob {
  const lifecycle = deleteLifecycle({ inputs: args.inputs, record }, () => undefined);
  return operationOf(urn, args, lifecycle, record, args.inputs.allowProtectedTags).job;
}

/** @param allowRemoved protected tags that removals may purge */
function operationOf(
  urn: string | undefined,
  args: PurgeArgs,
  lifecycle: Lifecycle,
  record: PurgeRecord,
  allowRemoved: readonly string[],
  timeoutMs = args.timeoutMs,
): Operation {
  const { inputs, method, settleMs } = args;
  const { allowProtectedTags: managed, maxDeletions, verify } = inputs;
  const job = {
    urn,
    targets: lifecycle.targets,
    method,
    verify,
    settleMs,
    timeoutMs,
    guardrails: { maxDeletions, allowProtectedTags: { managed, removed: allowRemoved } },
    recorded: record,
    deletedBefore: record.totalDeletedCount,
    events: [...new Set(lifecycle.targets.map(({ event }) => event))],
    kept: lifecycle.kept.map(({ claimedBy, containerTag }) => ({ containerTag, reason: `claimed by ${claimedBy}` })),
    ...(isOfEphemeral(urn) ? { note: containerLeft } : {}),
  };
  return { args, lifecycle, job };
}

/** @param base the record to start from: the one so far, without a count of other tags than today's */
async function apply(host: Host, id: string, operation: Operation, base: PurgeRecord): Promise<Properties> {
  const { args, job, lifecycle } = operation;
  const { containerTags } = args.inputs;
  const outputs = (record: PurgeRecord): Properties =>
    writeState(withAllowances(operation, record.pending), { ...record, ...ownerIn(job.urn) });
  announceLeftAlone(host, job.urn, lifecycle);
  return await applyChange(host, {
    id,
    job,
    unchanged: async () => {
      const seen = base.documentCount === null ? await observe(host, job, containerTags) : undefined;
      return outputs({ ...base, pending: [], ...seen?.facts });
    },
    skipped: {
      later: later.pending,
      outputs: () => {
        const pending = job.targets.map(({ containerTag, event }) => ({ containerTag, event }));
        return outputs({ ...base, pending });
      },
    },
    run: async (terms) => await runJob(host, job, terms),
    record: async (outcome, { settings }, endsAt) =>
      outputs(outcome === undefined ? base : await recordAfter(host, job, settings, containerTags, outcome, endsAt)),
  });
}

/** A removal that is pending keeps the permission that it had, or its next try would be refused. */
function withAllowances({ args: { inputs }, job }: Operation, pending: readonly PendingPurge[]): PurgeArgs["inputs"] {
  const { removed } = job.guardrails.allowProtectedTags;
  const removals = pending.filter(({ event }) => event === "delete").map(({ containerTag }) => containerTag);
  const allowed = [...inputs.allowProtectedTags, ...removals.filter((tag) => removed.includes(tag))];
  return { ...inputs, allowProtectedTags: [...new Set(allowed)] };
}

/** Arguments that decide what a create deletes. */
const countedBy = [
  "containerTags",
  "purgeOn",
  "allowProtectedTags",
  "maxDeletions",
  "scope",
  "select",
  "deleteBy",
  "sharedDocuments",
];

function announceMove(host: Host, urn: string | undefined, record: PurgeRecord): void {
  const line = movedLine(record, urn);
  if (line !== undefined) host.log.warn(urn, line);
}

/** Reports tags that are kept although they left the program, and pending purges that no longer apply. */
function announceLeftAlone(host: Host, urn: string | undefined, lifecycle: Lifecycle): void {
  const { infos, warnings } = leftAloneLines(urn, lifecycle);
  for (const line of warnings) host.log.warn(urn, line);
  for (const line of infos) host.log.info(urn, line);
}
