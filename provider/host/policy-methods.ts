import { randomBytes } from "node:crypto";
import type { Settings } from "../config";
import { keyIdOf } from "../keys";
import { guardAddress } from "../purge/guard";
import { PurgeIncompleteError } from "../purge/purge";
import type { PurgeOutcome } from "../purge/types";
import { EngineError, InitFailure } from "./engine-errors";
import type { Host } from "./host";
import { nameOf } from "./messages";
import { guardrailsFor } from "./operation";
import { readPolicyInputs } from "./policy-inputs";
import { excess, planLines } from "./policy-lines";
import { policyOperation } from "./policy-operation";
import { runPolicy } from "./policy-run";
import { emptyPolicyRecord, plannedIn, type PolicyRecord, readPolicyState, writePolicyState } from "./policy-state";
import { skipPurge } from "./run-purge";
import { textOf } from "./state";

type Properties = Readonly<Record<string, unknown>>;
type Outputs = Record<string, unknown>;

/** Runs the plan that the check of this `up` put into the inputs. */
export async function createPolicy(host: Host, news: Properties): Promise<{ id: string; outs: Outputs }> {
  const id = `policy-${randomBytes(6).toString("hex")}`;
  return { id, outs: await apply(host, id, news, emptyPolicyRecord) };
}

/** The same; what earlier runs did is no part of it. */
export async function updatePolicy(
  host: Host,
  id: string,
  olds: Properties,
  news: Properties,
): Promise<{ outs: Outputs }> {
  return { outs: await apply(host, id, news, readPolicyState(olds).record) };
}

async function apply(host: Host, id: string, news: Properties, before: PolicyRecord): Promise<Outputs> {
  const [urn, provider] = [textOf(news["__urn"]), textOf(news["__provider"])];
  const inputs = readPolicyInputs(news);
  const planned = plannedIn(news);
  const outputs = (record: PolicyRecord): Outputs => writePolicyState({ inputs, provider, record, urn });
  const tags = (planned ?? []).map(({ containerTag }) => containerTag);
  const operation = policyOperation(urn, inputs, before, tags);
  const overrides = host.overrides();
  if (overrides.skip && inputs.mode === "purge") {
    if (tags.length > 0) skipPurge(host, operation, "; the next up plans again");
    return outputs({ ...before, planned: planned ?? [] });
  }
  const settings = host.settings();
  guardAddress(nameOf(urn), guardrailsFor(operation, settings, overrides));
  const facts = { ...before, ...placeOf(host, settings), planned: planned ?? [] };
  if (inputs.mode === "report") {
    host.log.info(urn, planLines({ planned: facts.planned, leftOut: [] }, inputs));
    return outputs({ ...facts, lastRunAt: timeOf(host) });
  }
  if (tags.length === 0) return outputs(facts);
  const refused = excess(facts.planned, inputs);
  if (refused !== undefined) throw new EngineError(refused.reason);
  try {
    const outcome = await runPolicy(host, settings, overrides, { urn, inputs, before, tags });
    return outputs({ ...facts, ...deletedBy(outcome), lastRunAt: timeOf(host) });
  } catch (error) {
    if (!(error instanceof PurgeIncompleteError)) throw error;
    const record = { ...facts, ...deletedBy(error.outcome), lastRunAt: timeOf(host) };
    throw new InitFailure(error.message, id, outputs(record));
  }
}

/** What was deleted, container by container; nothing when none was left to purge. */
function deletedBy(outcome: PurgeOutcome | undefined): Pick<PolicyRecord, "purged" | "deletedCount"> {
  const tags = (outcome?.tags ?? []).filter(
    ({ deleted, done, heldBack }) => heldBack === undefined && (done || deleted > 0),
  );
  return {
    purged: tags.map(({ containerTag, deleted }) => ({ containerTag, deletedCount: deleted })),
    deletedCount: outcome?.deleted ?? 0,
  };
}

/** Where the plan was made: the next run has to be at the same address. */
function placeOf(host: Host, settings: Settings): Pick<PolicyRecord, "apiVersion" | "baseUrl" | "keyId"> {
  const { apiKey, baseUrl } = settings;
  return { apiVersion: host.generation(settings), baseUrl, keyId: apiKey === undefined ? null : keyIdOf(apiKey) };
}

function timeOf(host: Host): string {
  return new Date(host.surroundings.clock.now()).toISOString();
}
