import type { Settings } from "../config/settings";
import { RefusedError } from "../errors";
import { alwaysProtected } from "./globs";
import { lookAtContainers } from "./scan";
import { type CleanupPlan, type PlannedContainer, planContainers } from "./plan";
import { guardAddress } from "../purge/guard";
import { excess } from "./limits";
import type { PurgeSession } from "../purge/types";
import { documentsIn } from "../util/format";
import { passThrough, type CheckAnswer } from "../container-purge/check";
import { parseDuration } from "../util/duration";
import type { Host } from "../host/host";
import type { InputProblem } from "../container-purge/args";
import { nameOf, skippedLine } from "../host/messages";
import { guardrailsFor } from "../container-purge/operation";
import { checkPolicyInputs, policyArgumentNames, type PolicyInputs, readPolicyInputs, samePolicy } from "./args";
import { planLines } from "./messages";
import { noPlan, noPlanError, policyOperation, policyQuery } from "./operation";
import { emptyPolicyRecord, readPolicyState } from "./state";
import { RunMeter, keepFailure, warnOfNewKey } from "../host/run";
import { textOf } from "../container-purge/state";
import { look, withReads } from "../host/session";
import { hasUnknown, type Properties, sameSet, unknownValue } from "../util/values";

/** The plans that `check` made in this process, by URN: the only ones that make work for `diff`. */
export type CheckedPlans = Map<string, readonly PlannedContainer[]>;

/**
 * Validates the arguments, and finds the containers that match now: they go into the inputs as `planned`, so that the
 * `up` purges what its own check found, and a preview shows it.
 *
 * @throws SupermemoryError in an up, when the containers cannot be listed; in a preview only when a guardrail refuses
 */
export async function checkPolicy(host: Host, plans: CheckedPlans, news: Properties): Promise<CheckAnswer> {
  const urn = textOf(news["__urn"]);
  const isPreview = news["__preview"] === true;
  const { inputs: checked, problems } = checkPolicyInputs(news);
  const inputs = { ...checked, ...passThrough(news) };
  if (problems.length > 0) return { inputs, failures: problems };
  remember(host, plans, urn, isPreview);
  if (policyArgumentNames.some((name) => hasUnknown(checked[name]))) {
    return { inputs: { ...inputs, planned: unknownValue }, failures: [] };
  }
  const args = readPolicyInputs(checked);
  const settings = host.settings();
  const idle = onlyProtected(args, settings);
  if (idle !== undefined) return { inputs, failures: [idle] };
  const meter = new RunMeter(host.surroundings.clock);
  const ends = (error: unknown, found: readonly PlannedContainer[] = []): void => {
    if (isPreview || args.mode === "report") return;
    const operation = policyOperation(urn, args, emptyPolicyRecord, tagsOf(found));
    keepFailure(host, operation, settings, error, { ...meter.read(), planned: documentsIn(found) });
  };
  const plan = await findPlan(host, settings, urn, args, isPreview, meter).catch((error: unknown) => {
    ends(error);
    throw error;
  });
  if (plan === undefined) return { inputs: isPreview ? { ...inputs, planned: unknownValue } : inputs, failures: [] };
  const { planned } = plan;
  const refused = args.mode === "purge" && !host.overrides().skip ? excess(planned, args) : undefined;
  if (refused !== undefined) {
    ends(new RefusedError(refused.property, refused.reason), planned);
    return { inputs, failures: [refused] };
  }
  if (urn !== undefined) plans.set(urn, planned);
  if (isPreview) announce(host, urn, plan, args);
  if (isPreview && urn !== undefined && args.mode === "purge" && !host.overrides().skip) {
    host.previewedPlans.set(urn, tagsOf(planned));
  }
  return { inputs: { ...inputs, planned }, failures: [] };
}

/**
 * Whether there is something to do: arguments that changed, or a plan that the check of this process made. A stored plan
 * alone was done, or is made anew.
 */
