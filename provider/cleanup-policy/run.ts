import type { Overrides, Settings } from "../config/settings";
import { contextOf } from "../purge/context";
import { lookAtContainers, type PolicyQuery, withActivity } from "./scan";
import { type LeftOutContainer, planContainers, type SeenContainer } from "./plan";
import type { PurgeOutcome, PurgeSession, TagPlan } from "../purge/types";
import { parseDuration } from "../util/duration";
import type { Host } from "../host/host";
import type { PolicyInputs } from "./args";
import { keptLine } from "./messages";
import { noPlanError, policyOperation, policyQuery } from "./operation";
import type { PolicyRecord } from "./state";
import { keepReceipt } from "../host/receipts";
import { RunMeter, keepFailure, runPurge } from "../host/run";
import { withReads } from "../host/session";

/** One policy's plan, to be carried out. */
export interface PolicyRun {
  readonly urn: string | undefined;
  readonly inputs: PolicyInputs;
  readonly before: PolicyRecord;
  /** The containers that the check of this command planned. */
  readonly tags: readonly string[];
}

/**
 * Purges those containers of a plan that still belong in it, each looked at once more right before its first delete.
 * What no longer does is kept and named. Undefined when nothing was left to purge.
 */
export async function runPolicy(
  host: Host,
  settings: Settings,
  overrides: Overrides,
  { before, inputs, tags, urn }: PolicyRun,
): Promise<PurgeOutcome | undefined> {
  const { clock } = host.surroundings;
  const meter = new RunMeter(clock);
  const timeoutMs = parseDuration(inputs.timeout) ?? 0;
  const query = policyQuery(host, settings, inputs);
  const seen = await withReads(
    host,
    { settings, urn, timeoutMs },
    async (session) => await lookAtContainers(query, meter.measure(session)),
  ).catch((error: unknown) => {
    const problem = noPlanError(error);
    keepFailure(host, policyOperation(urn, inputs, before, tags), settings, problem, meter.read());
    throw problem;
  });
  const watch = new Watch(query, seen, () => clock.now());
  const changed = watch.kept(tags);
  for (const kept of changed) host.log.warn(urn, keptLine(kept));
  const still = tags.filter((tag) => !changed.some(({ containerTag }) => containerTag === tag));
  const left = `${Math.max(1, timeoutMs - meter.read().durationMs)}ms`;
  const operation = policyOperation(urn, { ...inputs, timeout: left }, before, still, changed);
  if (still.length === 0) {
    keepReceipt(host, operation, settings, { result: "complete", metrics: { ...meter.read(), planned: 0 } });
    return undefined;
  }
  const recheck = async (plan: TagPlan, session: PurgeSession): Promise<string | undefined> => {
    const { containerTag } = plan;
    const reason = await watch.lookAgain(plan, session);
    if (reason !== undefined) host.log.warn(urn, keptLine({ containerTag, reason }));
    return reason;
  };
  return await runPurge(host, operation, settings, overrides, recheck, meter);
}

/** The containers of a run, as they were last seen. Claims are read once for each, and again with each new look. */
class Watch {
  readonly #owners = new Map<string, string | undefined>();

  constructor(
    private readonly query: PolicyQuery,
    private seen: readonly SeenContainer[],
    private readonly now: () => number,
  ) {}

  /** Those of these containers that do not belong in the plan, and why. */
  kept(containerTags: readonly string[]): readonly LeftOutContainer[] {
    const { bounds, rules } = this.query;
    const managedBy = (tag: string): string | undefined => this.#ownerOf(tag);
    const { leftOut, planned } = planContainers(rules, { ...bounds, managedBy }, this.seen, this.now());
    const goes = new Set(planned.map(({ containerTag }) => containerTag));
    const reasons = new Map(leftOut.map(({ containerTag, reason }) => [containerTag, reason]));
    const there = new Set(this.seen.map(({ containerTag }) => containerTag));
    return containerTags
      .filter((tag) => !goes.has(tag))
      .map((containerTag) => ({
        containerTag,
        reason: reasons.get(containerTag) ?? (there.has(containerTag) ? "it does not match" : "it is gone"),
      }));
  }

  /** Its memories are asked for however many there were: one may have been written since. */
  async lookAgain({ containerTag, listed, newest }: TagPlan, session: PurgeSession): Promise<string | undefined> {
    const activity = await session.api.activityOf({ containerTag, documentCount: listed }, contextOf(session));
    this.seen = withActivity(this.seen, containerTag, activity, newest);
    this.#owners.delete(containerTag);
    return this.kept([containerTag])[0]?.reason;
  }

  #ownerOf(tag: string): string | undefined {
    if (!this.#owners.has(tag)) this.#owners.set(tag, this.query.bounds.managedBy(tag));
    return this.#owners.get(tag);
  }
}
