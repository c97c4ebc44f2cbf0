import { keyIdIn } from "../config/keys";
import { RefusedError } from "../errors";
import { type CheckFailure, failureOf } from "../host/handler";
import type { Host } from "../host/host";
import { shortUrn } from "../host/job";
import { guardApiVersion } from "../purge/guard";
import { guardTags } from "../purge/tag-rules";
import { hasUnknown, isUnknown, type Properties } from "../util/values";
import { knownArgs, type PurgeInputs } from "./args";
import { claimedTooLate, idleAllowances, managedTwice, objectsInTags, unsetVariables } from "./messages";

/** What `check` refuses in valid arguments, before anything is sent. */

/**
 * Claims the tags that are known, and finds a second resource that manages one of them. It claims before it looks, so
 * that of two processes at the same time one at least sees the other.
 */
export function claimTags(
  host: Host,
  urn: string | undefined,
  { containerTags }: Properties,
): CheckFailure | undefined {
  if (urn === undefined || !Array.isArray(containerTags)) return undefined;
  const tags = containerTags.filter((tag): tag is string => typeof tag === "string" && !isUnknown(tag));
  const settings = host.settings();
  const claim = { urn, containerTags: tags, baseUrl: settings.baseUrl, keyId: keyIdIn(settings) };
  host.claims.add(claim);
  for (const tag of tags) {
    const other = host.claims.conflict(tag, claim);
    if (other !== undefined) return { property: "containerTags", reason: managedTwice(tag, shortUrn(other)) };
  }
  return undefined;
}

/**
 * A policy, or a resource that gives up a tag, purges before this resource claims the tag if it is registered first. The
 * preview can see that.
 */
export function plannedBefore({ previewedPlans }: Host, { containerTags }: Properties): CheckFailure | undefined {
  if (!Array.isArray(containerTags)) return undefined;
  for (const [planner, plan] of previewedPlans) {
    const tag = plan.containerTags.find((one) => containerTags.includes(one));
    if (tag === undefined) continue;
    return { property: "containerTags", reason: claimedTooLate(tag, shortUrn(planner), plan.wayOut(tag)) };
  }
  return undefined;
}

/**
 * Checks known arguments against the guardrails. With `purgeOn: []` nothing is checked: it is always a way out. A tag that
 * only the configuration or the environment has made protected since the last up is not refused as long as it is not
 * purged; `remind` warns of it.
 */
export function checkGuardrails(
  host: Host,
  urn: string | undefined,
  checked: Properties,
  olds: Properties,
): CheckFailure | undefined {
  if (["containerTags", "purgeOn", "allowProtectedTags"].some((name) => hasUnknown(checked[name]))) return undefined;
  const { inputs, method } = knownArgs(checked);
  if (inputs.purgeOn.length === 0) return undefined;
  const settings = host.settings();
  const { allowedTags, protectedTags, protectedTagSources } = settings;
  const allowProtectedTags = { managed: inputs.allowProtectedTags, removed: inputs.allowProtectedTags };
  try {
    const added = inputs.containerTags.filter((tag) => !wasAccepted(tag, olds, inputs));
    const targets = added.map((containerTag) => ({ containerTag, event: "create" as const }));
    guardTags(targets, { allowProtectedTags, allowedTags, protectedTags, protectedTagSources });
    if (settings.apiVersion === "v5") guardApiVersion(method, "v5");
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    return failureOf(error);
  }
  for (const warning of [idleAllowances(inputs), unsetVariables(inputs), objectsInTags(inputs)]) {
    if (warning !== undefined) host.log.warn(urn, warning);
  }
  return undefined;
}

/** The last up accepted the tag with the same permission. */
function wasAccepted(tag: string, olds: Properties, { allowProtectedTags }: PurgeInputs): boolean {
  const listed = (name: string): readonly unknown[] => (Array.isArray(olds[name]) ? olds[name] : []);
  return (
    listed("containerTags").includes(tag) &&
    listed("purgeOn").length > 0 &&
    listed("allowProtectedTags").includes(tag) === allowProtectedTags.includes(tag)
  );
}
