import type { Activity, Container } from "../client/api";
import type { Settings } from "../config/settings";
import type { Host } from "../host/host";
import { shortUrn } from "../host/job";
import { withBudget } from "../purge/budget";
import { contextOf } from "../purge/context";
import { withClockGuard } from "../purge/guard";
import { makePlan } from "../purge/plan";
import type { PolicyArgs } from "./args";
import { activeAt, isEligible, type PolicyBounds, type PolicyRules, type SeenContainer } from "./plan";
import { inParallel } from "../util/pool";
import type { PurgeMethod, PurgeSession } from "../purge/types";

/** What a policy looks for, and how it would purge. */
export interface PolicyQuery {
  readonly rules: PolicyRules;
  readonly bounds: PolicyBounds;
  readonly method: PurgeMethod;
}

/** Claims of live resources are read each time that a tag is judged. */
export function queryOf(host: Host, settings: Settings, { method, rules }: PolicyArgs): PolicyQuery {
  const { allowedTags, protectedTags } = settings;
  const managedBy = (containerTag: string): string | undefined => {
    const owner = host.claimedBy(containerTag);
    return owner === undefined ? undefined : shortUrn(owner);
  };
  return {
    rules,
    bounds: { allowedTags, protectedTags, allowProtectedTags: { managed: [], removed: [] }, managedBy },
    method,
  };
}

/**
 * The containers of the account, as `planContainers` judges them: one request on v3. v5 lists no activity, so the newest
 * document and memory of each container are requested, unless its name rules it out. The same applies to a container whose
 * activity cannot be right. With `select` the selected documents
 * of each container are counted. Both parts have a budget of requests, whatever the server returns.
 */
export async function scanContainers(query: PolicyQuery, asked: PurgeSession): Promise<readonly SeenContainer[]> {
  const unlimited = query.rules.inactiveForMs === undefined ? asked : withClockGuard(asked);
  const listed = await unlimited.api.listContainers(contextOf(withBudget(unlimited, mostPages)));
  const seen = new Map<string, Container>(listed.map((container) => [container.containerTag, container]));
  const eligible = [...seen.values()].filter(({ containerTag }) => isEligible(containerTag, query.rules, query.bounds));
  const session = withBudget(unlimited, eligible.length);
  let looked = 0;
  await inParallel(eligible, session.concurrency, async (container) => {
    seen.set(container.containerTag, await lookCloser(container, query, session));
    looked += 1;
    if (looked % 50 === 0) session.onStatus(`listing containers: ${looked}/${eligible.length} checked`);
  });
  return [...seen.values()];
}

/**
 * The same containers, one with its latest activity. The reported activity may lag, so a newer document counts as
 * activity too.
 *
 * @param newest when its newest document was created
 */
export function withActivity(
  containers: readonly SeenContainer[],
  containerTag: string,
  activity: Activity,
  newest: number,
): readonly SeenContainer[] {
  return containers.map((container) => {
    if (container.containerTag !== containerTag) return container;
    const { createdAt = container.createdAt, isMerging = false, lastActivityAt } = activity;
    const again = { ...container, createdAt, isMerging, lastActivityAt };
    return newest > (activeAt(again) ?? Infinity) ? { ...again, lastActivityAt: newest } : again;
  });
}

/** A list of a million containers, which is the longest that is believed, has 100 times as many pages. */
const mostPages = 100;

async function lookCloser(
  container: Container,
  { bounds, method, rules }: PolicyQuery,
  session: PurgeSession,
): Promise<Container> {
  const { containerTag, documentCount, memoryCount } = container;
  // v5 reports no activity of a container with neither.
  if (documentCount === 0 && (memoryCount === 0 || rules.scope === "documents")) return container;
  session.onListed?.(containerTag, documentCount + memoryCount);
  let { lastActivityAt } = container;
  if (container.isDoubtful === true || (lastActivityAt === undefined && session.api.version === "v5")) {
    lastActivityAt = await session.api.lastUpdateOf(container, contextOf(session));
  }
  if (lastActivityAt === undefined || method.kind !== "ids" || rules.scope === "container") {
    return { ...container, lastActivityAt };
  }
  // Each container is counted separately, because its count must not depend on which others are planned.
  const targets = [{ containerTag, event: "policy" as const }];
  const { total } = await makePlan({ targets, method, guardrails: { ...bounds, except: rules.except } }, session);
  return { ...container, documentCount: total, lastActivityAt };
}
