import {
  ApiError,
  type ApiFailure,
  hintsOf,
  SupermemoryError,
  summaryOf,
  withNothingDeleted,
  withTag,
} from "../errors";
import { count, documents, duration, largest, namesOf } from "../util/format";
import { inParallel } from "../util/pool";
import { withBudget } from "./budget";
import type { TagPurge } from "./deletes";
import { ContainerRun, StillWrittenError, type TagRun } from "./execute";
import { Freshness } from "./freshness";
import { Gate } from "./gate";
import { guardAddress } from "./guard";
import { countOnce } from "./distinct";
import { excessOf } from "./excess";
import { Losses, type LossWatch } from "./losses";
import { makePlan, seesProtected } from "./plan";
import { Recheck } from "./recheck";
import { judge } from "./select";
import { guardTags } from "./tag-rules";
import type { Plan, PurgeMethod, PurgeOutcome, PurgeRequest, PurgeSession, TagPlan, TagResult } from "./types";

/** A purge that sent a delete and did not finish. */
export class PurgeIncompleteError extends SupermemoryError {
  override readonly name = "PurgeIncompleteError";

  constructor(
    summary: string,
    hints: readonly string[],
    readonly outcome: PurgeOutcome,
    /** The request that ended the purge; undefined if none did. */
    readonly failure?: ApiFailure,
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
  const { gate, plan } = await planAndGuard(request, session, startedAt);
  const watch = (given.losses ?? new Losses()).begin();
  const ended = await execute(plan, request, gate, session, startedAt, watch).finally(() => {
    watch.end();
  });
  const runs = withLosses(watch, withKeptElsewhere(plan, ended));
  const tags = runs.map((run) => run.result);
  const excess = excessOf(tags, request.guardrails.maxDeletions);
  const outcome: PurgeOutcome = {
    tags,
    planned: plan.total,
    deleted: tags.reduce((sum, tag) => sum + tag.deleted, 0),
    estimated: tags.some((tag) => tag.estimated),
    warnings: excess === undefined ? [] : [excess.summary],
    durationMs: clock.now() - startedAt,
    method: request.method,
    apiVersion: plan.apiVersion,
    besideProtected: seesProtected(plan),
  };
  const failed = runs.find((run) => run.error !== undefined);
  if (failed !== undefined) {
    const error = tags.length === 1 ? failed.error : withTag(failed.error, failed.result.containerTag);
    if (!hasMutated()) throw withNothingDeleted(error);
    throw incomplete(outcome, error);
  }
  if (excess?.isFar === true) throw incomplete(outcome, new SupermemoryError(excess.summary, excess.hints));
  return outcome;
}

async function planAndGuard(
  request: PurgeRequest,
  session: PurgeSession,
  now: number,
): Promise<{ plan: Plan; gate: Gate }> {
  const { guardrails, resource, targets } = request;
  try {
    guardTags(targets, guardrails);
    guardAddress(resource, guardrails);
    if (targets.length > 0) session.onStatus(`counting documents in ${namesOf(targets)}`);
    const plan = await makePlan({ ...request, limit: guardrails.maxDeletions }, session, now);
    session.onPlanned(plan.total);
    for (const { containerTag, listed } of plan.tags) session.onListed?.(containerTag, listed);
    return { plan, gate: Gate.open(request, plan) };
  } catch (error) {
    throw withNothingDeleted(error);
  }
}

/** Time that is kept for a last list, which shows what the deletes of a purge that fails have done. */
function timeForLastList(timeoutMs: number): number {
  return Math.min(5_000, timeoutMs / 10);
}

/** Purges all containers, several at a time. After a failure no further container is started. */
async function execute(
  plan: Plan,
  request: PurgeRequest,
  gate: Gate,
  last: PurgeSession,
  plannedAt: number,
  watch: LossWatch,
): Promise<readonly TagRun[]> {
  const { deadline: full } = last;
  const deadline = full.endingEarlier(timeForLastList(full.timeoutMs));
  const session = { ...last, deadline };
  const runs: TagRun[] = plan.tags.map((tag) => ({ result: untouched(tag, request.method) }));
  const { total } = countOnce(plan);
  const onProgress = (): void => {
    session.onDeleted?.(gate.deleted, total);
  };
  /** While documents of other containers are still deleted, that is what the line shows. */
  const onVerifying = (): void => {
    if (plan.tags.length === 1 || gate.deleted >= total) session.onStatus(`verifying ${namesOf(plan.tags)}`);
  };
  if (plan.total > 0) onProgress();
  const waits = { count: 0 };
  const containers = plan.tags.map((tag) => {
    const freshness = new Freshness(deadline.clock, waits);
    const purgeOfTag = {
      ...decisionsOf(tag, request, freshness, plannedAt),
      gate,
      session,
      freshness,
      onProgress,
      onVerifying,
      onLost: () => {
        watch.lost(tag.containerTag);
      },
    };
    return new ContainerRun(tag, request, purgeOfTag, last);
  });
  const hasFailed = (): boolean => runs.some(({ error }) => error !== undefined);
  const each = async (step: (container: ContainerRun) => Promise<TagRun>): Promise<void> => {
    await inParallel(containers.entries(), session.concurrency, async ([index, container]) => {
      if (!hasFailed()) runs[index] = await step(container);
    });
  };
  try {
    await each(async (container) => await container.run());
    const [first] = runs;
    if (request.settleMs === undefined || first === undefined || hasFailed()) return runs;
    try {
      await waitForLateDocuments(request.settleMs, session);
    } catch (error) {
      runs[0] = { ...first, error };
      return runs;
    }
    await each(async (container) => await container.again());
  } finally {
    deadline.end();
  }
  return runs;
}

async function waitForLateDocuments(ms: number, { deadline, onStatus }: PurgeSession): Promise<void> {
  const wait = duration(ms);
  onStatus(`waiting ${wait} for documents that are still being written (settle)`);
  await deadline.sleep(ms, `the wait of ${wait} (settle) was not over`);
}

/** What is decided again before a delete. */
function decisionsOf(
  tag: TagPlan,
  { guardrails: rules, method, recheck, targets }: PurgeRequest,
  freshness: Freshness,
  plannedAt: number,
): Pick<TagPurge, "judge" | "planned" | "recheck"> {
  const target = targets.find(({ containerTag }) => containerTag === tag.containerTag) ?? tag;
  return {
    recheck: new Recheck(recheck, freshness),
    judge: (row) =>
      method.kind === "ids" ? judge(row, target, { method, rules, targets, now: plannedAt }) : { kind: "delete" },
    // Containers are counted before the first of them waits.
    planned: { epoch: 0, at: tag.listedAt ?? plannedAt },
  };
}

/** A document in two of the containers is in the plan of the first one. If that one is kept, the document is too. */
function withKeptElsewhere(plan: Plan, runs: readonly TagRun[]): readonly TagRun[] {
  const skipped = runs.filter(({ result }) => result.skipped !== undefined).map(({ result }) => result.containerTag);
  return runs.map((run, index) => {
    const elsewhere = plan.tags[index]?.elsewhere ?? [];
    const kept = elsewhere
      .filter(({ containerTag }) => skipped.includes(containerTag))
      .map(({ containerTag, documents: number }) => ({
        reason: `also in ${containerTag}, which was kept`,
        documents: number,
      }));
    return kept.length === 0 ? run : { ...run, result: { ...run.result, kept: [...run.result.kept, ...kept] } };
  });
}

/** Documents that two purges may both have counted make both numbers estimates. */
function withLosses(watch: LossWatch, runs: readonly TagRun[]): readonly TagRun[] {
  return runs.map((run) => {
    const { containerTag, deleted } = run.result;
    if (deleted === 0 || !watch.isBeside(containerTag)) return run;
    return { ...run, result: { ...run.result, estimated: true, least: false, lostBeside: true } };
  });
}

/** The result of a container in which nothing was deleted. It is done if the plan has nothing to delete. */
function untouched({ containerTag, count: planned, event, kept, listed }: TagPlan, { kind }: PurgeMethod): TagResult {
  return {
    containerTag,
    event,
    planned,
    deleted: 0,
    remaining: planned,
    unconfirmed: planned,
    goneWithoutResponse: 0,
    beyondPlan: 0,
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
  const summary = `deleted ${amountOf(outcome)}${why}; ${goneOf(outcome)}${restOf(outcome)}`;
  const failure = cause instanceof ApiError ? cause.failure : undefined;
  return new PurgeIncompleteError(summary, [...hintsOf(cause), hint], outcome, failure);
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

/** "7 were gone without a response; " */
function goneOf({ tags }: PurgeOutcome): string {
  const gone = tags.reduce((sum, tag) => sum + tag.goneWithoutResponse, 0);
  return gone === 0 ? "" : `${count(gone)} ${gone === 1 ? "was" : "were"} gone without a response; `;
}

/** Documents only "remain" if a list shows them. */
function restOf({ tags }: PurgeOutcome): string {
  const open = tags.filter((tag) => !tag.done);
  const left = open.reduce((sum, tag) => sum + tag.unconfirmed, 0);
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
