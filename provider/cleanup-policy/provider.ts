import { randomBytes } from "node:crypto";
import type { Settings } from "../config/settings";
import { RefusedError } from "../errors";
import { keyIdIn } from "../config/keys";
import { guardAddress } from "../purge/guard";
import { excess } from "./limits";
import type { PlannedContainer } from "./plan";
import { documentsIn } from "../util/format";
import { PurgeIncompleteError } from "../purge/purge";
import type { PurgeOutcome } from "../purge/types";
import { InitFailure } from "../dynamic/engine-errors";
import type { Host } from "../host/host";
import { nameOf } from "../host/messages";
import { guardrailsFor } from "../container-purge/operation";
import { type PolicyInputs, readPolicyInputs } from "./args";
import { planLines } from "./messages";
import { policyOperation } from "./operation";
import { runPolicy } from "./run";
import { emptyPolicyRecord, plannedIn, type PolicyRecord, readPolicyState, writePolicyState } from "./state";
import { keepFailure, skipPurge } from "../host/run";
import { textOf } from "../container-purge/state";
import type { Properties } from "../util/values";

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
  const purges = inputs.mode === "purge" && tags.length > 0;
  try {
    guardAddress(nameOf(urn), guardrailsFor(operation, settings, overrides));
    if (purges) guardSize(planned ?? [], inputs);
  } catch (error) {
    const metrics = { planned: documentsIn(planned ?? []), requests: 0, durationMs: 0 };
    if (purges) keepFailure(host, operation, settings, error, metrics);
    throw error;
  }
  const looked = (): PolicyRecord => ({ ...before, ...placeOf(host, settings, before), planned: planned ?? [] });
  if (inputs.mode === "report") {
    host.log.info(urn, planLines({ planned: planned ?? [], leftOut: [] }, inputs));
    return outputs({ ...looked(), ...deletedBy(undefined), lastRunAt: timeOf(host) });
  }
  if (!purges) return outputs(looked());
  const after = (outcome: PurgeOutcome | undefined): Outputs =>
    outputs({
      ...looked(),
      keyId: keyIdIn(settings),
      ...deletedBy(outcome),
      lastRunAt: timeOf(host),
    });
  try {
    return after(await runPolicy(host, settings, overrides, { urn, inputs, before, tags }));
  } catch (error) {
    if (!(error instanceof PurgeIncompleteError)) throw error;
    throw new InitFailure(error.message, id, after(error.outcome));
  }
}

/** A plan too large for the limits is refused as a whole. @throws RefusedError */
function guardSize(planned: readonly PlannedContainer[], inputs: PolicyInputs): void {
  const refused = excess(planned, inputs);
  if (refused !== undefined) throw new RefusedError(refused.property, refused.reason);
}

/** What was deleted, container by container; nothing by a report, or when no container was left to purge. */
function deletedBy(outcome: PurgeOutcome | undefined): Pick<PolicyRecord, "purged" | "deletedCount"> {
  const tags = (outcome?.tags ?? []).filter(
    ({ deleted, done, skipped }) => skipped === undefined && (done || deleted > 0),
  );
  return {
    purged: tags.map(({ containerTag, deleted }) => ({ containerTag, deletedCount: deleted })),
    deletedCount: outcome?.deleted ?? 0,
  };
}

/** Where the plan was made: the next one has to be at the same address. Only a purge, which warns, records another key. */
function placeOf(
  host: Host,
  settings: Settings,
  { keyId }: PolicyRecord,
): Pick<PolicyRecord, "apiVersion" | "baseUrl" | "keyId"> {
  const { baseUrl } = settings;
  return { apiVersion: host.apiVersion(settings), baseUrl, keyId: keyId ?? keyIdIn(settings) };
}

function timeOf(host: Host): string {
  return new Date(host.surroundings.clock.now()).toISOString();
}
