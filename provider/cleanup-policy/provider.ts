import { randomBytes } from "node:crypto";
import type { ApiVersion } from "../client/api";
import { keyIdIn } from "../config/keys";
import type { Settings } from "../config/settings";
import { RefusedError } from "../errors";
import { applyChange } from "../host/apply";
import {
  argumentsUnknown,
  type CheckFailure,
  type CheckRequest,
  type CheckResponse,
  type CreateRequest,
  type CreateResponse,
  type DiffRequest,
  failureOf,
  type PreviewRequest,
  type ReadRequest,
  type ResourceHandler,
  type UpdateRequest,
} from "../host/handler";
import type { Host } from "../host/host";
import { guardrailsOf, nameOf, type PurgeJob, type Terms } from "../host/job";
import { skippedLine } from "../host/messages";
import type { RunMetrics } from "../host/receipt";
import { keepReceipt } from "../host/receipts";
import { keepFailure, nothingMeasured, runJob, RunMeter, warnOfMove, warnOfNewKey } from "../host/run";
import { seenNow } from "../host/state";
import { guardAddress, guardMoveToV5 } from "../purge/guard";
import type { PurgeOutcome, PurgeSession } from "../purge/types";
import { documentsIn } from "../util/format";
import { hasUnknown, type Properties, sameSet, secretValue, unknownValue } from "../util/values";
import { checkPolicyArgs, type PolicyArgs, policyArgumentNames, readPolicyArgs, samePolicy } from "./args";
import { cannotPlan, claimEarlier, excess, keptLine, laterRun, onlyProtected, planLines } from "./messages";
import { alwaysProtected, type CleanupPlan, type LeftOutContainer, planContainers } from "./plan";
import { PlanRecheck } from "./recheck";
import type { PlannedContainer } from "./resource";
import { queryOf, scanContainers } from "./scan";
import { emptyPolicyRecord, plannedTagsIn, type PolicyRecord, readPolicyState, writePolicyState } from "./state";

/** What a CleanupPolicy does on check, diff, preview, create, update, delete and read. */
export class CleanupPolicyHandler implements ResourceHandler {
  /** The plans that `check` made in this process, by URN: the only ones that `diff` and `preview` look at. */
  readonly #plans = new Map<string | undefined, MadePlan>();

  constructor(private readonly host: Host) {}

  /**
   * Validates the arguments, and finds the containers that match now. Their tags go into the inputs as `plannedTags`, so
   * that the `up` purges what its own check found, and a preview shows it. Ages and numbers change by themselves, so the
   * inputs do not contain them: `pulumi up --plan` compares the inputs with those of an earlier preview.
   *
   * @throws SupermemoryError in an up, when the containers cannot be listed; in a preview only when a guardrail refuses
   */
  async check({ known, news, preview, secret, urn }: CheckRequest): Promise<CheckResponse> {
    if (!known && !preview) return { inputs: news, failures: [argumentsUnknown] };
    const keyFailure = this.host.refuseKeyIn("match", news["match"]) ?? this.host.refuseKeyIn("except", news["except"]);
    if (keyFailure !== undefined) return { inputs: news, failures: [keyFailure] };
    const { failures, inputs } = checkPolicyArgs(news);
    if (failures.length > 0) return { inputs, failures };
    this.#plans.delete(urn);
    if (urn !== undefined) this.host.previewedPlans.delete(urn);
    if (policyArgumentNames.some((name) => hasUnknown(inputs[name]))) {
      return { inputs: { ...inputs, plannedTags: unknownValue }, failures: [] };
    }
    const args = readPolicyArgs(inputs);
    const idle = matchesOnlyProtected(args, this.host.settings());
    if (idle !== undefined) return { inputs, failures: [idle] };
    const found = await findPlan(this.host, urn, args, preview);
    if (found === undefined) {
      return { inputs: preview ? { ...inputs, plannedTags: unknownValue } : inputs, failures: [] };
    }
    if ("property" in found) return { inputs, failures: [found] };
    this.#plans.set(urn, found);
    if (preview && urn !== undefined && args.inputs.mode === "purge" && !this.host.overrides().skip) {
      this.host.previewedPlans.set(urn, { containerTags: tagsOf(found.planned), wayOut: claimEarlier });
    }
    const tags = [...tagsOf(found.planned)].sort();
    return { inputs: { ...inputs, plannedTags: secret ? secretValue(tags) : tags }, failures: [] };
  }

