import { hintsOf, SupermemoryError, summaryOf, withNothingDeleted, withTag } from "../errors";
import { count, documents, largest, namesOf } from "../util/format";
import { inParallel } from "../util/pool";
import { withBudget } from "./budget";
import { purgeTag, StillWrittenError, type TagRun } from "./execute";
import { Gate } from "./gate";
import { guardAddress } from "./guard";
import { makePlan, seesProtected } from "./plan";
import { guardTags } from "./tag-rules";
import type { Plan, PurgeMethod, PurgeOutcome, PurgeRequest, PurgeSession, TagPlan, TagResult } from "./types";

/** A purge that sent a delete and did not finish. */
export class PurgeIncompleteError extends SupermemoryError {
  override readonly name = "PurgeIncompleteError";

  constructor(
    summary: string,
    hints: readonly string[],
    readonly outcome: PurgeOutcome,
  ) {
    super(summary, hints);
  }
}

/**
 * plan -> guard -> execute -> verify, for all containers of one operation.
 *
 * @throws PurgeIncompleteError after the first delete was sent; before that any other error, and nothing was deleted
 */
export async function purge(request: PurgeRequest, given: PurgeSession): Promise<PurgeOutcome> {
  const { clock } = given.deadline;
  const startedAt = clock.now();
  const { hasMutated, session } = watchMutations(withBudget(given, request.targets.length));
  const { gate, plan } = await planAndGuard(request, session);
  const runs = await execute(plan, request, gate, session);
  const tags = runs.map((run) => run.result);
  const outcome: PurgeOutcome = {
    tags,
    planned: plan.total,
    deleted: tags.reduce((sum, tag) => sum + tag.deleted, 0),
    estimated: tags.some((tag) => tag.estimated),
    durationMs: clock.now() - startedAt,
    method: request.method,
    apiVersion: plan.apiVersion,
    besideProtected: seesProtected(plan),
  };
  const failed = runs.find((run) => run.error !== undefined);
  if (failed === undefined) return outcome;
  const error = tags.length === 1 ? failed.error : withTag(failed.error, failed.result.containerTag);
  if (!hasMutated()) throw withNothingDeleted(error);
  throw incomplete(outcome, error);
}

async function planAndGuard(request: PurgeRequest, session: PurgeSession): Promise<{ plan: Plan; gate: Gate }> {
  const { guardrails, resource, targets } = request;
  try {
    guardTags(targets, guardrails);
    guardAddress(resource, guardrails);
    if (targets.length > 0) session.onStatus(`counting the documents in ${namesOf(targets)}`);
    const plan = await makePlan({ ...request, limit: guardrails.maxDeletions }, session);
    session.onPlanned(plan.total);
    for (const { containerTag, listed } of plan.tags) session.onListed?.(containerTag, listed);
    return { plan, gate: Gate.open(request, plan) };
  } catch (error) {
    throw withNothingDeleted(error);
  }
}

/** Purges all containers, several at a time. After a failure no further container is started. */
async function execute(
  plan: Plan,
  request: PurgeRequest,
  gate: Gate,
  session: PurgeSession,
): Promise<readonly TagRun[]> {
  const runs: TagRun[] = plan.tags.map((tag) => ({ result: untouched(tag, request.method) }));
  const onProgress = (): void => {
    session.onStatus(`deleting: ${count(gate.deleted)} of ${documents(plan.total)} in ${namesOf(plan.tags)}`);
  };
  if (plan.total > 0) onProgress();
  let failed = false;
  await inParallel(plan.tags.entries(), session.concurrency, async ([index, tag]) => {
    if (failed) return;
    const run =
      (await skippedByRecheck(tag, request, gate, session)) ??
      (await purgeTag(tag, request, { gate, session, onProgress }));
    runs[index] = run;
    failed ||= run.error !== undefined;
  });
  return runs;
}

