import { messageOf, RefusedError } from "../errors";
import { guardAddress, guardPlan, guardTags } from "../purge/guard";
import { makePlan } from "../purge/plan";
import { names } from "../purge/words";
import type { Host } from "./host";
import { announceLeftAlone, willDelete } from "./messages";
import { guardrailsFor, look, nameOf, type Operation } from "./operation";

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
  const tags = names(targets.map((target) => target.containerTag));
  if (overrides.skip) {
    host.log.warn(urn, `SUPERMEMORY_PURGE=skip: nothing will be deleted in ${tags}, and the next up does it`);
    return;
  }
  guardTags(targets, rules);
  guardAddress(nameOf(urn), rules);
  const plan = await look(host, settings, urn, async (tools) => await makePlan(targets, tools)).catch(
    (error: unknown) => {
      if (error instanceof RefusedError) throw error;
      host.log.warn(urn, `cannot count what will be deleted in ${tags}: ${messageOf(error)}`);
      return undefined;
    },
  );
  if (plan === undefined) return;
  guardPlan(
    plan,
    rules,
    targets.every((target) => target.event === "delete"),
  );
  if (isNew && plan.total > 0) {
    host.log.info(
      urn,
      'what is there now goes when this resource is created; to keep it set purgeOn: ["delete"], and after a rename or move set aliases',
    );
  }
  host.log.info(urn, willDelete(plan.tags, targets, rules.maxDeletions));
}