  /** Changed arguments, and a plan that the check of this process made. A stored plan alone is no change. */
  diff({ news, olds, urn }: DiffRequest): boolean {
    const { inputs: old, record } = readPolicyState(olds);
    if (policyArgumentNames.some((name) => hasUnknown(news[name]))) return true;
    const { inputs } = readPolicyArgs(news);
    const plan = this.#plans.get(urn);
    if (plan === undefined) return !samePolicy(old, inputs);
    // A report is about names: other numbers alone are no change.
    const isWork =
      inputs.mode === "purge" ? plan.planned.length > 0 : !sameSet(tagsOf(plan.planned), tagsOf(record.planned));
    return isWork || !samePolicy(old, inputs);
  }

  async preview({ changes, news, olds, urn }: PreviewRequest): Promise<void> {
    if (policyArgumentNames.some((name) => hasUnknown(news[name]))) return;
    const args = readPolicyArgs(news);
    const plan = this.#plans.get(urn);
    if (plan !== undefined) announce(this.host, urn, plan, args);
    if (olds === undefined) return;
    const job = jobOf(urn, args, readPolicyState(olds).record, []);
    const terms = this.host.terms();
    const guardrails = guardrailsOf(job, terms);
    if (changes) guardAddress(nameOf(urn), guardrails);
    warnOfNewKey(this.host, job, terms.settings);
    if (plan !== undefined && plan.planned.length > 0 && args.inputs.mode === "purge" && !terms.overrides.skip) {
      warnOfMove(this.host, job, plan.apiVersion);
      guardMoveToV5({ apiVersion: plan.apiVersion, tags: plan.planned }, guardrails);
    }
    await Promise.resolve();
  }

