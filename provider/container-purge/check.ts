import { keyIdIn } from "../config/keys";
import { RefusedError } from "../errors";
import { segmentsOf } from "../config/protected-segments";
import { guardApiVersion } from "../purge/guard";
import { guardTags } from "../purge/tag-rules";
import { names } from "../util/format";
import type { Host } from "../host/host";
import { argumentNames, checkInputs, type InputProblem, type PurgeInputs, readInputs } from "./args";
import { shortUrn } from "../host/messages";
import { methodOf } from "./method";
import { createOperation, updateOperation } from "./operation";
import { previewPurge } from "./preview";
import { readState, textOf, unknownOutputs } from "./state";
import { hasUnknown, isUnknown, type Properties, sameSet, sameValue } from "../util/values";

export interface CheckAnswer {
  readonly inputs: Record<string, unknown>;
  readonly failures: readonly InputProblem[];
}

/**
 * Validates the arguments, fills in defaults, claims the tags for this command, and judges what inputs alone show. In
 * the preview of a new resource it also counts what the `up` will delete.
 */
export async function checkPurge(host: Host, olds: Properties, news: Properties): Promise<CheckAnswer> {
  const urn = textOf(news["__urn"]);
  const isPreview = news["__preview"] === true;
  const { inputs: checked, problems } = checkInputs(news);
  const inputs = { ...checked, ...passThrough(news) };
  if (problems.length > 0) return { inputs, failures: problems };
  if (urn !== undefined && isPreview) host.previewed.add(urn);
  else if (urn !== undefined) host.previewed.delete(urn);
  const problem =
    claimTags(host, urn, checked) ??
    claimedTooLate(host, checked) ??
    (await checkGuardrails(host, urn, checked, isPreview && Object.keys(olds).length === 0));
  return { inputs, failures: problem === undefined ? [] : [problem] };
}

/**
 * Whether there is something to update: arguments that changed, work that is pending, drift, a new URN, outputs of a
 * newer version; never the text of `__provider` alone. In a preview it counts and announces what the update will delete,
 * and refuses what it would.
 */
export async function diffPurge(host: Host, olds: Properties, news: Properties): Promise<{ changes: boolean }> {
  const old = readState(olds);
  const urn = textOf(news["__urn"]);
  if (argumentNames.some((name) => hasUnknown(news[name]))) return { changes: true };
  const inputs = readInputs(news);
  const changes =
    old.record.pending.length > 0 ||
    (old.drift && inputs.purgeOn.includes("drift")) ||
    old.urn !== urn ||
    Object.keys(unknownOutputs(olds)).length > 0 ||
    !sameSet(old.inputs.containerTags, inputs.containerTags) ||
    !sameValue({ ...old.inputs, containerTags: [] }, { ...inputs, containerTags: [] });
  if (urn !== undefined && host.previewed.has(urn)) {
    await previewPurge(host, updateOperation(urn, old, inputs, host.claimedBy), false);
  }
  return { changes };
}

/** What travels beside the arguments; `__preview` is for this call alone. */
export function passThrough(news: Properties): Properties {
  return Object.fromEntries(Object.entries(news).filter(([name]) => name.startsWith("__") && name !== "__preview"));
}

/**
 * Claims the tags that are known, and finds a second resource that manages one of them. It claims before it looks, so
 * that of two processes at the same time one at least sees the other.
 */
function claimTags(host: Host, urn: string | undefined, { containerTags }: Properties): InputProblem | undefined {
  if (urn === undefined || !Array.isArray(containerTags)) return undefined;
  const tags = containerTags.filter((tag): tag is string => typeof tag === "string" && !isUnknown(tag));
  const settings = host.settings();
  const claim = { urn, containerTags: tags, baseUrl: settings.baseUrl, keyId: keyIdIn(settings) };
  host.claims.add(claim);
  for (const tag of tags) {
    const other = host.claims.conflict(tag, claim);
    if (other === undefined) continue;
    const reason = `${tag} is managed by two resources, this one and ${shortUrn(other)}: name it in one of them only`;
    return { property: "containerTags", reason };
  }
  return undefined;
}

/**
 * In the update a policy that is registered before this resource could purge what it manages, before it is known that it
 * does. Where the preview sees that, nothing has been touched yet.
 */
function claimedTooLate({ previewedPlans }: Host, { containerTags }: Properties): InputProblem | undefined {
  if (!Array.isArray(containerTags)) return undefined;
  for (const [policy, planned] of previewedPlans) {
    const tag = planned.find((one) => containerTags.includes(one));
    if (tag === undefined) continue;
    const reason = `${shortUrn(policy)} would purge ${tag} before this resource is there to keep it: let the policy depend on this resource (dependsOn), or name ${tag} in its except`;
    return { property: "containerTags", reason };
  }
  return undefined;
}

/** A tag that is spelled wrong allows nothing, and nobody would notice. */
function warnOfIdleAllowances(host: Host, urn: string | undefined, inputs: PurgeInputs): void {
  const idle = inputs.allowProtectedTags.filter((tag) => !inputs.containerTags.includes(tag));
  if (idle.length === 0) return;
  const it = idle.length === 1 ? "it" : "they";
  host.log.warn(
    urn,
    `allowProtectedTags names ${names(idle)}, which containerTags does not; ${it} only ${idle.length === 1 ? "lets" : "let"} documents go that also belong there`,
  );
}

/** `pr-${process.env.PR}` is a good tag, and another one than was meant, when the variable is not set. */
function warnOfMissingValues(host: Host, urn: string | undefined, { containerTags }: PurgeInputs): void {
  const doubtful = containerTags.filter((tag) => segmentsOf(tag).some((segment) => missing.has(segment)));
  if (doubtful.length === 0) return;
  host.log.warn(urn, `containerTags has ${names(doubtful)}: is a variable of the program not set?`);
}

/** What JavaScript writes into a text for a value that is not there. */
const missing: ReadonlySet<string> = new Set(["undefined", "null", "NaN"]);

/** Arguments without which a count would announce, or refuse, another purge than the one that comes. */
const countInputs = ["maxDeletions", "scope", "select", "deleteBy", "sharedDocuments"];

/** What the guard says of known arguments; `purgeOn: []` is always a way out. */
async function checkGuardrails(
  host: Host,
  urn: string | undefined,
  checked: Properties,
  count: boolean,
): Promise<InputProblem | undefined> {
  if (["containerTags", "purgeOn", "allowProtectedTags"].some((name) => hasUnknown(checked[name]))) return undefined;
  const known = Object.fromEntries(Object.entries(checked).filter(([, value]) => !hasUnknown(value)));
  const inputs = readInputs(known);
  if (inputs.purgeOn.length === 0) return undefined;
  const { allowedTags, protectedTags } = host.settings();
  const managed = inputs.allowProtectedTags;
  try {
    const targets = inputs.containerTags.map((containerTag) => ({ containerTag, event: "create" as const }));
    guardTags(targets, { allowProtectedTags: { managed, removed: managed }, allowedTags, protectedTags });
    guardApiVersion(methodOf(inputs), host.apiVersion(host.settings()));
    warnOfIdleAllowances(host, urn, inputs);
    warnOfMissingValues(host, urn, inputs);
    const isSettled = countInputs.every((name) => !hasUnknown(checked[name]));
    if (count && isSettled) await previewPurge(host, createOperation(urn, inputs), true);
    return undefined;
  } catch (error) {
    if (error instanceof RefusedError) return { property: error.property, reason: error.message };
    throw error;
  }
}