/** The reason for the purge may no longer apply. Then the container is kept, and the gate clears nothing in it. */
async function skippedByRecheck(
  tag: TagPlan,
  { recheck, method }: PurgeRequest,
  gate: Gate,
  session: PurgeSession,
): Promise<TagRun | undefined> {
  const result = untouched(tag, method);
  if (recheck === undefined || result.done) return undefined;
  try {
    const reason = await recheck(tag, session);
    if (reason === undefined) return undefined;
    gate.release(tag.containerTag);
    return { result: { ...result, done: true, skipped: reason } };
  } catch (error) {
    return { result, error };
  }
}

/** The result of a container in which nothing was deleted. It is done if the plan has nothing to delete. */
function untouched({ containerTag, count: planned, event, kept, listed }: TagPlan, { kind }: PurgeMethod): TagResult {
  return {
    containerTag,
    event,
    planned,
    deleted: 0,
    remaining: planned,
    lastSeen: listed,
    written: 0,
    estimated: false,
    least: false,
    done: planned === 0 && kind !== "container",
    kept,
    memories: 0,
    absent: false,
  };
}

function incomplete(outcome: PurgeOutcome, cause: unknown): PurgeIncompleteError {
  const stillWritten = cause instanceof StillWrittenError;
  const why = stillWritten ? " while new ones kept arriving" : `, then ${summaryOf(cause)}`;
  const command = outcome.tags.some((tag) => tag.event !== "delete") ? "pulumi up" : "the same command";
  const hint = stillWritten ? "stop the writer, then run the command again" : `run ${command} again to resume`;
  const summary = `deleted ${amountOf(outcome)}${why}; ${restOf(outcome)}`;
  return new PurgeIncompleteError(summary, [...hintsOf(cause), hint], outcome);
}

/** "at least 3 of 5 documents in pr-42", "5 of 12 documents (pr-42: 5 of 5, pr-43: 0 of 7)"; the largest tags if there are many. */
function amountOf({ deleted, estimated, planned, tags }: PurgeOutcome): string {
  const [only, another] = tags;
  const place =
    another === undefined
      ? `in ${only?.containerTag ?? "no container"}`
      : `(${largest(tags, ({ planned: some }) => some, share)})`;
  const about = !estimated ? "" : tags.every((tag) => tag.least || !tag.estimated) ? "at least " : "about ";
  return deleted > planned
    ? `${about}${documents(deleted)} ${place} (${count(planned)} ${planned === 1 ? "was" : "were"} planned)`
    : `${about}${count(deleted)} of ${documents(planned)} ${place}`;
}

/** "pr-42: 3 of 5", with what is left if the two numbers do not show it. */
function share({ containerTag, deleted, done, estimated, least, planned, remaining }: TagResult): string {
  const atLeast = least && !done && remaining === undefined;
  const about = atLeast ? "at least " : estimated && !least ? "about " : "";
  const numbers = `${containerTag}: ${about}${count(deleted)} of ${count(planned)}`;
  const isClear = done || remaining === undefined || remaining === planned - deleted;
  return isClear ? numbers : `${numbers} with ${count(remaining)} left`;
}

/** A number "remains" only if it is known. */
function restOf({ tags }: PurgeOutcome): string {
  const open = tags.filter((tag) => !tag.done);
  const left = open.reduce((sum, tag) => sum + (tag.remaining ?? Math.max(0, tag.planned - tag.deleted)), 0);
  if (open.every((tag) => tag.remaining !== undefined)) return `${count(left)} ${left === 1 ? "remains" : "remain"}`;
  return `${count(left)} ${left === 1 ? "was" : "were"} not confirmed deleted`;
}

/** Notes whether a deleting request was sent. From then on a failure is an incomplete purge. */
function watchMutations(session: PurgeSession): { session: PurgeSession; hasMutated: () => boolean } {
  let mutated = false;
  const onAttempt = (mutating: boolean): void => {
    mutated ||= mutating;
    session.onAttempt(mutating);
  };
  return { session: { ...session, onAttempt }, hasMutated: () => mutated };
}
