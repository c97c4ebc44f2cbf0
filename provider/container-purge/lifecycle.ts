import type { PurgeEvent, Target } from "../purge/types";
import type { PurgeInputs } from "./args";
import type { PendingPurge, PurgeState } from "./state";
import { sameValue } from "../util/values";

/** A container to purge, and the change that asks for it; empty for a create or delete of the whole resource. */
export interface PlannedTarget extends Target {
  readonly why: "" | "tag added" | "tag removed" | "triggers changed" | "drift" | "pending";
}

/** What an operation purges, and what it leaves alone although one might expect otherwise. */
export interface Lifecycle {
  readonly targets: readonly PlannedTarget[];
  /** Tags left alone because another live resource claims them, with that resource's URN. */
  readonly kept: readonly { readonly containerTag: string; readonly claimedBy: string }[];
  /** Pending entries that no longer apply, with the reason. */
  readonly dropped: readonly (PendingPurge & { readonly reason: string })[];
}

/** The URN of the resource of the program that claims a tag in this command, if any. */
export type ClaimedBy = (containerTag: string) => string | undefined;

/** What an operation needs to know of the outputs. */
type Known<More extends keyof PurgeState = never> = Pick<PurgeState, "inputs" | More> & {
  readonly record: Pick<PurgeState["record"], "pending">;
};

/** A new resource purges all its tags, unless `create` is not in purgeOn. */
export function createLifecycle(inputs: PurgeInputs): Lifecycle {
  const targets = inputs.purgeOn.includes("create")
    ? inputs.containerTags.map((containerTag): PlannedTarget => ({ containerTag, event: "create", why: "" }))
    : [];
  return { targets, kept: [], dropped: [] };
}

/**
 * An update, tag by tag: an added tag is create, a removed tag delete, changed triggers are update for every tag, drift is
 * for every tag too, and pending purges resume. The old outputs are the truth about what was done. The new inputs decide
 * what may be done.
 */
export function updateLifecycle(
  { drift, inputs: old, record: { pending } }: Known<"drift">,
  inputs: PurgeInputs,
  claimedBy: ClaimedBy,
): Lifecycle {
  const wanted = new Set(inputs.containerTags);
  const known = new Set([...old.containerTags, ...pending.map((entry) => entry.containerTag)]);
  const retriggered = !sameValue(old.triggers, inputs.triggers);
  const candidates: PlannedTarget[] = [
    ...inputs.containerTags
      .filter((tag) => !known.has(tag))
      .map((containerTag): PlannedTarget => ({ containerTag, event: "create", why: "tag added" })),
    ...(retriggered
      ? inputs.containerTags.map((containerTag): PlannedTarget => ({
          containerTag,
          event: "update",
          why: "triggers changed",
        }))
      : []),
    ...(drift
      ? inputs.containerTags.map((containerTag): PlannedTarget => ({ containerTag, event: "drift", why: "drift" }))
      : []),
    ...old.containerTags
      .filter((tag) => !wanted.has(tag))
      .map((containerTag): PlannedTarget => ({ containerTag, event: "delete", why: "tag removed" })),
  ];
  return decide(candidates, pending, inputs.purgeOn, claimedBy, ({ containerTag, event }) => {
    if (!inputs.purgeOn.includes(event)) return notIn(event);
    if (event === "delete") return wanted.has(containerTag) ? "the tag is in containerTags again" : undefined;
    return wanted.has(containerTag) ? undefined : noLongerWanted;
  });
}

/** The delete of a resource purges all its tags, and pending removals; nothing without `delete` in purgeOn. */
export function deleteLifecycle({ inputs, record: { pending } }: Known, claimedBy: ClaimedBy): Lifecycle {
  const candidates = inputs.containerTags.map((containerTag): PlannedTarget => ({
    containerTag,
    event: "delete",
    why: "",
  }));
  return decide(candidates, pending, inputs.purgeOn, claimedBy, ({ event }) => {
    if (!inputs.purgeOn.includes("delete")) return notIn("delete");
    return event === "delete" ? undefined : noLongerWanted;
  });
}

/** @param whyDropped why a pending entry that no candidate covers is dropped; undefined to resume it */
function decide(
  candidates: readonly PlannedTarget[],
  pending: readonly PendingPurge[],
  purgeOn: readonly PurgeEvent[],
  claimedBy: ClaimedBy,
  whyDropped: (entry: PendingPurge) => string | undefined,
): Lifecycle {
  const targets = new Map<string, PlannedTarget>();
  const kept = new Map<string, string>();
  const dropped: (PendingPurge & { reason: string })[] = [];
  const add = (target: PlannedTarget): void => {
    const owner = target.event === "delete" ? claimedBy(target.containerTag) : undefined;
    if (owner !== undefined) kept.set(target.containerTag, owner);
    else if (!targets.has(target.containerTag)) targets.set(target.containerTag, target);
  };
  for (const candidate of candidates) {
    if (purgeOn.includes(candidate.event)) add(candidate);
  }
  for (const entry of pending) {
    if (targets.has(entry.containerTag) || kept.has(entry.containerTag)) continue;
    const reason = whyDropped(entry);
    if (reason === undefined) add({ containerTag: entry.containerTag, event: entry.event, why: "pending" });
    else dropped.push({ ...entry, reason });
  }
  return {
    targets: [...targets.values()],
    kept: [...kept].map(([containerTag, owner]) => ({ containerTag, claimedBy: owner })),
    dropped,
  };
}

const noLongerWanted = "the tag is no longer in containerTags";

function notIn(event: PurgeEvent): string {
  return `purgeOn does not include "${event}"`;
}
