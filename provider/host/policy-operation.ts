import type { Settings } from "../config";
import { RefusedError, SupermemoryError } from "../errors";
import type { PolicyQuery } from "../purge/policy-look";
import type { LeftOutContainer } from "../purge/policy-plan";
import { nothingDeleted } from "../purge/words";
import type { Host } from "./host";
import { shortUrn } from "./messages";
import { methodOf } from "./method";
import type { Operation } from "./operation";
import { type PolicyInputs, rulesOf } from "./policy-inputs";
import type { PolicyRecord } from "./policy-state";
import { emptyRecord } from "./state";
import type { PurgeInputs } from "./inputs";

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
