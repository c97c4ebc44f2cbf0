import type { Container } from "../client/api";
import { contextOf } from "../purge/context";
import type { Freshness, SharedLook } from "../purge/freshness";
import { SharedList } from "../purge/shared-list";
import type { PurgeSession, RecheckResult, TagPlan } from "../purge/types";
import { type LeftOutContainer, planContainers, type SeenContainer } from "./plan";
import type { PlannedContainer } from "./resource";
import { type PolicyQuery, withActivity } from "./scan";

/**
 * Judges the containers of a plan again, each right before its delete. Claims are read once for each container, and again
 * with each recheck. Containers share lists of all containers (API v3).
 */
export class PlanRecheck {
  readonly #shared = new SharedList<readonly Container[]>();
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
    const asked = new Set(containerTags);
    // Without keepLatest no container depends on others.
    const judged = rules.keepLatest === 0 ? this.seen.filter(({ containerTag }) => asked.has(containerTag)) : this.seen;
    const { leftOut, planned: all } = planContainers(rules, { ...bounds, managedBy }, judged, this.now());
    const planned = all.filter(({ containerTag }) => asked.has(containerTag));
    const stillPlanned = new Set(planned.map(({ containerTag }) => containerTag));
    const reasons = new Map(leftOut.map(({ containerTag, reason }) => [containerTag, reason]));
    const existing = new Set(judged.map(({ containerTag }) => containerTag));
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
   */
  async again(
    { containerTag, listed, newest }: TagPlan,
    session: PurgeSession,
    freshness: Freshness,
  ): Promise<RecheckResult> {
    let look: SharedLook | undefined;
    const query = { containerTag, documentCount: listed };
    const activity = await session.api.activityOf(query, contextOf(session), async (list) => {
      const shared = await this.#shared.get(freshness, session.place !== undefined, list);
      ({ look } = shared);
      return shared.value;
    });
    this.seen = withActivity(this.seen, containerTag, activity, newest);
    this.#owners.delete(containerTag);
    const [kept] = this.judge([containerTag]).kept;
    return { reason: kept?.reason, look: look === undefined ? undefined : freshness.ownLook(look) };
  }

  #ownerOf(tag: string): string | undefined {
    if (!this.#owners.has(tag)) this.#owners.set(tag, this.query.bounds.managedBy(tag));
    return this.#owners.get(tag);
  }
}
