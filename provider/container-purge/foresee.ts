import { StateError, SupermemoryError } from "../errors";
import type { Host } from "../host/host";
import { guardrailsOf, type PurgeJob } from "../host/job";
import { guardOwner } from "../host/owner";
import { guardPlan } from "../purge/guard";
import { guardTags } from "../purge/tag-rules";
import type { Plan } from "../purge/types";
import type { Properties } from "../util/values";
import { countedLine, type Fate } from "./messages";
import { destroyWouldFail } from "./reminder";
import { type PurgeRecord, type PurgeState, readState, refuseNewerState } from "./state";

/** A refresh that counted, and the purge of a destroy. */
export interface Foreseen {
  readonly olds: Properties;
  readonly record: PurgeRecord;
  readonly destroy: PurgeJob;
  /** Of all containers of the resource and of that purge. */
  readonly plan: Plan;
  /** Documents that the next up deletes because of drift. */
  readonly drift: number;
}

/**
 * Reports how many documents a refresh counted, and what a destroy does with them. `pulumi destroy --refresh` then shows it
 * above its prompt. If the destroy would be refused, a warning says so.
 */
export function announceCount(host: Host, { destroy, drift, olds, plan, record }: Foreseen): void {
  const { log } = host;
  const { method, targets, urn } = destroy;
  const say = (fate: Fate["destroy"]): void => {
    const line = countedLine(plan.tags, { destroy: fate, up: drift, isWhole: method.kind === "container" });
    log.info(urn, line);
  };
  const tags = plan.tags
    .filter(({ containerTag }) => targets.some((target) => target.containerTag === containerTag))
    .map((tag) => ({ ...tag, event: "delete" as const }));
  const total = tags.reduce((sum, tag) => sum + tag.count, 0);
  try {
    const { acceptStateOf, skip } = host.overrides();
    if (targets.length === 0) {
      say({ documents: 0 });
    } else if (skip) {
      say({ documents: 0, why: "SUPERMEMORY_PURGE=skip" });
    } else {
      const guardrails = guardrailsOf(destroy, host.terms());
      refuseNewerState(olds);
      guardOwner(record, urn, host.options.env, acceptStateOf);
      guardTags(targets, guardrails);
      guardPlan({ ...plan, tags, total }, method, guardrails);
      say({ documents: total });
    }
  } catch (error) {
    if (!(error instanceof SupermemoryError)) throw error;
    say(undefined);
    log.warn(urn, destroyWouldFail(error, host.instance));
  }
}

/** The state; undefined, after a warning, if it cannot be read. */
export function readStateOrWarn(host: Host, urn: string | undefined, olds: Properties): PurgeState | undefined {
  try {
    return readState(olds);
  } catch (error) {
    if (!(error instanceof StateError)) throw error;
    host.log.warn(urn, destroyWouldFail(error, host.instance));
    return undefined;
  }
}
