import assert from "node:assert/strict";
import fc from "fast-check";
import type { Behaviour, ContainerSeed, Emulator } from "../../emulator/index";
import { Deadline } from "../../provider/client/deadline";
import { newMemory } from "../../provider/client/negotiate";
import { defaultRetryPolicy } from "../../provider/client/retry";
import { planContainers } from "../../provider/cleanup-policy/plan";
import { PlanRecheck } from "../../provider/cleanup-policy/recheck";
import { type PolicyQuery, scanContainers } from "../../provider/cleanup-policy/scan";
import { planTag } from "../../provider/purge/plan";
import type { PurgeSession } from "../../provider/purge/types";
import { WaitingClock } from "../provider/support/clocks";
import { openEmulator } from "../wire/emulator";
import { weighted } from "./arbitraries";
import { connect } from "./connect";
import { behaviours } from "./server";
import { canaries, day } from "./words";

/** A random plan of a policy, over containers with known activity and an API whose dates and orders may be wrong. */
export interface PolicyCase {
  readonly containers: Readonly<Record<string, PolicyContainer>>;
  readonly inactiveDays: number;
  readonly scope: "documents" | "container";
  readonly apiVersion: "v3" | "v5";
  readonly behaviour: Partial<Behaviour>;
}

interface PolicyContainer {
  readonly createdDays: number;
  readonly documents: readonly { readonly count: number; readonly createdDays: number; readonly updatedDays: number }[];
  readonly memoryDays: readonly number[];
}

const days = fc.constantFrom(0, 1, 13, 14.5, 20, 40, 330);

const container: fc.Arbitrary<PolicyContainer> = fc.record({
  createdDays: fc.constantFrom(330, 400),
  documents: fc.array(fc.record({ count: weighted([4, 1], [2, 5], [3, 105]), createdDays: days, updatedDays: days }), {
    maxLength: 4,
  }),
  memoryDays: fc.array(days, { maxLength: 3 }),
});

export const policyCases: fc.Arbitrary<PolicyCase> = fc.record({
  containers: fc.record({ "pr-1": container, "pr-2": container, "eu-prod": container }),
  inactiveDays: fc.constantFrom(14, 30),
  scope: fc.constantFrom("documents", "container"),
  apiVersion: fc.constantFrom("v3", "v5"),
  // Purges meet the lists that the filter and the totals make unusable.
  behaviour: behaviours.map((behaviour) => ({
    ...behaviour,
    ...{ v3: "on" as const, v5: "on" as const, listFilter: "exact" as const, listTotals: "exact" as const },
  })),
});

/** Plans, then writes to each planned container and judges it again. @throws AssertionError for a container in use */
export async function checkPolicy(asked: PolicyCase): Promise<void> {
  const clock = new WaitingClock("idle");
  const containers = Object.fromEntries(
    Object.entries(asked.containers).map(([tag, given]) => [tag, seedOf(given, clock.now())]),
  );
  const emulator = await openEmulator({
    ...asked.behaviour,
    ...{ clock, seed: { containers }, apiKeys: [{ key: canaries.key }] },
  });
  const options = {
    apiVersion: asked.apiVersion,
    concurrency: 4,
    latencyMs: 0,
    slowConnect: undefined,
  };
  const { client, close } = connect(emulator.url, options, clock, () => undefined);
  const { api } = client({ apiKey: canaries.key, recorded: null, memory: newMemory() });
  const deadline = new Deadline(600_000, clock, new AbortController().signal);
  try {
    await judge(asked, emulator, {
      ...{ api, deadline, policy: defaultRetryPolicy, concurrency: 4, beforeMutation: () => Promise.resolve() },
      ...{ onAttempt: () => undefined, onPlanned: () => undefined, onStatus: () => undefined, onWait: () => undefined },
    });
  } finally {
    deadline.end();
    await close();
    await emulator.close();
  }
}

async function judge(asked: PolicyCase, emulator: Emulator, session: PurgeSession): Promise<void> {
  const { clock } = session.deadline;
  const { inactiveDays, scope } = asked;
  const query: PolicyQuery = {
    rules: { match: ["*"], except: [], inactiveForMs: inactiveDays * day, keepLatest: 0, scope },
    bounds: {
      ...{ allowedTags: undefined, protectedTags: [], allowProtectedTags: { managed: [], removed: [] } },
      managedBy: () => undefined,
    },
    method: { kind: scope === "container" ? "container" : "tag" },
  };
  const seen = await scanContainers(query, session);
  const { leftOut, planned } = planContainers(query.rules, query.bounds, seen, clock.now());
  const plannedTags = planned.map(({ containerTag }) => containerTag);
  assert.equal(new Set(plannedTags).size, plannedTags.length, "a container is planned twice");
  assert(!plannedTags.includes("eu-prod"), "a protected container is planned");
  for (const [tag, given] of Object.entries(asked.containers)) {
    const idle = Math.min(...activeDays(given)) >= inactiveDays;
    if (!idle) assert(!plannedTags.includes(tag), `${tag} is planned although it is in use`);
    const isEmpty = given.documents.length === 0 && (scope === "documents" || given.memoryDays.length === 0);
    const reason = leftOut.find(({ containerTag }) => containerTag === tag)?.reason;
    if (tag !== "eu-prod" && !isEmpty) assert.equal(plannedTags.includes(tag), idle, `${tag} is kept: ${reason ?? ""}`);
  }
  const recheck = new PlanRecheck(query, seen, () => clock.now());
  for (const containerTag of plannedTags) {
    emulator.seed({ containers: { [containerTag]: { documents: 1 } } });
    const plan = await planTag({ containerTag, event: "policy" }, session);
    assert(await recheck.again(plan, session), `${containerTag} is purged although it came into use`);
  }
}

/** Everything that counts as activity, in days before now. */
function activeDays({ createdDays, documents, memoryDays }: PolicyContainer): readonly number[] {
  return [createdDays, ...documents.map((group) => Math.min(group.createdDays, group.updatedDays)), ...memoryDays];
}

function seedOf({ createdDays, documents, memoryDays }: PolicyContainer, now: number): ContainerSeed {
  const date = (ago: number): string => new Date(now - ago * day).toISOString();
  return {
    createdAt: date(createdDays),
    memories: memoryDays.map((ago) => ({ createdAt: date(ago) })),
    documents: documents.flatMap((group) =>
      Array.from({ length: group.count }, (_, index) => ({
        createdAt: date(group.createdDays),
        // The first one of a group was updated.
        ...(index === 0 ? { updatedAt: date(Math.min(group.createdDays, group.updatedDays)) } : {}),
      })),
    ),
  };
}
