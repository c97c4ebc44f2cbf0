import type { Activity, Container } from "../client/api";
import { contextOf } from "../purge/context";
import { withClockGuard } from "../purge/guard";
import { makePlan } from "../purge/plan";
import { activeAt, isEligible, type PolicyBounds, type PolicyRules, type SeenContainer } from "./plan";
import { inParallel } from "../util/pool";
import type { PurgeMethod, PurgeSession } from "../purge/types";

/** What a policy looks for, and how it would purge. */
export interface PolicyQuery {
  readonly rules: PolicyRules;
  readonly bounds: PolicyBounds;
  readonly method: PurgeMethod;
}

/**
 * The containers of the account, as `planContainers` judges them: one request on v3. Of each that its name does not rule
 * out more is asked where the list does not tell the activity (v5): the newest document and, where it has memories, the
 * newest of those; and where only some documents are to go: which.
 */
export async function lookAtContainers(query: PolicyQuery, asked: PurgeSession): Promise<readonly SeenContainer[]> {
  const session = query.rules.inactiveForMs === undefined ? asked : withClockGuard(asked);
  const listed = await session.api.listContainers(contextOf(session));
  // Pages can shift while they are listed, so that a container comes twice.
  const seen = new Map<string, Container>(listed.map((container) => [container.containerTag, container]));
  const eligible = [...seen.values()].filter(({ containerTag }) => isEligible(containerTag, query.rules, query.bounds));
  let looked = 0;
  await inParallel(eligible, session.concurrency, async (container) => {
    seen.set(container.containerTag, await lookCloser(container, query, session));
    looked += 1;
    if (looked % 50 === 0) session.onStatus(`looking at ${looked} of ${eligible.length} containers`);
  });
  return [...seen.values()];
}

/**
 * The same containers, of which one was asked for its activity again. A document that is newer than what the API tells of
 * that, which may lag, is activity, too.
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

async function lookCloser(
  container: Container,
  { bounds, method, rules }: PolicyQuery,
  session: PurgeSession,
): Promise<Container> {
  const { containerTag, documentCount, memoryCount } = container;
  // Of a container with neither, v5 tells no activity.
  if (documentCount === 0 && (memoryCount === 0 || rules.scope === "documents")) return container;
  let { lastActivityAt } = container;
  if (lastActivityAt === undefined && session.api.version === "v5") {
    ({ lastActivityAt } = await session.api.activityOf(container, contextOf(session)));
  }
  if (lastActivityAt === undefined || method.kind !== "ids" || rules.scope === "container") {
    return { ...container, lastActivityAt };
  }
  // Each by itself: what becomes of one must not depend on which others are planned.
  const targets = [{ containerTag, event: "policy" as const }];
  const { total } = await makePlan({ targets, method, guardrails: { ...bounds, except: rules.except } }, session);
  return { ...container, documentCount: total, lastActivityAt };
}
