import type { Settings } from "../config/settings";
import { RefusedError, SupermemoryError } from "../errors";
import type { PolicyQuery } from "./scan";
import type { LeftOutContainer } from "./plan";
import { nothingDeleted } from "../util/format";
import type { Host } from "../host/host";
import { shortUrn } from "../host/messages";
import { methodOf } from "../container-purge/method";
import type { Operation } from "../container-purge/operation";
import { type PolicyInputs, rulesOf } from "./args";
import type { PolicyRecord } from "./state";
import { emptyRecord } from "../container-purge/state";
import type { PurgeInputs } from "../container-purge/args";

/** A policy's part in one command, as the purge of these containers: the same path as every other purge. */
export function policyOperation(
  urn: string | undefined,
  inputs: PolicyInputs,
  { baseUrl, keyId }: PolicyRecord,
  containerTags: readonly string[],
  changed: readonly LeftOutContainer[] = [],
): Operation {
  const targets = containerTags.map((containerTag) => ({ containerTag, event: "policy" as const, why: "" as const }));
  return {
    urn,
    inputs: purgeInputs(inputs, containerTags),
    lifecycle: { targets, kept: [], dropped: [], changed },
    allowRemoved: [],
    except: inputs.except,
    record: { ...emptyRecord, baseUrl, keyId },
  };
}

/** What a policy looks for in this command. The claims of live resources are read each time a tag is judged. */
export function policyQuery(host: Host, settings: Settings, inputs: PolicyInputs): PolicyQuery {
  const { allowedTags, protectedTags } = settings;
  const allowProtectedTags = { managed: [], removed: [] };
  const managedBy = (containerTag: string): string | undefined => {
    const owner = host.claimedBy(containerTag);
    return owner === undefined ? undefined : shortUrn(owner);
  };
  return {
    rules: rulesOf(inputs),
    bounds: { allowedTags, protectedTags, allowProtectedTags, managedBy },
    method: methodOf(purgeInputs(inputs, [])),
  };
}

/** Why there is no plan, which is not an empty one: the containers could not be listed. Any other error is a bug. */
export function noPlan(error: unknown): string {
  if (!(error instanceof SupermemoryError)) throw error;
  return `cannot tell which containers to purge: ${error.message.replace("; nothing was deleted", "")}`;
}

/** The same as the error of an `up`. */
export function noPlanError(error: unknown): SupermemoryError {
  const message = nothingDeleted(noPlan(error));
  return error instanceof RefusedError ? new RefusedError(error.property, message) : new SupermemoryError(message);
}

function purgeInputs({ maxDeletions, scope, select, timeout }: PolicyInputs, tags: readonly string[]): PurgeInputs {
  return {
    containerTags: tags,
    purgeOn: [],
    scope,
    select,
    deleteBy: "tag",
    sharedDocuments: "delete",
    maxDeletions,
    allowProtectedTags: [],
    verify: true,
    timeout,
  };
}