export function diffPolicy(host: Host, plans: CheckedPlans, olds: Properties, news: Properties): boolean {
  const old = readPolicyState(olds);
  const urn = textOf(news["__urn"]);
  if (policyArgumentNames.some((name) => hasUnknown(news[name]))) return true;
  const inputs = readPolicyInputs(news);
  const plan = (urn === undefined ? undefined : plans.get(urn)) ?? [];
  const isWork = inputs.mode === "purge" ? plan.length > 0 : isNews(plan, old.record.planned, urn, plans);
  const changes = isWork || old.urn !== urn || !samePolicy(old.inputs, inputs);
  if (changes && urn !== undefined && host.previewed.has(urn)) {
    const operation = policyOperation(urn, inputs, old.record, []);
    const settings = host.settings();
    guardAddress(nameOf(urn), guardrailsFor(operation, settings, host.overrides()));
    warnOfNewKey(host, operation, settings);
  }
  return changes;
}

/** A report tells names; that their numbers change is no news. */
function isNews(
  plan: readonly PlannedContainer[],
  reported: readonly PlannedContainer[],
  urn: string | undefined,
  plans: CheckedPlans,
): boolean {
  return urn !== undefined && plans.has(urn) && !sameSet(tagsOf(plan), tagsOf(reported));
}

function remember(host: Host, plans: CheckedPlans, urn: string | undefined, isPreview: boolean): void {
  if (urn === undefined) return;
  plans.delete(urn);
  host.previewedPlans.delete(urn);
  if (isPreview) host.previewed.add(urn);
  else host.previewed.delete(urn);
}

/** A glob that matches protected tags alone would never do anything, and nobody would notice. */
function onlyProtected({ match }: PolicyInputs, { protectedTags }: Settings): InputProblem | undefined {
  const rules = { protectedTags, allowedTags: undefined, allowProtectedTags: { managed: [], removed: [] } };
  for (const glob of match) {
    const reason = alwaysProtected(glob, rules);
    if (reason === undefined) continue;
    return {
      property: "match",
      reason: `"${glob}" can match protected tags only: ${reason}; a policy never purges those`,
    };
  }
  return undefined;
}

/** On v5 a preview asks each container for its activity. */
const previewTimeoutMs = 60_000;

/**
 * Undefined, after a warning, when the containers cannot be listed and nothing depends on it; what a guardrail refuses is
 * an error in a preview, too.
 */
async function findPlan(
  host: Host,
  settings: Settings,
  urn: string | undefined,
  args: PolicyInputs,
  isPreview: boolean,
  meter: RunMeter,
): Promise<CleanupPlan | undefined> {
  const query = policyQuery(host, settings, args);
  const find = async (session: PurgeSession): Promise<CleanupPlan> => {
    const containers = await lookAtContainers(query, meter.measure(session));
    return planContainers(query.rules, query.bounds, containers, session.deadline.clock.now());
  };
  try {
    return isPreview
      ? await look(host, { settings, urn, timeoutMs: previewTimeoutMs }, find)
      : await withReads(host, { settings, urn, timeoutMs: parseDuration(args.timeout) ?? 0 }, find);
  } catch (error) {
    const isRefused = error instanceof RefusedError;
    if ((!isPreview || isRefused) && !host.overrides().skip) throw noPlanError(error);
    host.log.warn(urn, noPlan(error));
    return undefined;
  }
}

function announce(host: Host, urn: string | undefined, plan: CleanupPlan, args: PolicyInputs): void {
  if (args.mode === "purge" && plan.planned.length > 0 && host.overrides().skip) {
    host.log.warn(urn, `${skippedLine("nothing will be deleted", plan.planned)}; the next up plans again`);
    return;
  }
  host.log.info(urn, planLines(plan, args));
}

function tagsOf(planned: readonly PlannedContainer[]): readonly string[] {
  return planned.map(({ containerTag }) => containerTag);
}
