import { contextOf } from "../purge/context";
import type { PurgeSession, TagPlan } from "../purge/types";
import { type LeftOutContainer, planContainers, type SeenContainer } from "./plan";
import type { PlannedContainer } from "./resource";
import { type PolicyQuery, withActivity } from "./scan";

/**
 * Judges the containers of a plan again, each right before its delete. Claims are read once for each container, and again
 * with each recheck.
 */
export class PlanRecheck {
  readonly #owners = new Map<string, string | undefined>();

  constructor(
    private readonly query: PolicyQuery,
    private seen: readonly SeenContainer[],
    private readonly now: () => number,
  ) {}

  /** Which of these containers still belong in the plan, the longest inactive first, and which do not, and why. */
  judge(containerTags: readonly string[]): {
    readonly planned: readonly PlannedContainer[];
    readonly kept: readonly LeftOutContainer[];
  } {
    const { bounds, rules } = this.query;
    const managedBy = (tag: string): string | undefined => this.#ownerOf(tag);
    const { leftOut, planned: all } = planContainers(rules, { ...bounds, managedBy }, this.seen, this.now());
    const asked = new Set(containerTags);
    const planned = all.filter(({ containerTag }) => asked.has(containerTag));
    const stillPlanned = new Set(planned.map(({ containerTag }) => containerTag));
    const reasons = new Map(leftOut.map(({ containerTag, reason }) => [containerTag, reason]));
    const existing = new Set(this.seen.map(({ containerTag }) => containerTag));
    const kept = containerTags
      .filter((tag) => !stillPlanned.has(tag))
      .map((containerTag) => ({
        containerTag,
        reason: reasons.get(containerTag) ?? (existing.has(containerTag) ? "no longer matches" : "no longer exists"),
      }));
    return { planned, kept };
  }

  /**
   * Asks for a container's activity again, memories included: one may have been written since the last time.
   *
   * @returns why the container is kept after all, or undefined
   */
  async again({ containerTag, listed, newest }: TagPlan, session: PurgeSession): Promise<string | undefined> {
    const activity = await session.api.activityOf({ containerTag, documentCount: listed }, contextOf(session));
    this.seen = withActivity(this.seen, containerTag, activity, newest);
    this.#owners.delete(containerTag);
    return this.judge([containerTag]).kept[0]?.reason;
  }

  #ownerOf(tag: string): string | undefined {
    if (!this.#owners.has(tag)) this.#owners.set(tag, this.query.bounds.managedBy(tag));
    return this.#owners.get(tag);
  }
}
