import type { Place } from "./state";
import type { Overrides, Settings } from "../config/settings";
import type { Guardrails, PurgeEvent, PurgeMethod, PurgeOutcome, PurgeRequest, Target } from "../purge/types";

/** One purge, as a resource asks for it. The host runs it without knowing the resource. */
export interface PurgeJob {
  readonly urn: string | undefined;
  readonly targets: readonly Target[];
  readonly method: PurgeMethod;
  /** List again after deleting. */
  readonly verify: boolean;
  readonly timeoutMs: number;
  /** The resource's own guardrails; those of the configuration are added to them. */
  readonly guardrails: Pick<Guardrails, "allowProtectedTags" | "except" | "maxDeletions">;
  /** Where, how and with which key the resource was purged last; null before the first purge. */
  readonly recorded: Pick<Place, "apiVersion" | "baseUrl" | "keyId" | "besideProtected">;
  readonly recheck?: PurgeRequest["recheck"];
  /** Documents that earlier purges of the resource deleted. */
  readonly deletedBefore: number;
  /** Events of the receipt. */
  readonly events: readonly PurgeEvent[];
  /** Containers that this job leaves alone, for the receipt. */
  readonly kept: readonly { readonly containerTag: string; readonly reason: string }[];
  /** What else the final line says of a complete purge. */
  readonly note?: (outcome: PurgeOutcome) => string | undefined;
}

/** What governs one command beside the program: the configuration, and the environment's overrides. */
export interface Terms {
  readonly settings: Settings;
  readonly overrides: Overrides;
}

/** SUPERMEMORY_PURGE_MAX_DELETIONS raises the limit only where every purge is a delete event. */
export function guardrailsOf({ guardrails, recorded, targets }: PurgeJob, { overrides, settings }: Terms): Guardrails {
  const isDeleteOnly = targets.every(({ event }) => event === "delete");
  const raised = isDeleteOnly ? (overrides.maxDeletions ?? 0) : 0;
  return {
    ...guardrails,
    maxDeletions: Math.max(guardrails.maxDeletions, raised),
    protectedTags: settings.protectedTags,
    protectedTagSources: settings.protectedTagSources,
    allowedTags: settings.allowedTags,
    lastOnV3:
      recorded.apiVersion === "v3"
        ? { besideProtected: recorded.besideProtected, acceptV5: overrides.acceptV5 }
        : undefined,
    address: { now: settings.baseUrl, recorded: recorded.baseUrl, accepted: overrides.acceptBaseUrl },
  };
}

/** The name of a resource, from its URN. */
export function nameOf(urn: string | undefined): string {
  return urn?.split("::").slice(3).join("::") ?? "this resource";
}

/** "shop::ContainerPurge::memory2", from a whole URN. */
export function shortUrn(urn: string): string {
  const [, project, type, ...name] = urn.split("::");
  return project === undefined || type === undefined || name.length === 0
    ? urn
    : `${project}::${type.split(":").at(-1) ?? type}::${name.join("::")}`;
}