  /** Runs the plan that the check of this `up` put into the inputs. */
  async create(request: CreateRequest): Promise<CreateResponse> {
    const id = `policy-${randomBytes(6).toString("hex")}`;
    return { id, outputs: await apply(this.host, id, request, emptyPolicyRecord, this.#plans.get(request.urn)) };
  }

  /** Runs the plan that the check of this `up` put into the inputs. */
  async update(request: UpdateRequest): Promise<Properties> {
    const { record } = readPolicyState(request.olds);
    return await apply(this.host, request.id, request, record, this.#plans.get(request.urn));
  }

  /** Deleting a policy deletes nothing, but the next run would purge with another key. */
  remind({ olds, urn }: DiffRequest): Promise<void> {
    warnOfNewKey(this.host, { urn, recorded: readPolicyState(olds).record }, this.host.settings());
    return Promise.resolve();
  }

  /** Deleting a policy deletes nothing. */
  delete(): Promise<void> {
    return Promise.resolve();
  }

  /** A report of the plan names the globs that each container matches. */
  secretOutputs(_outputs: Properties, { now }: { readonly now: boolean }): readonly string[] {
    return now ? ["planned", "purged"] : [];
  }

  /** A policy is about the containers of the next `up`, so there is nothing to refresh. */
  read({ olds }: ReadRequest): Promise<Properties> {
    return Promise.resolve(olds);
  }
}

/** A plan, and the API version of the lists that it was made from. */
interface MadePlan extends CleanupPlan {
  readonly apiVersion: ApiVersion;
  /** A preview may use v5 before it is certain that v3 has ended. */
  readonly isCertain: boolean;
}

/** On v5 a preview requests each container's activity. */
const previewTimeoutMs = 60_000;

/**
 * The plan, or why it is refused. Undefined, after a warning, when the containers cannot be listed and nothing depends on
 * it. What an `up` cannot plan, or refuses, has a receipt.
 */
async function findPlan(
  host: Host,
  urn: string | undefined,
  args: PolicyArgs,
  preview: boolean,
): Promise<MadePlan | CheckFailure | undefined> {
  const settings = host.settings();
  const { mode } = args.inputs;
  const meter = new RunMeter(host.options.clock);
  const keep = (error: unknown, planned: readonly PlannedContainer[] = []): void => {
    if (preview || mode === "report") return;
    const job = jobOf(urn, args, emptyPolicyRecord, tagsOf(planned));
    keepFailure(host, job, settings, error, { ...meter.read(), planned: documentsIn(planned) });
  };
  const query = queryOf(host, settings, args);
  const timeoutMs = preview ? previewTimeoutMs : args.timeoutMs;
  try {
    const plan = await host.session({ mode: preview ? "look" : "read", settings, urn, timeoutMs }, async (session) => {
      const seen = await scanContainers(query, meter.measure(session));
      const { api, deadline } = session;
      const made = planContainers(query.rules, query.bounds, seen, deadline.clock.now());
      return { ...made, apiVersion: api.version, isCertain: api.isProvisional !== true };
    });
    const refused = mode === "purge" && !host.overrides().skip ? excess(plan.planned, args.inputs) : undefined;
    if (refused === undefined) return plan;
    keep(refused, plan.planned);
    return failureOf(refused);
  } catch (error) {
    const problem = cannotPlan(error);
    if ((!preview || error instanceof RefusedError) && !host.overrides().skip) {
      keep(problem);
      throw problem;
    }
    host.log.warn(urn, problem.message);
    return undefined;
  }
}

async function apply(
  host: Host,
  id: string,
  { news, timeoutMs, urn }: CreateRequest,
  before: PolicyRecord,
  made: MadePlan | undefined,
): Promise<Properties> {
  const args = readPolicyArgs(news);
  const { inputs } = args;
  const tags = plannedTagsIn(news);
  const planned = (made?.planned ?? []).filter(({ containerTag }) => tags.includes(containerTag));
  const isReport = inputs.mode === "report";
  const job = jobOf(urn, args, before, isReport ? [] : tags, timeoutMs);
  const outputs = (record: PolicyRecord): Properties => writePolicyState(inputs, { ...record, planned });
  const lastRunAt = (): string => new Date(host.options.clock.now()).toISOString();
  return await applyChange(host, {
    id,
    job,
    unchanged: () => {
      if (!isReport && host.overrides().skip) return Promise.resolve(outputs(before));
      const terms = host.terms();
      guardAddress(nameOf(urn), guardrailsOf(job, terms));
      const planMade = { ...before, ...placeOf(terms.settings, before, made) };
      if (!isReport) return Promise.resolve(outputs(planMade));
      host.log.info(urn, planLines({ planned, leftOut: [] }, inputs));
      return Promise.resolve(outputs({ ...planMade, ...deletedBy(undefined), lastRunAt: lastRunAt() }));
    },
    skipped: { later: laterRun, outputs: () => outputs(before) },
    run: async (terms) => await runPolicy(host, terms, args, job),
    record: (outcome, { settings }) => {
      const place = { ...placeOf(settings, before, made), keyId: keyIdIn(settings) };
      const seen = outcome === undefined ? {} : seenNow(outcome.apiVersion, outcome.besideProtected, before);
      return Promise.resolve(outputs({ ...before, ...place, ...seen, ...deletedBy(outcome), lastRunAt: lastRunAt() }));
    },
  });
}

/**
 * Purges those containers of a plan that still belong in it, and checks each again right before its first delete. Others
 * are kept and named. Undefined when nothing was left to purge.
 */
async function runPolicy(host: Host, terms: Terms, args: PolicyArgs, job: PurgeJob): Promise<PurgeOutcome | undefined> {
  const { settings } = terms;
  const { timeoutMs, urn } = job;
  const { clock } = host.options;
  const refuse = (error: unknown, metrics: RunMetrics): never => {
    keepFailure(host, job, settings, error, metrics);
    throw error;
  };
  try {
    guardAddress(nameOf(urn), guardrailsOf(job, terms));
  } catch (error) {
    refuse(error, nothingMeasured);
  }
  const meter = new RunMeter(clock);
  const query = queryOf(host, settings, args);
  const { apiVersion, kept, planned, recheck } = await host
    .session({ mode: "read", settings, urn, timeoutMs, recorded: job.recorded.apiVersion }, async (session) => {
      const seen = await scanContainers(query, meter.measure(session));
      const again = new PlanRecheck(query, seen, () => clock.now());
      return { apiVersion: session.api.version, recheck: again, ...again.judge(tagsOf(job.targets)) };
    })
    .catch((error: unknown) => refuse(cannotPlan(error), meter.read()));
  const refused = excess(planned, args.inputs);
  if (refused !== undefined) refuse(refused, { ...meter.read(), planned: documentsIn(planned) });
  const warnKept = (container: LeftOutContainer): void => {
    host.log.warn(urn, keptLine(container));
  };
  kept.forEach(warnKept);
  const targets = planned.map(({ containerTag }) => ({ containerTag, event: "policy" as const }));
  const rest: PurgeJob = {
    ...job,
    targets,
    kept,
    timeoutMs: Math.max(1, timeoutMs - meter.read().durationMs),
    recheck: async (plan, session: PurgeSession) => {
      const reason = await recheck.again(plan, session);
      if (reason !== undefined) warnKept({ containerTag: plan.containerTag, reason });
      return reason;
    },
  };
  if (targets.length > 0) return await runJob(host, rest, terms, meter);
  warnOfMove(host, job, apiVersion);
  keepReceipt(host, rest, settings, { result: "complete", metrics: { ...meter.read(), planned: 0 } });
  return undefined;
}

function jobOf(
  urn: string | undefined,
  { inputs, method, timeoutMs: ownTimeoutMs }: PolicyArgs,
  recorded: PolicyRecord,
  containerTags: readonly string[],
  timeoutMs = ownTimeoutMs,
): PurgeJob {
  const { except, maxDeletions } = inputs;
  return {
    urn,
    targets: containerTags.map((containerTag) => ({ containerTag, event: "policy" })),
    method,
    verify: true,
    timeoutMs,
    guardrails: { maxDeletions, except, allowProtectedTags: { managed: [], removed: [] } },
    recorded,
    deletedBefore: 0,
    events: ["policy"],
    kept: [],
  };
}

function announce(host: Host, urn: string | undefined, plan: CleanupPlan, { inputs }: PolicyArgs): void {
  if (inputs.mode === "purge" && plan.planned.length > 0 && host.overrides().skip) {
    host.log.warn(urn, skippedLine("nothing will be deleted", plan.planned, laterRun));
    return;
  }
  host.log.info(urn, planLines(plan, inputs));
}

function matchesOnlyProtected({ inputs }: PolicyArgs, settings: Settings): CheckFailure | undefined {
  for (const glob of inputs.match) {
    const reason = alwaysProtected(glob, settings);
    if (reason !== undefined) return { property: "match", reason: onlyProtected(glob, reason) };
  }
  return undefined;
}

/** What was deleted, container by container. A report deletes nothing. */
function deletedBy(outcome: PurgeOutcome | undefined): Pick<PolicyRecord, "purged" | "deletedCount"> {
  const tags = (outcome?.tags ?? []).filter(
    ({ deleted, done, skipped }) => skipped === undefined && (done || deleted > 0),
  );
  return {
    purged: tags.map(({ containerTag, deleted }) => ({ containerTag, deletedCount: deleted })),
    deletedCount: outcome?.deleted ?? 0,
  };
}

/** Where the plan was made. Only a purge, which warns of another key and of v5, records them. */
function placeOf(
  settings: Settings,
  { apiVersion, keyId }: PolicyRecord,
  made: MadePlan | undefined,
): Pick<PolicyRecord, "apiVersion" | "baseUrl" | "keyId"> {
  const isKept = made?.isCertain !== true || (apiVersion === "v3" && made.apiVersion === "v5");
  return {
    apiVersion: isKept ? apiVersion : made.apiVersion,
    baseUrl: settings.baseUrl,
    keyId: keyId ?? keyIdIn(settings),
  };
}

function tagsOf(containers: readonly { readonly containerTag: string }[]): readonly string[] {
  return containers.map(({ containerTag }) => containerTag);
}
