import { keyBeforeDestroy, requireKey } from "../config/keys";
import { concernsKey, hintsOf, KeyError, RefusedError, summaryOf, SupermemoryError } from "../errors";
import type { Host } from "../host/host";
import { guardrailsOf, nameOf, type PurgeJob } from "../host/job";
import { cannotCount } from "../host/messages";
import { warnOfNewKey } from "../host/run";
import { countTimeoutMs } from "../host/session";
import { contextOf } from "../purge/context";
import { guardAddress, guardPlan } from "../purge/guard";
import { makePlan } from "../purge/plan";
import { guardTags } from "../purge/tag-rules";
import type { Plan, PurgeMethod, Target } from "../purge/types";

/**
 * Warns, long before a destroy, of what it would trip over and what needs no list: the key, the address, protected tags.
 *
 * @param destroy the purge of a destroy
 * @param purging what the current operation purges; the purge checks the same rules for these tags
 * @returns the purge of the other tags, if it would get as far as its first list
 */
export function remind(host: Host, destroy: PurgeJob, purging: readonly Target[] = []): PurgeJob | undefined {
  const purged = new Set(purging.map(({ containerTag }) => containerTag));
  const job = { ...destroy, targets: destroy.targets.filter(({ containerTag }) => !purged.has(containerTag)) };
  try {
    const terms = host.terms();
    if (terms.overrides.skip) return undefined;
    if (purging.length === 0) warnOfNewKey(host, job, terms.settings);
    if (job.targets.length === 0) return undefined;
    const guardrails = guardrailsOf(job, terms);
    guardTags(job.targets, guardrails);
    guardAddress(nameOf(job.urn), guardrails);
    requireKey(terms.settings);
    return job;
  } catch (error) {
    host.log.warn(job.urn, destroyWouldFail(error, host.instance));
    return undefined;
  }
}

/** The same for the rules that need a list: the limit and shared documents. A list that fails is a warning. */
export async function remindByList(host: Host, job: PurgeJob): Promise<void> {
  const plan = await look(host, job, job.method.kind === "ids" ? { kind: "tag" } : job.method);
  if (plan !== undefined) await remindOfPlan(host, job, plan);
}

/** The same for a plan of all tags. */
async function remindOfPlan(host: Host, job: PurgeJob, plan: Plan): Promise<void> {
  if (job.targets.length === 0 || host.overrides().skip) return;
  const { method } = job;
  const guardrails = guardrailsOf(job, host.terms());
  let removal: Plan | undefined = { ...plan, tags: plan.tags.map((tag) => ({ ...tag, event: "delete" })) };
  if (method.kind === "ids" && plan.tags.some(({ ids }) => ids === undefined)) {
    // Listing whole containers takes long. Without it, a purge by ids can only be known to stay below the limit.
    if (plan.total <= guardrails.maxDeletions && method.sharedDocuments !== "refuse") return;
    removal = await look(host, job, method);
  }
  if (removal === undefined) return;
  try {
    guardPlan(removal, method, guardrails);
  } catch (error) {
    host.log.warn(job.urn, destroyWouldFail(error, host.instance));
  }
}

/** Asks once per process and key, unless another request shows it, whether the API accepts the key of a destroy. */
export async function checkKey(host: Host, job: PurgeJob | undefined): Promise<void> {
  const [target] = job?.targets ?? [];
  if (job === undefined || target === undefined) return;
  const { settings } = host.terms();
  if (!host.shouldCheckKey(settings)) return;
  const { recorded, urn } = job;
  const session = { settings, urn, timeoutMs: keyCheckMs, recorded: recorded.apiVersion };
  try {
    await host.session({ mode: "look", aside: true, ...session }, async (opened) => {
      await opened.api.checkKey(target.containerTag, contextOf(opened));
    });
  } catch (error) {
    // Any other failure is no matter of the key, and nothing in this up depends on it.
    if (concernsKey(error)) host.log.warn(urn, destroyWouldFail(error, settings.instance));
  }
}

/** An up that changes nothing should not have to wait. */
const keyCheckMs = 5_000;

async function look(host: Host, job: PurgeJob, method: PurgeMethod): Promise<Plan | undefined> {
  const { recorded, targets, urn } = job;
  const tags = targets.map(({ containerTag }) => containerTag);
  try {
    const terms = host.terms();
    const guardrails = guardrailsOf(job, terms);
    return await host.session(
      {
        ...{ mode: "look", settings: terms.settings, urn },
        timeoutMs: countTimeoutMs(method),
        recorded: recorded.apiVersion,
      },
      async (session) => await makePlan({ targets, method, guardrails }, session),
    );
  } catch (error) {
    if (!(error instanceof SupermemoryError)) throw error;
    const line =
      error instanceof RefusedError
        ? destroyWouldFail(error, host.instance)
        : cannotCount("the documents", tags, error);
    host.log.warn(urn, line);
    return undefined;
  }
}

/** Any other error is a bug. */
export function destroyWouldFail(error: unknown, instance: string | undefined): string {
  if (!(error instanceof SupermemoryError)) throw error;
  const hints = error instanceof KeyError ? [] : hintsOf(error);
  const ofKey = concernsKey(error) ? [keyBeforeDestroy(instance)] : [];
  return [`pulumi destroy would fail: ${summaryOf(error)}`, ...hints, ...ofKey].join("\n");
}
