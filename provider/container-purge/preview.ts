import { RefusedError } from "../errors";
import { guardAddress, guardPlan } from "../purge/guard";
import { makePlan } from "../purge/plan";
import { guardTags } from "../purge/tag-rules";
import type { Host } from "../host/host";
import { announceLeftAlone, cannotCount, nameOf, skippedLine } from "../host/messages";
import { methodOf } from "./method";
import { guardrailsFor, type Operation } from "./operation";
import { warnOfNewKey } from "../host/run";
import { willDelete, willDeleteContainers } from "./messages";
import { countTimeoutMs, look } from "../host/session";

/**
 * Counts and announces what the `up` will delete, on the resource's row. A count that cannot be had is a warning.
 *
 * @throws RefusedError for a purge that the guard would refuse, so that the preview stops
 * @throws ConfigError
 */
export async function previewPurge(host: Host, operation: Operation, isNew: boolean): Promise<void> {
  const { lifecycle, urn } = operation;
  announceLeftAlone(host.log, urn, lifecycle);
  const { targets } = lifecycle;
  if (targets.length === 0) return;
  const settings = host.settings();
  const overrides = host.overrides();
  const rules = guardrailsFor(operation, settings, overrides);
  if (overrides.skip) {
    host.log.warn(urn, `${skippedLine("nothing will be deleted", targets)}; the next up does it`);
    return;
  }
  guardTags(targets, rules);
  guardAddress(nameOf(urn), rules);
  warnOfNewKey(host, operation, settings);
  const method = methodOf(operation.inputs);
  const request = { targets, method, guardrails: rules };
  const plan = await look(
    host,
    { settings, urn, timeoutMs: countTimeoutMs(method) },
    async (session) => await makePlan(request, session),
  ).catch((error: unknown) => {
    if (error instanceof RefusedError) throw error;
    const tags = targets.map((target) => target.containerTag);
    host.log.warn(urn, cannotCount("what will be deleted", tags, error));
    return undefined;
  });
  if (plan === undefined) return;
  guardPlan(plan, method, rules);
  const isWhole = method.kind === "container";
  const line = isWhole ? willDeleteContainers(plan, rules.maxDeletions) : willDelete(plan, targets, rules.maxDeletions);
  host.log.info(urn, isNew && (plan.total > 0 || isWhole) ? `${line}\n${createPurgesToo}` : line);
}

const createPurgesToo =
  'what is there now goes when this resource is created; to keep it set purgeOn: ["delete"], and after a rename or move set aliases';
