import type { Overrides, Settings } from "../config";
import { contextOf } from "../purge/context";
import { lookAtContainers, type PolicyQuery, withActivity } from "../purge/policy-look";
import { type LeftOutContainer, planContainers, type SeenContainer } from "../purge/policy-plan";
import type { PurgeOutcome, PurgeTools, TagPlan } from "../purge/types";
import { parseDuration } from "../duration";
import type { Host } from "./host";
import type { PolicyInputs } from "./policy-inputs";
import { keptLine } from "./policy-lines";
import { noPlanError, policyOperation, policyQuery } from "./policy-operation";
import type { PolicyRecord } from "./policy-state";
import { keepReceipt } from "./receipts";
import { EffortMeter, keepFailure, runPurge } from "./run-purge";
import { withReads } from "./tools";

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
  const effort = new EffortMeter(clock);
  const timeoutMs = parseDuration(inputs.timeout) ?? 0;
  const query = policyQuery(host, settings, inputs);
  const seen = await withReads(
    host,
    { settings, urn, timeoutMs },
    async (tools) => await lookAtContainers(query, effort.measure(tools)),
  ).catch((error: unknown) => {
    const problem = noPlanError(error);
    keepFailure(host, policyOperation(urn, inputs, before, tags), settings, problem, effort.read());
    throw problem;
  });
  const watch = new Watch(query, seen, () => clock.now());
  const changed = watch.kept(tags);
  for (const kept of changed) host.log.warn(urn, keptLine(kept));
  const still = tags.filter((tag) => !changed.some(({ containerTag }) => containerTag === tag));
  const left = `${Math.max(1, timeoutMs - effort.read().durationMs)}ms`;
  const operation = policyOperation(urn, { ...inputs, timeout: left }, before, still, changed);
  if (still.length === 0) {
    keepReceipt(host, operation, settings, { result: "complete", effort: { ...effort.read(), planned: 0 } });
    return undefined;
  }
  const keepBack = async (plan: TagPlan, tools: PurgeTools): Promise<string | undefined> => {
    const { containerTag } = plan;
    const reason = await watch.lookAgain(plan, tools);
    if (reason !== undefined) host.log.warn(urn, keptLine({ containerTag, reason }));
    return reason;
  };
  return await runPurge(host, operation, settings, overrides, keepBack, effort);
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
  async lookAgain({ containerTag, listed, newest }: TagPlan, tools: PurgeTools): Promise<string | undefined> {
    const activity = await tools.api.activityOf({ containerTag, documentCount: listed }, contextOf(tools));
    this.seen = withActivity(this.seen, containerTag, activity, newest);
    this.#owners.delete(containerTag);
    return this.kept([containerTag])[0]?.reason;
  }

  #ownerOf(tag: string): string | undefined {
    if (!this.#owners.has(tag)) this.#owners.set(tag, this.query.bounds.managedBy(tag));
    return this.#owners.get(tag);
  }
}
