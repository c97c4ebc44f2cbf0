import { SupermemoryError, messageOf } from "../errors";
import { purgeTag, type TagRun } from "./execute";
import { Gate } from "./gate";
import { guardAddress, guardApiVersion, guardMove } from "./guard";
import { makePlan } from "./plan";
import { inParallel } from "../util/pool";
import { guardTags } from "./tag-rules";
import type { Tally } from "./accounting";
import type { PurgeMethod, Plan, PurgeOutcome, PurgeRequest, PurgeSession, TagPlan, TagResult } from "./types";
import { count, documents, namesOf, nothingDeleted } from "../util/format";

/** A purge that sent its first delete and did not get to its end; `outcome` says what it did. */
export class PurgeIncompleteError extends SupermemoryError {
  override readonly name = "PurgeIncompleteError";

  constructor(
    message: string,
    readonly outcome: PurgeOutcome,
  ) {
    super(message);
  }
}

/**
 * plan -> guard -> execute -> verify, for all containers of one operation.
 *
 * @throws PurgeIncompleteError once a delete was sent; before that any other SupermemoryError, and then nothing was
 *   deleted
 */
export async function purge(request: PurgeRequest, session: PurgeSession): Promise<PurgeOutcome> {
  const { clock } = session.deadline;
  const startedAt = clock.now();
  let planned: Plan | undefined;
  const watched = watchMutations({
    ...session,
    onApiVersion: (generation) => {
      guardApiVersion(request.method, generation);
      if (planned !== undefined) guardMove(planned, generation);
    },
  });
  let plan: Plan;
  let gate: Gate;
  try {
    guardTags(request.targets, request.guardrails);
    guardAddress(request.resource, request.guardrails);
    if (request.targets.length > 0) session.onStatus(`counting the documents in ${namesOf(request.targets)}`);
    plan = await makePlan(request, watched.session);
    planned = plan;
    session.onPlanned(plan.total);
    gate = Gate.open(request, plan);
  } catch (error) {
    throw sayNothingWasDeleted(error);
  }
  const runs = await runAll(plan, request, gate, watched.session);
  const tags = runs.map((run) => run.result);
  const outcome: PurgeOutcome = {
    tags,
    planned: plan.total,
    deleted: tags.reduce((sum, tag) => sum + tag.deleted, 0),
    estimated: tags.some((tag) => tag.estimated),
    durationMs: clock.now() - startedAt,
    method: request.method,
  };
  const failed = runs.find((run) => run.error !== undefined);
  if (failed === undefined) return outcome;
  if (!watched.mutated()) throw sayNothingWasDeleted(failed.error);
  throw new PurgeIncompleteError(describeFailure(outcome, messageOf(failed.error)), outcome);
}

async function runAll(
  plan: Plan,
  request: PurgeRequest,
  gate: Gate,
  session: PurgeSession,
): Promise<readonly TagRun[]> {
  const runs: TagRun[] = plan.tags.map((tag) => ({ result: untouched(tag, request.method) }));
  const tallies = new Map<string, number>();
  const tags = namesOf(plan.tags);
  const onProgress = ({ deleted, plan: { containerTag } }: Tally): void => {
    tallies.set(containerTag, deleted);
    const sum = [...tallies.values()].reduce((total, value) => total + value, 0);
    session.onStatus(`deleting: ${count(sum)} of ${documents(plan.total)} in ${tags}`);
  };
  if (plan.total > 0) session.onStatus(`deleting: 0 of ${documents(plan.total)} in ${tags}`);
  let failed = false;
  await inParallel(plan.tags.entries(), session.concurrency, async ([index, tag]) => {
    if (failed) return;
    const run =
      (await skippedByRecheck(tag, request, gate, session)) ??
      (await purgeTag(tag, request, gate, session, onProgress));
    runs[index] = run;
    failed ||= run.error !== undefined;
  });
  return runs;
}

/** What asked for the purge may have changed since: then the container stays, and the gate lets nothing of it go. */
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

/** A tag that was counted and not begun; one in which there is nothing to delete is complete as it is. */
function untouched({ containerTag, count: planned, event, kept, listed }: TagPlan, { kind }: PurgeMethod): TagResult {
  const done = planned === 0 && kind !== "container";
  const rest = {
    remaining: planned,
    lastSeen: listed,
    written: 0,
    estimated: false,
    least: false,
    memories: 0,
    absent: false,
  };
  return { containerTag, event, planned, deleted: 0, done, kept, ...rest };
}

function describeFailure({ deleted, estimated, planned, tags }: PurgeOutcome, reason: string): string {
  const left = tags.filter((tag) => !tag.done);
  const known = left.every((tag) => tag.remaining !== undefined);
  const remain = left.reduce((sum, tag) => sum + (tag.remaining ?? 0), 0);
  const [only, another] = tags;
  const where =
    another === undefined ? `in ${only?.containerTag ?? "no container"}` : `(${tags.map(share).join(", ")})`;
  const about = !estimated ? "" : tags.every((tag) => tag.least || !tag.estimated) ? "at least " : "about ";
  const rest = known ? `${count(remain)} ${remain === 1 ? "remains" : "remain"}` : "how many remain is not known";
  const [first = "", ...hints] = reason.split("\n");
  const again = tags.some((tag) => tag.event !== "delete") ? "run pulumi up again" : "run the same command again";
  return [
    `deleted ${about}${count(deleted)} of ${documents(planned)} ${where}, then ${first}; ${rest}`,
    ...hints,
    `${again}: it goes on with the rest`,
  ].join("\n");
}

/** "pr-42: 3 of 5"; what is left is told where the two numbers do not tell it. */
function share({ containerTag, deleted, done, estimated, least, planned, remaining }: TagResult): string {
  const gone = `${containerTag}: ${estimated && !least ? "about " : ""}${count(deleted)} of ${count(planned)}`;
  if (done || remaining === planned - deleted) return gone;
  if (remaining === undefined) return least ? `${gone} or more` : gone;
  return `${gone} with ${count(remaining)} left`;
}

function sayNothingWasDeleted(error: unknown): unknown {
  if (error instanceof SupermemoryError) error.message = nothingDeleted(error.message);
  return error;
}

/** Notices when the first deleting request is sent: from then on a failure is an incomplete purge. */
function watchMutations(session: PurgeSession): { session: PurgeSession; mutated: () => boolean } {
  let mutated = false;
  const onAttempt = (mutating: boolean): void => {
    mutated ||= mutating;
    session.onAttempt(mutating);
  };
  return { session: { ...session, onAttempt }, mutated: () => mutated };
}
