import { RefusedError } from "../errors";
import type { Host } from "../host/host";
import { guardrailsOf, nameOf, type PurgeJob } from "../host/job";
import { cannotCount, skippedLine } from "../host/messages";
import { warnOfMove, warnOfNewKey } from "../host/run";
import { countTimeoutMs } from "../host/session";
import { withBudget } from "../purge/budget";
import { guardAddress, guardPlan } from "../purge/guard";
import { makePlan } from "../purge/plan";
import { guardTags } from "../purge/tag-rules";
import type { Guardrails, Plan } from "../purge/types";
import type { PlannedTarget } from "./lifecycle";
import {
  createPurgesToo,
  later,
  optionsKeepNoTag,
  uncountedCreate,
  unknownCreate,
  willDelete,
  willDeleteContainers,
} from "./messages";

/**
 * Counts and announces what the `up` will delete, on the resource's row. A create that deletes existing documents is a
 * warning, and so is a failed count.
 *
 * @throws RefusedError for a purge that a guardrail would refuse, so that the preview stops
 * @throws ConfigError
 */
export async function previewPurge(
  host: Host,
  job: PurgeJob,
  targets: readonly PlannedTarget[],
  isNew: boolean,
): Promise<void> {
  if (targets.length === 0) return;
  const terms = host.terms();
  if (terms.overrides.skip) {
    host.log.warn(job.urn, skippedLine("nothing will be deleted", targets, later.pending));
    return;
  }
  const guardrails = guardrailsOf(job, terms);
  guardTags(targets, guardrails);
  guardAddress(nameOf(job.urn), guardrails);
  warnOfNewKey(host, job, terms.settings);
  const plan = await count(host, job, guardrails, isNew);
  if (plan === undefined) return;
  warnOfMove(host, job, plan.apiVersion);
  guardPlan(plan, job.method, guardrails);
  const isWhole = job.method.kind === "container";
  const { maxDeletions } = guardrails;
  const line = isWhole ? willDeleteContainers(plan, maxDeletions) : willDelete(plan, targets, maxDeletions);
  const deletes = plan.total > 0 || isWhole;
  const notes = [
    ...(isNew && deletes ? [createPurgesToo] : []),
    ...(deletes && targets.some(({ why }) => why === "tag removed") ? [optionsKeepNoTag] : []),
  ];
  const text = [line, ...notes].join("\n");
  if (isNew && deletes) host.log.warn(job.urn, text);
  else host.log.info(job.urn, text);
}

/**
 * Warns of a create whose documents cannot be counted yet.
 *
 * @param purgeOn which may not be known either
 * @param unknown the arguments that are not known
 */
export function announceUncounted(
  host: Host,
  urn: string | undefined,
  purgeOn: unknown,
  unknown: readonly string[],
): void {
  const purges = unknown.includes("purgeOn") || (Array.isArray(purgeOn) && purgeOn.includes("create"));
  if (purges && !host.overrides().skip) host.log.warn(urn, unknownCreate(unknown));
}

async function count(host: Host, job: PurgeJob, guardrails: Guardrails, isNew: boolean): Promise<Plan | undefined> {
  const { method, recorded, targets, urn } = job;
  try {
    return await host.session(
      {
        mode: "look",
        settings: host.settings(),
        urn,
        timeoutMs: countTimeoutMs(method),
        recorded: recorded.apiVersion,
      },
      async (session) =>
        await makePlan(
          { targets, method, guardrails, limit: guardrails.maxDeletions },
          withBudget(session, targets.length),
        ),
    );
  } catch (error) {
    if (error instanceof RefusedError) throw error;
    const tags = targets.map((target) => target.containerTag);
    host.log.warn(urn, isNew ? uncountedCreate(error) : cannotCount("the documents to delete", tags, error));
    return undefined;
  }
}
